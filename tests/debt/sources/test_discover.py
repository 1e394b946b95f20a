"""Which files of a project are looked at, and that none is left out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.debt.engine.check import Options, check
from solvent.debt.errors import TooManyFiles
from solvent.debt.sources import discover
from solvent.debt.sources.discover import list_files
from tests.debt.repositories import commit, put


def test_files_behind_a_linked_folder_are_links(tmp_path: Path) -> None:
    root, outside = tmp_path / "project", tmp_path / "outside"
    commit(root, {"pyproject.toml": "", "deep/sub/a.py": "x = 1\n", "deep/sub/b.py": "", "c.py": "", "gone.py": ""})
    put(outside, {"sub/a.py": "x = 1\n"})
    (root / "gone.py").unlink()
    for file in (root / "deep/sub").iterdir():
        file.unlink()
    (root / "deep/sub").rmdir()
    (root / "deep").rmdir()
    (root / "deep").symlink_to(outside)

    listing = list_files(root)

    assert listing.paths == ["c.py", "pyproject.toml"]
    assert listing.links == ["deep", "deep/sub/a.py"]
    (note,) = check(Options(paths=[root], select=["COD207"], cache=False, jobs=1)).notes
    assert note == "symbolic links were not followed (1): deep/sub/a.py was not looked at"


@pytest.mark.parametrize("versioned", [True, False])
def test_more_python_files_than_are_looked_at_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, versioned: bool
) -> None:
    monkeypatch.setattr(discover, "MOST_PYTHON", 2)
    files = {"a.py": "", "b.ipynb": "", **{f"images/{number}.png": "" for number in range(9)}}
    if versioned:
        commit(tmp_path, files)
    else:
        put(tmp_path, files)

    assert len(list_files(tmp_path).paths) == 11
    put(tmp_path, {"c.py": ""})
    with pytest.raises(TooManyFiles, match="leave some out by --exclude"):
        list_files(tmp_path)
    assert len(list_files(tmp_path, ["b.ipynb"]).paths) == 11
    monkeypatch.setattr(discover, "MOST_FILES", 5)
    with pytest.raises(TooManyFiles):
        list_files(tmp_path, ["b.ipynb"])


def test_a_listing_that_was_cut_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(tmp_path, {"abc.py": "", "abcd.py": ""})
    monkeypatch.setattr(discover, "MAX_LISTING", 10)

    with pytest.raises(TooManyFiles, match="git lists more files"):
        list_files(tmp_path)
