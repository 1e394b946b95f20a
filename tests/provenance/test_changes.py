"""Uncommitted changes are kept without secrets, and what is left out is named with the reason."""

from __future__ import annotations

import pytest

from solvent.provenance.changes import PRIVATE_KEY, SECRET, SHOWS_SECRET
from solvent.provenance.git import GitState, read_git
from tests.provenance.conftest import Repository

TOKEN = "ghp_" + "a" * 36


def changed(repository: Repository, path: str, before: str, after: str) -> GitState:
    repository.write(path, before)
    repository.write("a.py", "1\n")
    repository.commit()
    repository.write(path, after)
    repository.write("a.py", "2\n")
    state = read_git(repository.folder)
    assert state is not None
    assert b"+2" in state.patch
    return state


@pytest.mark.parametrize(
    ("path", "before", "after", "reason"),
    [
        (".env", "A=1\n", "A=1\nDB_PASSWORD=hunter2\n", SECRET),
        ("deploy.txt", "", "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n", PRIVATE_KEY),
        ("b.py", f"key = '{TOKEN}'\n", "key = hunter2\n", SHOWS_SECRET),
        ("c.yaml", "password: old-one\na: 1\n", "password: old-one\na: hunter2\n", SHOWS_SECRET),
    ],
)
def test_a_change_that_shows_secrets_is_left_out(
    repository: Repository, path: str, before: str, after: str, reason: str
) -> None:
    state = changed(repository, path, before, after)
    assert state.patch_left_out == {path: reason}
    assert all(secret not in state.patch for secret in (b"hunter2", TOKEN.encode(), b"old-one"))
    assert state.dirty


def test_a_password_that_is_added_to_settings_is_masked(repository: Repository) -> None:
    state = changed(repository, "config.yaml", "alpha: 1\n", "alpha: 2\npassword: hunter2\n")
    assert (state.patch_left_out, state.redacted) == ({}, 1)
    assert b"hunter2" not in state.patch
    assert b"+alpha: 2" in state.patch


def test_a_file_that_became_a_link_has_two_parts(repository: Repository) -> None:
    repository.write("b.py", "1\n")
    repository.write("z.env", "A=1\n")
    repository.commit()
    (repository.folder / "b.py").unlink()
    (repository.folder / "b.py").symlink_to("a.py")
    repository.write("z.env", "A=hunter2\n")
    state = read_git(repository.folder)
    assert state is not None
    assert state.patch_left_out == {"z.env": SECRET}
    assert state.patch.count(b"diff --git") == 2
