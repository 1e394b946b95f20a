"""What is written stays in the project, wherever its links lead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solvent.debt.engine.check import Options, check
from solvent.debt.errors import InvalidBaseline
from solvent.debt.formats.writer import read_outputs, write_all
from solvent.debt.keep_baseline import keep_baseline
from solvent.debt.rewrite import Rewritten, write
from solvent.debt.sources.links import leads_out
from solvent.errors import Conflict, InvalidInput
from tests.debt.formats.reports import troubled
from tests.debt.repositories import put


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with links: ``out`` and ``out.py`` lead out of it, ``in`` does not."""
    root = tmp_path / "project"
    put(root, {"pyproject.toml": "", "a.py": "x = 1\n", "folder/b.py": ""})
    put(tmp_path / "outside", {"a.py": "x = 1\n"})
    (root / "out").symlink_to("../outside")
    (root / "out.py").symlink_to(tmp_path / "outside/a.py")
    (root / "new.jsonl").symlink_to(tmp_path / "outside/not-there")
    (root / "in").symlink_to("folder")
    return root


@pytest.mark.parametrize(
    ("path", "out"),
    [
        ("project/out.py", True),
        ("project/out/new", True),
        ("project/new.jsonl", True),
        ("project/in/../out/x", True),
        ("project/in/b.py", False),
        ("project/a.py", False),
        ("outside/a.py", False),
        ("project/../outside/a.py", False),
        ("to-outside/a.py", False),
    ],
)
def test_only_links_in_the_project_lead_out_of_it(root: Path, path: str, out: bool) -> None:
    (root.parent / "to-outside").symlink_to("outside")

    assert leads_out(root, root.parent / path) is out


@pytest.mark.parametrize("name", ["out/a.py", "out.py"])
def test_nothing_is_rewritten_through_a_link(root: Path, name: str) -> None:
    with pytest.raises(Conflict, match="leads out"):
        write(root, [Rewritten(name, b"x = 1\n", b"x = 2\n")])

    assert (root.parent / "outside/a.py").read_bytes() == b"x = 1\n"


@pytest.mark.parametrize("name", ["out/b.jsonl", "new.jsonl", "../outside/b.jsonl", "{root}/../outside/b.jsonl"])
def test_the_settings_put_no_baseline_outside(root: Path, name: str) -> None:
    put(root, {"pyproject.toml": f'[tool.solvent.debt]\nbaseline = "{name.format(root=root)}"\n'})
    asked = Options(paths=[root], select=["COD207"], cache=False, jobs=1)

    with pytest.raises(InvalidBaseline, match="--baseline"):
        list(keep_baseline(asked, None, update=False, reason=""))
    with pytest.raises(InvalidBaseline, match="--baseline"):
        check(asked)
    assert [path.name for path in (root.parent / "outside").iterdir()] == ["a.py"]


def test_the_baseline_of_the_command_line_may_be_outside_but_not_through_a_link(root: Path) -> None:
    asked = Options(paths=[root], select=["COD207"], cache=False, jobs=1)

    list(keep_baseline(asked, root.parent / "outside/b.jsonl", update=False, reason=""))
    assert (root.parent / "outside/b.jsonl").is_file()
    for name in ("new.jsonl", "out/b.jsonl"):
        with pytest.raises(InvalidBaseline, match="by a link"):
            list(keep_baseline(asked, root / name, update=True, reason=""))
    (root / "debt-baseline.jsonl").symlink_to("../outside/c.jsonl")
    with pytest.raises(InvalidBaseline, match="outside of"):
        list(keep_baseline(asked, None, update=False, reason=""))
    assert not (root.parent / "outside/c.jsonl").exists()


def test_no_report_is_written_through_a_link_of_the_project(root: Path) -> None:
    report = replace(troubled(), root=root)
    with pytest.raises(InvalidInput, match="leads out of the project"):
        write_all(report, read_outputs([f"json={root}/out.py", f"sarif={root}/a.sarif"]))

    assert not (root / "a.sarif").exists()
    write_all(report, read_outputs([f"json={root}/in/a.json", f"sarif={root.parent}/outside/a.sarif"]))
    assert (root / "folder/a.json").exists()
