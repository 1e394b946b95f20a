"""What a change brought: changed lines, new files, and findings that the base does not have."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from solvent.debt.engine.check import Options, Report, check
from solvent.debt.errors import CheckIncomplete, UnknownRevision
from solvent.debt.findings import Found
from solvent.debt.project.project import Project
from solvent.debt.registry import all_rules
from solvent.debt.since import NewOnly, Since
from tests.debt.repositories import commit, git, put

HEAD = "import numpy as np\n"
BAD = HEAD + "x == np.nan\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))


def report_of(root: Path, revision: str | None = None, *, new_only: bool = False, path: str = ".") -> Report:
    asked = Options(paths=[root / path], select=["COD207", "CFG102"], jobs=1)
    only = NewOnly(asked, revision) if new_only else Since(asked, revision or "main")
    return check(Options(paths=asked.paths, select=asked.select, jobs=1, only=only))


def since(root: Path, revision: str = "main", path: str = ".") -> list[tuple[str, int]]:
    return [(each.path, each.line) for each in report_of(root, revision, path=path).findings]


def new(root: Path, revision: str | None = None, path: str = ".") -> list[tuple[str, int]]:
    return [(each.path, each.line) for each in report_of(root, revision, new_only=True, path=path).findings]


def branch(root: Path, files: dict[str, str | bytes]) -> None:
    """A commit on main, and a branch from there."""
    commit(root, {"pyproject.toml": "", **files})
    git(root, "checkout", "-q", "-b", "work")


def test_changed_lines_and_new_files_are_asked_about(tmp_path: Path) -> None:
    branch(tmp_path, {"a.py": BAD + "y == np.nan\n", "b.py": BAD})
    put(tmp_path, {"a.py": BAD + "y == np.nan  # now\n", "untracked.py": BAD})
    commit(tmp_path / "", {"committed.py": BAD})
    put(tmp_path, {"late.py": BAD})

    assert since(tmp_path) == [("a.py", 3), ("committed.py", 2), ("late.py", 2), ("untracked.py", 2)]
    assert since(tmp_path, path="a.py") == [("a.py", 3)]


def test_what_others_changed_on_main_is_not_asked_about(tmp_path: Path) -> None:
    branch(tmp_path, {"a.py": BAD})
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, {"a.py": HEAD + "\nx == np.nan\n"})
    git(tmp_path, "checkout", "-q", "work")

    assert since(tmp_path) == []
    assert new(tmp_path, "main") == []


def test_a_finding_over_several_lines_is_touched_by_any_of_them(tmp_path: Path) -> None:
    branch(tmp_path, {"a.py": HEAD + "z = (\n    x ==\n    np.nan\n)\n", "b.py": BAD + "pass\n"})
    put(tmp_path, {"a.py": HEAD + "z = (\n    x ==\n    np.nan  # here\n)\n", "b.py": BAD})

    assert since(tmp_path) == [("a.py", 3)]


@pytest.mark.parametrize("name", ["with blank.py", "ünï.py", 'quote".py', "new\nline.py", "-dash.py", ":(top)x.py"])
def test_any_file_name(tmp_path: Path, name: str) -> None:
    branch(tmp_path, {name: BAD})
    put(tmp_path, {name: BAD + "y == np.nan\n"})

    assert since(tmp_path) == [(name, 3)]
    assert new(tmp_path) == [(name, 3)]


def test_renamed_files_are_not_new(tmp_path: Path) -> None:
    filler = "".join(f"value_{number} = {number}\n" for number in range(30))
    branch(tmp_path, {"a.py": BAD + filler})
    git(tmp_path, "mv", "a.py", "b.py")
    put(tmp_path, {"b.py": BAD + filler + "y == np.nan\n"})

    assert since(tmp_path) == [("b.py", 33)]
    assert new(tmp_path) == [("b.py", 33)]


def test_a_project_in_a_subfolder(tmp_path: Path) -> None:
    branch(tmp_path, {"sub/pyproject.toml": "", "sub/a.py": BAD, "a.py": BAD})
    put(tmp_path, {"sub/a.py": BAD + "y == np.nan\n", "a.py": BAD + "y == np.nan\n"})

    assert since(tmp_path / "sub") == [("a.py", 3)]
    assert new(tmp_path / "sub") == [("a.py", 3)]
    put(tmp_path, {"later/pyproject.toml": "", "later/a.py": BAD})
    assert new(tmp_path / "later") == [("a.py", 2)]


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}, indent=1)


def test_lines_of_cells(tmp_path: Path) -> None:
    branch(tmp_path, {"a.ipynb": notebook(HEAD, "x == np.nan\n"), ".gitattributes": "*.ipynb -diff\n"})
    put(tmp_path, {"a.ipynb": notebook("# first\n", HEAD, "x == np.nan\ny == np.nan\n")})

    (finding,) = report_of(tmp_path).findings
    assert (finding.cell, finding.line) == (2, 2)
    (finding,) = report_of(tmp_path, new_only=True).findings
    assert (finding.cell, finding.line) == (2, 2)


def test_of_equal_findings_the_changed_one_is_new(tmp_path: Path) -> None:
    branch(tmp_path, {"m.py": BAD, "z.py": BAD})
    put(tmp_path, {"m.py": "import numpy as np\nx == np.nan\npass\nx == np.nan\n", "a.py": BAD})

    assert new(tmp_path) == [("a.py", 2), ("m.py", 4)]
    assert new(tmp_path, path="a.py") == [("a.py", 2)]
    assert new(tmp_path, path="z.py") == []
    put(tmp_path, {"m.py": "import numpy as np\nx == np.nan\nx == np.nan\n"})
    commit(tmp_path, {})
    put(tmp_path, {"m.py": "import numpy as np\npass\nx  == np.nan\nx == np.nan\nx == np.nan\n"})
    assert len(new(tmp_path, "HEAD", path="m.py")) == 1


def test_new_by_what_another_file_no_longer_does(tmp_path: Path) -> None:
    """A finding on a line that nobody has touched."""
    run = "import mlflow\nimport names\nnames.begin()\nwith mlflow.start_run():\n    mlflow.log_metric('a', 1)\n"
    branch(tmp_path, {"run.py": run, "names.py": "import mlflow\ndef begin():\n    mlflow.set_experiment('a')\n"})
    put(tmp_path, {"names.py": "def begin():\n    pass\n"})

    assert since(tmp_path) == []
    assert new(tmp_path) == [("run.py", 4)]


def test_the_base_is_read_whole_and_nothing_of_the_user_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "p"
    branch(root, {"a.py": BAD, ".gitattributes": "a.py export-ignore\n*.py filter=evil\n"})
    marker = tmp_path / "marker"
    git(root, "config", "filter.evil.smudge", f"touch {marker}; cat")
    git(root, "config", "filter.evil.clean", f"touch {marker}; cat")
    hook = root / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    put(root, {"b.py": HEAD + "q == np.nan\n"})
    git(root, "-c", "filter.evil.clean=", "add", "b.py")
    put(root, {"b.py": HEAD + "q == np.nan\nr == np.nan\n"})
    monkeypatch.setenv("GIT_DIR", str(root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(root / ".git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(root))
    before = state_of(root)

    assert new(root) == [("b.py", 2), ("b.py", 3)]
    assert state_of(root) == before
    assert not marker.exists()


def state_of(root: Path) -> dict[str, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_no_copy_and_no_cache_of_it_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(made))
    branch(tmp_path / "p", {"a.py": BAD})

    assert new(tmp_path / "p") == []
    assert list(made.iterdir()) == []
    assert len(list((tmp_path / "cache/debt").iterdir())) == 1


def test_linked_working_trees(tmp_path: Path) -> None:
    branch(tmp_path / "p", {"a.py": BAD})
    git(tmp_path / "p", "worktree", "add", "-q", str(tmp_path / "w"), "-b", "other")
    put(tmp_path / "w", {"a.py": BAD + "y == np.nan\n"})

    assert new(tmp_path / "w") == [("a.py", 3)]
    assert since(tmp_path / "w") == [("a.py", 3)]


def refusal(root: Path, revision: str | None, *, new_only: bool = False) -> str:
    with pytest.raises(UnknownRevision) as raised:
        report_of(root, revision, new_only=new_only)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_revisions_that_cannot_be_compared_with(tmp_path: Path) -> None:
    put(tmp_path / "none", {"pyproject.toml": ""})
    assert "no git repository" in refusal(tmp_path / "none", "main")
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q", "-b", "main")
    assert "no commits yet" in refusal(tmp_path / "empty", "main")
    root = tmp_path / "p"
    commit(root, {"a.py": BAD})
    for name in ("nothing", "--output=x", "", "a\0b", "HEAD^{tree}", "HEAD~5"):
        assert "there is no revision" in refusal(root, name) if name else True
    git(root, "checkout", "-q", "--orphan", "apart")
    commit(root, {"a.py": HEAD})
    assert "no commit in common" in refusal(root, "main")
    git(root, "branch", "-q", "-D", "main")
    assert "by --base" in refusal(root, None, new_only=True)


def test_a_shallow_clone_says_what_to_fetch(tmp_path: Path) -> None:
    branch(tmp_path / "p", {"a.py": BAD})
    first = git(tmp_path / "p", "rev-parse", "HEAD").strip()
    commit(tmp_path / "p", {"b.py": BAD})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}/p", "shallow")

    assert "fetch-depth" in refusal(tmp_path / "shallow", first)
    put(tmp_path / "shallow", {"c.py": BAD})
    assert new(tmp_path / "shallow", "HEAD") == [("c.py", 2)]


def test_a_base_that_could_not_be_checked_makes_nothing_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else all that the base has would pass for new."""
    branch(tmp_path, {"a.py": BAD})
    put(tmp_path, {"b.py": BAD})

    def failing(project: Project) -> list[Found]:
        if project.root != tmp_path:
            raise KeyError("x")
        return []

    monkeypatch.setitem(all_rules(), "CFG102", dataclasses.replace(all_rules()["CFG102"], check_project=failing))
    with pytest.raises(CheckIncomplete, match="CFG102 did not run"):
        new(tmp_path)
