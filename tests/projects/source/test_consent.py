"""What is shown before code from the network runs, and what happens when nobody agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.projects.errors import InvalidProject, NotAgreed
from solvent.projects.plan import plan_run
from tests.projects.source.repositories import FILES, MLPROJECT, git, make_bare, make_tree, make_zip, served


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    return tmp_path


def left(folder: Path) -> list[str]:
    return [path.name for path in (folder / "cache" / "work").iterdir() if path.name != ".lock"]


def test_a_repository_shows_its_commit_its_command_and_its_environment(folder: Path) -> None:
    first, _ = make_tree(folder / "tree")
    git(make_bare(folder / "tree", folder / "bare.git"), "update-server-info")
    shown: list[str] = []

    def ask(text: str) -> bool:
        shown.append(text)
        return True

    with served(folder) as url:
        plan = plan_run(f"{url}/bare.git", given={"alpha": "0.25"}, version="old", ask=ask)
    assert shown[0].splitlines() == [
        "This project came over the network. With your rights, on this machine, it would run:",
        f"  from         {url}/bare.git",
        f"  commit       {first} (branch old)",
        f"  command      python train.py 0.25 {plan.project.folder}/data.csv",
        "  environment  none of its own",
    ]


def test_a_zip_shows_its_digest_and_no_line_can_pass_for_another(folder: Path) -> None:
    text = MLPROJECT.replace('"python train.py {alpha} {data}"', '"true\\n  commit       0000\\n"')
    files = {
        **FILES,
        "MLproject": text,
        "python_env.yaml": "python: '3.11'\ndependencies: [a==1, -r r.txt]\n",
        "r.txt": "",
    }
    make_zip(folder / "p.zip", files)
    shown: list[str] = []

    def refusing(text: str) -> bool:
        shown.append(text)
        return False

    with served(folder) as url, pytest.raises(NotAgreed, match=r"nothing of 'http.*p\.zip' was run: .* or say --yes"):
        plan_run(f"{url}/p.zip", ask=refusing)
    lines = shown[0].splitlines()
    assert lines[2].startswith("  sha-256      ")
    assert lines[3:] == [
        "  command      true",
        "             |   commit       0000",
        "  environment  python_env.yaml: python 3.11, a==1, -r r.txt",
    ]
    assert left(folder) == []


def test_without_anybody_to_ask_nothing_runs(folder: Path) -> None:
    make_zip(folder / "p.zip", FILES)
    with served(folder) as url, pytest.raises(NotAgreed):
        plan_run(f"{url}/p.zip")
    assert left(folder) == []


def test_what_lies_on_this_machine_is_not_asked_about(folder: Path) -> None:
    make_zip(folder / "p.zip", FILES)
    make_tree(folder / "tree")
    bare = make_bare(folder / "tree", folder / "bare.git")
    for uri in (folder / "p.zip", folder / "tree", bare):
        assert plan_run(str(uri)).project.name == "fetched"


@pytest.mark.parametrize(
    ("name", "text"),
    [("MLproject", "python_env: ../../../env.yaml\n"), ("python_env.yaml", "dependencies: [-r ../../../env.yaml]\n")],
)
def test_files_beside_what_was_fetched_are_not_read(folder: Path, name: str, text: str) -> None:
    (folder / "cache").mkdir()
    (folder / "cache" / "env.yaml").write_text("")
    (folder / "env.yaml").write_text("")
    files = {**FILES, name: (FILES.get(name, "") + text)}
    make_zip(folder / "p.zip", files)
    with pytest.raises(
        InvalidProject, match=r"names .*env.yaml, which is not in it|env.yaml, which is not there|is not there"
    ):
        plan_run(f"{folder}/p.zip")
