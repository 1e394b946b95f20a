"""Projects from real git repositories on this machine and behind a web server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solvent.projects.errors import InvalidProject, SourceFailed
from solvent.projects.source.open import open_source
from solvent.projects.source.origin import Source
from solvent.provenance.git import read_git
from tests.projects.source.repositories import commit, git, make_bare, make_tree, served, write


class Repository:
    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.first, self.second = make_tree(self.tree)
        self.bare = make_bare(self.tree, folder / "bare.git")

    def push(self) -> None:
        git(self.tree, "push", "--quiet", "--mirror", str(self.bare))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    return Repository(tmp_path)


def said(source: Source) -> str:
    return (source.folder / "train.py").read_text().split("'")[1]


@pytest.mark.parametrize(
    ("version", "which", "branch"),
    [
        (None, "newer", "main"),
        ("main", "newer", "main"),
        ("old", "here", "old"),
        ("v1", "here", None),
        ("v1-signed", "here", None),
        ("refs/heads/old", "here", "old"),
        ("refs/tags/v1", "here", None),
    ],
)
def test_branches_and_tags(repository: Repository, version: str | None, which: str, branch: str | None) -> None:
    source = open_source(str(repository.bare), version)
    assert (said(source), source.branch) == (which, branch)
    assert source.commit == (repository.second if which == "newer" else repository.first)
    assert (source.kind, source.remote, source.fetched, source.uri) == ("git", False, True, str(repository.bare))
    state = read_git(source.folder)
    assert state is not None
    assert (state.commit, state.branch, state.remote) == (source.commit, branch, str(repository.bare))
    assert not state.dirty


@pytest.mark.parametrize("length", [40, 12, 7])
def test_commits_by_their_number(repository: Repository, length: int) -> None:
    source = open_source(f"file://{repository.bare}#models", repository.first[:length])
    assert source.commit == repository.first
    assert (said(source), source.subfolder) == ("models", "models")
    assert source.uri == f"{repository.bare}#models"


def test_a_commit_that_is_kept_needs_the_repository_no_more(repository: Repository) -> None:
    open_source(str(repository.bare), repository.first)
    heard: list[str] = []
    (repository.bare / "objects").rename(repository.bare / "elsewhere")
    (repository.bare / "objects").mkdir()
    source = open_source(str(repository.bare), repository.first, say=heard.append)
    assert (source.commit, heard) == (repository.first, [])


def test_a_branch_is_looked_up_anew(repository: Repository) -> None:
    assert said(open_source(str(repository.bare))) == "newer"
    write(repository.tree, {"train.py": "print('newest')"})
    third = commit(repository.tree)
    repository.push()
    source = open_source(str(repository.bare))
    assert (said(source), source.commit) == ("newest", third)


def test_old_commits_come_after_a_new_one_was_fetched_alone(repository: Repository) -> None:
    open_source(f"file://{repository.bare}")
    assert open_source(f"file://{repository.bare}", repository.first[:8]).commit == repository.first


def test_every_run_has_a_tree_of_its_own(repository: Repository) -> None:
    first, second = open_source(str(repository.bare)), open_source(str(repository.bare))
    assert first.folder != second.folder
    (first.folder / "left_behind.txt").touch()
    first.discard()
    assert not first.root.exists()
    assert not (second.folder / "left_behind.txt").exists()


def test_a_version_of_a_working_tree_is_its_commit_not_its_files(repository: Repository) -> None:
    write(repository.tree, {"train.py": "print('not committed')"})
    assert said(open_source(str(repository.tree), "v1")) == "here"
    assert said(open_source(str(repository.tree / "models"), "main")) == "models"
    assert (repository.tree / "train.py").read_text() == "print('not committed')"


def test_a_version_that_is_not_there_names_the_nearest(repository: Repository) -> None:
    with pytest.raises(
        InvalidProject, match=r"no version 'mian' \(it has: main, old, v1, v1-signed\); did you mean 'main'"
    ):
        open_source(str(repository.bare), "mian")
    with pytest.raises(InvalidProject, match="no commit 'deadbeef'"):
        open_source(str(repository.bare), "deadbeef")


def test_a_branch_and_a_tag_of_one_name_must_be_told_apart(repository: Repository) -> None:
    git(repository.tree, "branch", "v1", "main")
    repository.push()
    with pytest.raises(InvalidProject, match=r"'v1' is both a branch and a tag.*write refs/heads/v1 or refs/tags/v1"):
        open_source(str(repository.bare), "v1")
    assert said(open_source(str(repository.bare), "refs/heads/v1")) == "newer"


@pytest.mark.parametrize("subfolder", ["nowhere", "../..", "/etc", "models/../../.."])
def test_folders_that_are_not_in_it(repository: Repository, subfolder: str) -> None:
    with pytest.raises(InvalidProject, match=r"there is no folder|leads out of the project"):
        open_source(f"{repository.bare}#{subfolder}")


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../x", "models/../.."])
def test_links_that_lead_out_are_refused(repository: Repository, target: str, tmp_path: Path) -> None:
    (repository.tree / "data").symlink_to(target)
    commit(repository.tree)
    repository.push()
    with pytest.raises(InvalidProject, match="holds data, a link that leads out of the repository"):
        open_source(str(repository.bare))
    assert not list((tmp_path / "cache" / "work").glob("*/train.py"))


def test_links_within_stay(repository: Repository) -> None:
    (repository.tree / "again.py").symlink_to("train.py")
    commit(repository.tree)
    repository.push()
    assert (open_source(str(repository.bare)).folder / "again.py").is_symlink()


def test_submodules_are_not_fetched_and_that_is_said(repository: Repository, tmp_path: Path) -> None:
    git(repository.tree, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repository.bare), "inner")
    commit(repository.tree)
    repository.push()
    heard: list[str] = []
    source = open_source(str(repository.bare), say=heard.append)
    assert not list((source.folder / "inner").iterdir())
    assert heard[-1] == "the repository has submodules, which are not fetched: their folders are empty"


def test_no_hook_and_no_filter_of_a_stranger_runs(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks of the repository, and of a template that the user has for repositories of their own."""
    template, ran = tmp_path / "template", tmp_path / "ran"
    for hooks in (template / "hooks", repository.bare / "hooks"):
        hooks.mkdir(parents=True, exist_ok=True)
        for name in ("post-checkout", "reference-transaction", "post-merge", "pre-auto-gc"):
            (hooks / name).write_text(f"#!/bin/sh\ntouch {ran}\n")
            (hooks / name).chmod(0o755)
    config = tmp_path / "config"
    config.write_text(f'[init]\n\ttemplateDir = {template}\n[protocol "file"]\n\tallow = always\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    write(repository.tree, {".gitattributes": "*.py filter=evil\n"})
    git(repository.bare, "config", "filter.evil.smudge", f"touch {ran}; cat")
    commit(repository.tree)
    repository.push()
    ran.unlink(missing_ok=True)
    assert said(open_source(str(repository.bare))) == "newer"
    assert not ran.exists()


def test_a_hook_variable_of_git_changes_nothing(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(repository.tree / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository.tree))
    monkeypatch.setenv("GIT_INDEX_FILE", os.devnull)
    assert said(open_source(str(repository.bare), "v1")) == "here"


def test_what_can_not_be_fetched_is_named_without_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    with pytest.raises(SourceFailed) as caught:
        open_source("http://me:hunter2@127.0.0.1:9/p.git")
    assert "http://127.0.0.1:9/p.git can't be fetched (fatal: unable to access" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert not [path for path in (tmp_path / "cache" / "work").iterdir() if path.name != ".lock"]


def test_over_http_from_a_server_that_only_gives_files(repository: Repository, tmp_path: Path) -> None:
    git(repository.bare, "update-server-info")
    with served(tmp_path) as url:
        source = open_source(f"{url}/bare.git#models", "v1")
        assert (said(source), source.commit, source.remote) == ("models", repository.first, True)
        assert source.uri == f"{url}/bare.git#models"
        assert open_source(f"{url}/bare.git", repository.first[:9]).commit == repository.first


def test_a_repository_without_a_default_branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    empty = tmp_path / "empty.git"
    empty.mkdir()
    git(empty, "init", "--quiet", "--bare")
    with pytest.raises(InvalidProject, match="has no default branch"):
        open_source(str(empty))
