"""Code that no run keeps is named, and told apart by a digest where it can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from solvent.provenance import git as git_module
from solvent.provenance import sources, unseen
from solvent.provenance.capture import Provenance, capture
from solvent.provenance.program import Program
from solvent.provenance.unkept import MAX_NAMED, Unkept, bounded, unkept_in
from tests.provenance.conftest import Repository


def kept_out(folder: Path) -> dict[str, str | None]:
    return {one.path: one.digest for one in captured(folder).unkept}


def captured(folder: Path) -> Provenance:
    return capture(folder, Program(None, "x", "PROJECT", []))


def hidden(repository: Repository) -> Path:
    repository.write("train.py", "1\n")
    repository.commit()
    repository.git("update-index", "--skip-worktree", "train.py")
    return repository.folder / "train.py"


def assumed(repository: Repository) -> Path:
    repository.write("train.py", "1\n")
    repository.commit()
    repository.git("update-index", "--assume-unchanged", "train.py")
    return repository.folder / "train.py"


def ignored(repository: Repository) -> Path:
    repository.write(".gitignore", "local.py\n")
    repository.commit()
    return repository.write("local.py", "1\n")


def in_an_ignored_folder(repository: Repository) -> Path:
    repository.write(".gitignore", "generated\n.venv\n")
    repository.commit()
    repository.write(".venv/lib.py", "1\n")
    return repository.write("generated/model.py", "1\n")


def large(repository: Repository) -> Path:
    repository.commit_nothing()
    return repository.write("large.py", "#" * 600_000)


def nested(repository: Repository) -> Path:
    repository.commit_nothing()
    inner = Repository(repository.folder / "inner")
    file = inner.write("v.py", "1\n")
    inner.commit()
    return file


def behind_a_link(repository: Repository) -> Path:
    shared = repository.folder.parent / "shared"
    shared.mkdir()
    (repository.folder / "lib").symlink_to(shared)
    (shared / "v.py").write_text("1\n")
    repository.commit()
    return shared / "v.py"


def unversioned_link(repository: Repository) -> Path:
    file = behind_a_link(repository)
    (repository.folder / ".git").rename(repository.folder.parent / "away")
    return file


def submodule(repository: Repository) -> Path:
    inner = Repository(repository.folder.parent / "lib")
    inner.write("v.py", "1\n")
    inner.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "lib")
    repository.commit()
    file = repository.folder / "lib" / "v.py"
    file.write_text("11\n")
    return file


PLACES = (
    *(hidden, assumed, ignored, in_an_ignored_folder, large, nested, behind_a_link),
    *(unversioned_link, submodule),
)


@pytest.mark.parametrize("make", PLACES, ids=lambda make: make.__name__)
def test_a_change_is_seen_by_the_digest(repository: Repository, make: Callable[[Repository], Path]) -> None:
    file = make(repository)
    before = kept_out(repository.folder)
    file.write_text("2\n" * 300_000)
    after = kept_out(repository.folder)
    assert len(before) == 1
    assert before.keys() == after.keys()
    assert None not in (*before.values(), *after.values())
    assert before != after


def test_a_clean_submodule_and_a_link_within_are_seen_already(repository: Repository) -> None:
    file = submodule(repository)
    file.write_text("1\n")
    (repository.folder / "link.py").symlink_to("train.py")
    repository.write("train.py", "1\n")
    repository.commit()
    assert (kept_out(repository.folder), captured(repository.folder).code) == ({}, "versioned")


def test_a_changed_submodule_makes_the_code_dirty(repository: Repository) -> None:
    submodule(repository)
    assert captured(repository.folder).tags()["solvent.git.dirty"] == "true"


def test_linked_data_is_no_code(repository: Repository) -> None:
    behind_a_link(repository).rename(repository.folder.parent / "shared" / "a.csv")
    assert kept_out(repository.folder) == {}


def test_code_on_the_python_path(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit_nothing()
    file = tmp_path / "src" / "v.py"
    file.parent.mkdir()
    file.write_text("1\n")
    monkeypatch.setenv("PYTHONPATH", f"{file.parent}:{repository.folder}:/usr/lib/site-packages")
    before = kept_out(repository.folder)
    file.write_text("2\n")
    assert before.keys() == {str(file.parent)}
    assert before != kept_out(repository.folder)


def test_more_files_than_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solvent.provenance.git.MAX_VISITED", 2)
    for number in range(4):
        (tmp_path / f"{number}.jpg").touch()
    assert kept_out(tmp_path) == {str(tmp_path): None}


def test_a_folder_that_everything_lies_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen, "is_shared", lambda folder: True)
    monkeypatch.setattr(git_module, "is_shared", lambda folder: True)
    assert kept_out(tmp_path) == {str(tmp_path): None}


def test_git_that_fails_is_not_clean(repository: Repository) -> None:
    repository.write("train.py", "1\n")
    repository.commit()
    (repository.folder / ".git/index").write_text("junk")
    found = captured(repository.folder)
    assert found.code == "unknown"
    assert "solvent.git.dirty" not in found.tags()
    assert "git could not tell what is changed" in found.tags()["solvent.code.note"]
    assert [one.digest for one in found.unkept] == [None, None][: len(found.unkept)]
    assert found.unkept


def test_a_repository_that_git_does_not_open_is_said(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "train.py").write_text("1\n")
    tags = captured(tmp_path).tags()
    assert tags["solvent.code"] == "unversioned"
    assert f"git does not open the repository {tmp_path}" in tags["solvent.code.note"]


def test_code_beyond_what_is_named(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_NAMED", 1)
    repository.commit_nothing()
    for number in range(3):
        repository.write(f"{number}.py", "#" * 600_000)
    found = kept_out(repository.folder)
    assert found.keys() == {"0.py", "2 files of code"}
    assert found["2 files of code"] is None


def test_many_are_told_as_one() -> None:
    found = bounded(Unkept(f"{number:03}", "", "d") for number in range(MAX_NAMED + 2))
    assert (len(found), found[-1].path) == (MAX_NAMED + 1, "2 more")
    assert found[-1].digest


def test_what_was_written_is_read(repository: Repository) -> None:
    ignored(repository)
    found = captured(repository.folder)
    assert tuple(unkept_in(json.loads(found.files()["solvent/provenance.json"]))) == found.unkept


@pytest.mark.parametrize("summary", [None, {}, {"unkept": 1}, {"unkept": [1, {"path": 2}]}])
def test_a_record_of_any_form(summary: object) -> None:
    assert unkept_in(summary) == []
