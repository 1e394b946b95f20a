"""A project in a git repository, on this machine or fetched.

What was fetched of a repository is kept in the cache by its URL, each commit under a name of its own; a commit
that is there needs no network. The project runs in a working tree of its own, so that nothing one run leaves
behind is found by the next. Submodules are not fetched: their addresses are the repository's words, not the user's.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from solvent.projects.cache import locked, make_folder
from solvent.projects.environment import Say
from solvent.projects.errors import InvalidProject, SourceFailed, nearest
from solvent.projects.scratch import discard, scratch_folder
from solvent.projects.source.address import Address
from solvent.projects.source.gitcommand import Fetcher, GitFailed
from solvent.projects.source.origin import Source, inner
from solvent.projects.source.shown import shown
from solvent.projects.use import hold
from solvent.settings import cache_folder

_FULL_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{4,64}")
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--refmap=")
_KEPT = "refs/solvent/commits"
_NEW = "refs/solvent/new"
_ALL = ("+refs/heads/*:refs/solvent/all/heads/*", "+refs/tags/*:refs/solvent/all/tags/*")


class _Revision(NamedTuple):
    commit: str
    branch: str | None


def fetch(address: Address, version: str | None, say: Say) -> Source:
    """A working tree of the version, in a folder of its own.

    Raises:
        InvalidProject, SourceFailed: see ``open_source``.
    """
    url = address.place
    uri = shown(url)
    entry = cache_folder() / "sources" / hashlib.sha256(url.encode()).hexdigest()[:24]
    hold(entry)
    kept = make_folder(entry) / "repository.git"
    git = Fetcher(kept, _protocols(address), bare=True)
    root = scratch_folder()
    try:
        with locked(kept.with_name("lock")):
            if not (kept / "HEAD").is_file():
                git.run("init", "--quiet", "--bare", "--template=")
            revision = _revision(git, url, version, say)
            _check_out(kept, root, uri, revision)
        folder = inner(root, address.subfolder, uri)
        uri += f"#{address.subfolder}" if address.subfolder else ""
        return Source(
            "git",
            uri,
            root,
            folder,
            address.subfolder,
            commit=revision.commit,
            branch=revision.branch,
            remote=address.remote,
            fetched=True,
            notes=_notes(root),
        )
    except BaseException as error:
        discard(root)
        if isinstance(error, GitFailed):
            raise SourceFailed(f"{uri} can't be fetched ({error}): check the address and your access to it") from error
        raise


def _protocols(address: Address) -> str:
    """What git may speak: what was named, and for http what it may be led to."""
    if not address.remote:
        return "file"
    scheme = urlsplit(address.place).scheme if "://" in address.place else "ssh"
    return "http:https" if scheme == "http" else scheme


def _revision(git: Fetcher, url: str, version: str | None, say: Say) -> _Revision:
    """The commit of a version, which is in the repository ``git`` afterwards."""
    full = version is not None and _FULL_COMMIT.fullmatch(version)
    if version is not None and full and _has(git, version):
        return _Revision(version, None)
    say(f"Fetching {shown(url)}" + (f" at {version}" if version else ""))
    name = _reference(git, url, version)
    if name is not None:
        commit = _fetch_one(git, url, name)
        branch = name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else None
    else:
        assert version is not None
        commit, branch = _fetch_commit(git, url, version), None
    git.run("update-ref", f"{_KEPT}/{commit}", commit)
    return _Revision(commit, branch)


def _has(git: Fetcher, commit: str) -> bool:
    return git.line("rev-parse", "--verify", "--quiet", f"{_KEPT}/{commit}^{{commit}}") == commit


def _reference(git: Fetcher, url: str, version: str | None) -> str | None:
    """The full name of the branch or tag; None for a commit.

    Raises:
        InvalidProject: there is no such version, or two.
    """
    wanted = ["HEAD"] if version is None else [f"refs/heads/{version}", f"refs/tags/{version}", version]
    lines = git.run("ls-remote", "--symref", "--", url, *wanted).splitlines()
    pairs = [line.split("\t", 1) for line in lines if "\t" in line]
    if version is None:
        heads = [value.removeprefix("ref: ") for value, name in pairs if name == "HEAD" and value.startswith("ref: ")]
        if heads or any(name == "HEAD" for _, name in pairs):
            return heads[0] if heads else "HEAD"
        raise InvalidProject(f"{shown(url)} has no default branch: name one with --version")
    known = {name for _, name in pairs}
    found = [name for name in wanted[:2] if name in known]
    if len(found) == 2:
        raise InvalidProject(
            f"'{version}' is both a branch and a tag of {shown(url)}: write refs/heads/{version} or refs/tags/{version}"
        )
    if found or (version.startswith("refs/") and version in known):
        return found[0] if found else version
    if _COMMIT.fullmatch(version):
        return None
    raise InvalidProject(_unknown(git, url, version))


def _unknown(git: Fetcher, url: str, version: str) -> str:
    listing = git.run("ls-remote", "--heads", "--tags", "--refs", "--", url).splitlines()
    names = [line.partition("\t")[2].split("/", 2)[-1] for line in listing if "\t" in line]
    some = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    return f"{shown(url)} has no version '{version}' (it has: {some or 'none'}){nearest(version, names)}"


def _fetch_one(git: Fetcher, url: str, name: str) -> str:
    """The commit of a branch or tag; without its history where the server can leave that out."""
    try:
        git.run(*_FETCH, "--depth=1", "--", url, f"+{name}:{_NEW}")
    except GitFailed:
        git.run(*_FETCH, "--", url, f"+{name}:{_NEW}")
    commit = git.line("rev-parse", "--verify", "--quiet", f"{_NEW}^{{commit}}")
    if commit is None:
        raise InvalidProject(f"{name} of {shown(url)} names no commit")
    return commit


def _fetch_commit(git: Fetcher, url: str, version: str) -> str:
    """A commit by its number: alone if the server gives it, else with all branches and tags."""
    if _FULL_COMMIT.fullmatch(version):
        try:
            git.run(*_FETCH, "--depth=1", "--", url, f"+{version}:{_NEW}")
        except GitFailed:
            pass
        else:
            return version
    whole = ["--unshallow"] if (git.folder / "shallow").is_file() else []
    git.run(*_FETCH, *whole, "--", url, *_ALL)
    commit = git.line("rev-parse", "--verify", "--quiet", f"{version}^{{commit}}")
    if commit is None:
        raise InvalidProject(f"{shown(url)} has no commit '{version}' in its branches and tags")
    return commit


def _check_out(kept: Path, root: Path, uri: str, revision: _Revision) -> None:
    """A repository of its own at ``root`` with this commit alone; its origin is the project's."""
    git = Fetcher(root, "file")
    git.run("init", "--quiet", "--template=")
    git.run(*_FETCH, "--depth=1", "--", str(kept), f"{_KEPT}/{revision.commit}")
    git.run("config", "remote.origin.url", uri)
    branch = revision.branch
    place = ["-B", branch] if branch is not None and not branch.startswith("-") else ["--detach"]
    git.run("checkout", "--quiet", "--force", *place, revision.commit, "--")
    _check_links(git, root, uri)


def _check_links(git: Fetcher, root: Path, uri: str) -> None:
    """
    Raises:
        InvalidProject: a link of the repository leads out of it.
    """
    top = root.resolve()
    for entry in git.run("ls-files", "--stage", "-z").split("\0"):
        about, _, name = entry.partition("\t")
        if about.startswith("120000 ") and not (root / name).resolve().is_relative_to(top):
            raise InvalidProject(f"{uri} holds {name}, a link that leads out of the repository: it is not used")


def _notes(root: Path) -> tuple[str, ...]:
    if (root / ".gitmodules").is_file():
        return ("the repository has submodules, which are not fetched: their folders are empty",)
    return ()
