"""The git state of real repositories, friendly and hostile."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solvent.provenance import git as git_module
from solvent.provenance.git import Git, GitState, read_git, read_unversioned, top_of
from tests.provenance.conftest import Repository


def _blame(folder: Path) -> bytes | None:
    return Git(folder).run("blame", "--porcelain", "--", "train.py")


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
        ("filter.e=v.il.clean", "{script}"),
        ("diff.e=v.il.textconv", "{script}"),
    ],
)
@pytest.mark.parametrize("look", [read_git, _blame])
def test_a_hostile_repository_starts_no_program(
    repository: Repository,
    tmp_path: Path,
    configuration: tuple[str, str],
    look: Callable[[Path], GitState | bytes | None],
) -> None:
    driver = configuration[0].partition(".")[2].rpartition(".")[0] or "evil"
    repository.write(".gitattributes", f"*.py filter={driver} diff={driver}\n")
    repository.write("train.py", "print(1)\n")
    repository.commit()
    trace = tmp_path / "trace"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    script.chmod(0o755)
    repository.write("train.py", "print(2)\n")
    repository.git("config", configuration[0], configuration[1].format(script=script))
    state = look(repository.folder)
    assert state is not None
    assert b"print(2)" in (state if isinstance(state, bytes) else state.patch)
    assert not trace.exists()


def test_what_is_configured_beyond_the_limit_is_not_let_through(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("train.py", "print(1)\n")
    repository.commit()
    repository.git("config", "filter.evil.clean", "touch trace; cat")
    monkeypatch.setattr(git_module, "MAX_LISTING_BYTES", 20)

    assert Git(repository.folder).run("status") is None


def test_tracked_files_that_look_like_a_bare_repository_are_none(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.write("train.py", "print(1)\n")
    inner.commit()
    inner.git("config", "core.worktree", ".")
    (inner.folder / ".git").rename(repository.folder / "sub")
    repository.write("sub/train.py", "print(2)\n")

    assert Git(repository.folder / "sub").run("ls-files") is None
    assert top_of(repository.folder / "sub") is None
    assert top_of(repository.folder) == repository.folder


def test_a_partial_clone_fetches_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.write("train.py", "print(1)\n")
    blob = repository.git("hash-object", "train.py")
    repository.commit()
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::touch {tmp_path}/trace",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
    }.items():
        repository.git("config", name, value)
    (repository.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()

    assert Git(repository.folder).run("show", "HEAD:train.py") is None
    assert not (tmp_path / "trace").exists()


def test_settings_that_the_user_gave_by_variables_stay(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.nickname")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "me")

    assert Git(repository.folder).line("config", "user.nickname") == "me"


def test_in_a_hook_of_a_linked_tree_a_folder_keeps_its_own_repository(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("sub/train.py", "print(1)\n")
    repository.commit()
    tree = tmp_path / "tree"
    repository.git("worktree", "add", "--quiet", str(tree), "-b", "other")
    folder = repository.folder / ".git/worktrees/tree"
    monkeypatch.setenv("GIT_DIR", str(folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(folder / "index"))

    git = Git(tree / "sub", here=True)
    assert git.line("rev-parse", "--show-toplevel") == str(tree)
    assert git.line("ls-files") == "train.py"


def test_the_index_of_a_hook_is_found_from_a_subfolder(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """git resolves a relative name of an index from the top of the working tree."""
    repository.write("sub/train.py", "print(1)\n")
    repository.git("add", "--all")
    (repository.folder / ".git/index").rename(repository.folder / ".git/next-index-1.lock")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")

    assert Git(repository.folder / "sub", here=True).line("ls-files") == "train.py"


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
