"""Fragments become a version of the change log."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
Assemble = Callable[[str, str, Path, Path], None]


@pytest.fixture(scope="module")
def assemble() -> Assemble:
    function: Assemble = runpy.run_path(str(ROOT / "changelog.d" / "assemble.py"))["assemble"]
    return function


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.md").write_text("- second\n")
    (tmp_path / "a.md").write_text("first,\nin two lines\n")
    (tmp_path / "log").write_text("# Change log\n\nWords.\n")
    return tmp_path


def test_a_version_stands_on_top_of_the_older_ones(assemble: Assemble, folder: Path) -> None:
    assemble("0.1.0", "2026-11-22", folder, folder / "log")
    assert not list(folder.glob("*.md"))
    (folder / "c.md").write_text("- third")
    assemble("0.2.0", "2026-12-24", folder, folder / "log")
    assert (folder / "log").read_text() == (
        "# Change log\n\nWords.\n\n## 0.2.0 (2026-12-24)\n\n- third\n\n"
        "## 0.1.0 (2026-11-22)\n\n- first,\n  in two lines\n- second\n"
    )


@pytest.mark.parametrize(("version", "message"), [("two", "expected a version"), ("0.1.0", "already")])
def test_a_wrong_version_changes_nothing(assemble: Assemble, folder: Path, version: str, message: str) -> None:
    (folder / "log").write_text("# Change log\n\n## 0.1.0 (2026-11-22)\n\n- old\n")
    with pytest.raises(ValueError, match=message):
        assemble(version, "2026-11-23", folder, folder / "log")
    assert len(list(folder.glob("*.md"))) == 2


def test_nothing_to_tell_is_no_version(assemble: Assemble, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("# Change log\n")
    with pytest.raises(ValueError, match="no fragment"):
        assemble("0.1.0", "2026-11-22", tmp_path, tmp_path / "log")
