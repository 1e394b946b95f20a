"""The git state of real repositories, friendly and hostile."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from solvent.provenance import git as git_module
from solvent.provenance.git import read_git, read_unversioned
from tests.provenance.conftest import Repository


def test_a_clean_commit_is_versioned(repository: Repository) -> None:
    repository.write("train.py", "print(1)\n")
    commit = repository.commit()
    repository.git("remote", "add", "origin", "https://me:secret@example.org/p.git")
    state = read_git(repository.folder)
    assert state is not None
    assert (state.commit, state.branch, state.remote) == (commit, "main", "https://example.org/p.git")
    assert not state.dirty
    assert state.patch == b""


def test_the_patch_and_the_untracked_files_bring_the_state_back(repository: Repository, tmp_path: Path) -> None:
    repository.write("a b.py", "one\ntwo\n")
    repository.write("gone.py", "x\n")
    repository.write("data.bin", b"\0\1\2")
    commit = repository.commit()
    repository.write("a b.py", "one\nthree")
    repository.write("data.bin", b"\0\1\3")
    (repository.folder / "gone.py").unlink()
    repository.write("new/ä file.py", "line\r\nno newline at the end")
    repository.write("empty.py", "")
    repository.write("weights.pt", b"large")
    state = read_git(repository.folder)
    assert state is not None
    assert state.dirty
    assert state.untracked.kept == (
        "empty.py",
        "new/ä file.py",
    )

    copy = tmp_path / "copy"
    repository.git("worktree", "add", "--quiet", "--detach", str(copy), commit)
    for patch in (state.patch, state.untracked.patch):
        subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=copy, input=patch, check=True)
    for name in ("a b.py", "data.bin", "new/ä file.py", "empty.py"):
        assert (copy / name).read_bytes() == (repository.folder / name).read_bytes()
    assert not (copy / "gone.py").exists()


def test_a_subfolder_is_known_by_its_place(repository: Repository) -> None:
    repository.write("models/train.py", "")
    repository.commit()
    state = read_git(repository.folder / "models")
    assert state is not None
    assert state.subfolder == "models"


def test_a_repository_without_a_commit_keeps_its_files_as_a_patch(repository: Repository) -> None:
    repository.write("train.py", "print(1)\n")
    repository.git("add", "train.py")
    repository.write("new.py", "print(2)\n")
    state = read_git(repository.folder)
    assert state is not None
    assert state.commit is None
    assert b"+print(1)" in state.patch
    assert state.untracked.kept == ("new.py",)


def test_no_repository_is_none_and_neither_is_an_ignored_folder(repository: Repository, tmp_path: Path) -> None:
    repository.write(".gitignore", "scratch/\n")
    repository.commit()
    repository.write("scratch/train.py", "print(1)\n")
    assert read_git(tmp_path) is None
    assert read_git(repository.folder / "scratch") is None
    assert read_unversioned(repository.folder / "scratch", None).kept == ("train.py",)


def test_files_that_usually_hold_secrets_are_not_kept(repository: Repository) -> None:
    repository.write("a.py", "x\n")
    repository.commit()
    for name in (".env", "secrets.yaml", "aws-credentials.ini", "b.py"):
        repository.write(name, "x\n")
    state = read_git(repository.folder)
    assert state is not None
    assert state.untracked.kept == ("b.py",)


@pytest.mark.parametrize(
    "configuration",
    [
        ("core.fsmonitor", "{script}"),
        ("diff.external", "{script}"),
        ("diff.evil.textconv", "{script}"),
        ("diff.evil.command", "{script}"),
        ("filter.evil.clean", "{script}"),
        ("filter.evil.process", "{script}"),
    ],
)
def test_a_hostile_repository_starts_no_program(
    repository: Repository, tmp_path: Path, configuration: tuple[str, str]
) -> None:
    repository.write(".gitattributes", "*.py filter=evil diff=evil\n")
    repository.write("train.py", "print(1)\n")
    repository.commit()
    trace = tmp_path / "trace"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    script.chmod(0o755)
    repository.write("train.py", "print(2)\n")
    repository.git("config", configuration[0], configuration[1].format(script=script))
    state = read_git(repository.folder)
    assert state is not None
    assert b"+print(2)" in state.patch
    assert not trace.exists()


def test_a_patch_that_does_not_fit_is_cut_between_files_and_said(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.py", "b.py", "c.py"):
        repository.write(name, "x\n")
    repository.commit()
    repository.write("a.py", "y\n")
    repository.write("b.py", "y\n" * 10_000)
    repository.write("c.py", "y\n")
    monkeypatch.setattr(git_module, "MAX_PATCH_BYTES", 5_000)
    state = read_git(repository.folder)
    assert state is not None
    assert state.patch_cut == ["b.py", "c.py"]
    assert state.patch.count(b"diff --git") == 1
    assert state.patch.endswith(b"+y\n")


def test_a_token_in_a_changed_line_is_masked(repository: Repository) -> None:
    repository.write("a.py", "x\n")
    repository.commit()
    repository.write("a.py", "x\nkey = 'ghp_" + "a" * 36 + "'\n")
    state = read_git(repository.folder)
    assert state is not None
    assert b"ghp_" not in state.patch
    assert state.redacted == 1
