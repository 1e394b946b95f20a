"""``solvent run`` of projects that do not lie in a folder: git repositories and zips, here and over the network."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Solvent
from tests.cli.test_run import FAILED, SUCCEEDED, id_of, params, stored, tags
from tests.processes import bare_environment
from tests.projects.source.repositories import FILES, git, make_bare, make_tree, make_zip, served

LOCAL = ("--env-manager", "local")


@pytest.fixture
def commits(work: Path) -> tuple[str, str]:
    """The two commits of the repository ``bare.git`` in the working folder."""
    found = make_tree(work / "tree")
    git(make_bare(work / "tree", work / "bare.git"), "update-server-info")
    return found


def left(cache: Path) -> list[str]:
    return [path.name for path in (cache / "work").iterdir() if path.name != ".lock"]


def test_a_version_and_a_subfolder_of_a_bare_repository(
    solvent: Solvent, work: Path, cache: Path, commits: tuple[str, str]
) -> None:
    answer = solvent("run", "bare.git#models", "-v", "v1", "-P", "alpha=0.25", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("models ['0.25', '")
    run = stored(work, id_of(SUCCEEDED, answer.stdout))
    found = tags(run)
    assert found["mlflow.source.name"] == f"{work}/bare.git#models"
    assert found["mlflow.source.type"] == "PROJECT"
    assert found["mlflow.source.git.commit"] == commits[0]
    assert found["mlflow.source.git.repoURL"] == f"{work}/bare.git"
    assert found["solvent.code"] == "versioned"
    assert params(run) == {"alpha": "0.25", "data": "data.csv"}
    kept = work / ".solvent" / "artifacts" / "0" / run.info.run_id / "artifacts" / "solvent"
    told = json.loads((kept / "project.json").read_text())
    (data,) = told["inputs"]
    assert data["why"] == "parameter data"
    assert data["address"] == f"git+file://{work}/bare.git@{commits[0]}#models/data.csv"
    assert left(cache) == []
    assert not list(work.rglob("left_behind.txt"))


def test_the_default_branch_of_a_repository_by_its_file_address(
    solvent: Solvent, work: Path, commits: tuple[str, str]
) -> None:
    answer = solvent("run", f"file://{work}/bare.git", *LOCAL)
    assert answer.stdout.startswith("newer ")
    found = tags(stored(work, id_of(SUCCEEDED, answer.stdout)))
    assert (found["mlflow.source.git.commit"], found["mlflow.source.git.branch"]) == (commits[1], "main")


def test_a_project_from_the_network_is_shown_and_not_run_without_a_word(
    solvent: Solvent, work: Path, cache: Path, commits: tuple[str, str]
) -> None:
    with served(work) as url:
        answer = solvent("run", f"{url}/bare.git", "-v", "old", *LOCAL)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert f"  from         {url}/bare.git" in answer.stderr
        assert f"  commit       {commits[0]} (branch old)" in answer.stderr
        assert "  command      python train.py 0.5 " in answer.stderr
        assert answer.stderr.splitlines()[-1].endswith("was run: look at its code, then agree, or say --yes")
        assert not (work / ".solvent").exists()
        assert left(cache) == []
        answer = solvent("run", f"{url}/bare.git", "-v", "old", "--yes", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    found = tags(stored(work, id_of(SUCCEEDED, answer.stdout)))
    assert found["mlflow.source.git.repoURL"] == f"{url}/bare.git"


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_a_person_at_a_terminal_is_asked(work: Path, cache: Path, typed: str, code: int) -> None:
    make_zip(work / "p.zip", FILES)
    ours, theirs = pty.openpty()
    with served(work) as url:
        process = subprocess.Popen(
            [COMMAND, "run", f"{url}/p.zip", *LOCAL],
            cwd=work,
            env=bare_environment(SOLVENT_CACHE=str(cache)),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.write(ours, typed.encode())
        output, errors = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == code, errors
    assert "Run it? [y/N]" in errors
    assert ("here ['0.5'" in output) == (code == 0)


def test_a_zip_and_its_environment(solvent: Solvent, work: Path) -> None:
    """The environment of a project without local requirements is built once, wherever its copies lie."""
    make_zip(work / "p.zip", {**FILES, "python_env.yaml": "dependencies: []\n"})
    first, second = (solvent("run", "p.zip") for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr
    assert "Building the environment of 'fetched'" not in second.stderr
    one, two = (tags(stored(work, id_of(SUCCEEDED, answer.stdout))) for answer in (first, second))
    assert one["solvent.environment"] == two["solvent.environment"]
    assert one["solvent.source.digest"] == two["solvent.source.digest"]
    assert one["mlflow.source.name"] == f"{work}/p.zip"
    assert one["solvent.code"] == "unversioned"


def test_data_by_address_is_downloaded_and_its_address_recorded(solvent: Solvent, work: Path, cache: Path) -> None:
    make_zip(work / "p.zip", {**FILES, "train.py": "import sys\nprint(open(sys.argv[2]).read())\n"})
    (work / "far.csv").write_text("from afar\n")
    with served(work) as url:
        address = f"{url}/far.csv"
        answer = solvent("run", "p.zip", "-P", f"data={address}", "--storage-dir", "kept", *LOCAL)
        missing = solvent("run", "p.zip", "-P", f"data={url}/nope.csv", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("from afar\n")
    run = stored(work, id_of(SUCCEEDED, answer.stdout))
    assert params(run)["data"] == address
    assert run.inputs is not None
    (data,) = run.inputs.dataset_inputs
    assert data.dataset is not None
    assert (data.dataset.name, json.loads(data.dataset.source or "")) == ("far.csv", {"uri": address})
    assert [path.read_text() for path in (work / "kept").rglob("far.csv")] == ["from afar\n"]
    assert missing.returncode == 1
    failed = stored(work, id_of(FAILED, missing.stdout))
    assert failed.info.status == "FAILED"
    assert "parameter 'data'" in tags(failed)["solvent.failure"]
    assert "answered HTTP 404" in tags(failed)["solvent.failure"]
    assert left(cache) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bare.git", "-v", "mian"], "has no version 'mian' (it has: main, old, v1, v1-signed); did you mean 'main'?"),
        (["bare.git", "-v", "--upload-pack=x"], "'--upload-pack=x' is no version"),
        (["bare.git#nowhere"], "there is no folder 'nowhere' (there: models)"),
        (["bare.git#../tree"], "#../tree leads out of the project"),
        (["nowhere.git"], "nowhere.git is not there"),
        (["nowhere.zip"], "nowhere.zip is not there"),
        (["evil.zip"], "evil.zip holds '../evil', which would lie outside of its folder"),
        (["--", "-x.zip"], "'-x.zip' names no project"),
    ],
)
def test_what_can_not_be_opened_makes_no_run(
    solvent: Solvent, work: Path, cache: Path, commits: tuple[str, str], arguments: list[str], message: str
) -> None:
    make_zip(work / "evil.zip", {"../evil": "x"})
    answer = solvent("run", *arguments)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert message in answer.stderr.splitlines()[-1]
    assert answer.stderr.splitlines()[-1].startswith("Error: ")
    assert not (work / ".solvent").exists()
    assert not list(work.parent.rglob("evil"))
    assert not (cache / "work").exists() or left(cache) == []
