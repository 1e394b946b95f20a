"""The versions of a contract's file that git keeps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from solvent.data.contract.diff import diff
from solvent.data.contract.model import Contract
from solvent.data.contract.read import parse_contract
from solvent.data.contract.versions import Bump, is_enough
from solvent.data.contract.yaml_text import MAX_BYTES, text_of
from solvent.data.errors import InvalidContract
from solvent.errors import NotFound
from solvent.provenance.git import Git

MOST = 200
"""Commits that are looked at, the newest ones."""


class Entry(msgspec.Struct, frozen=True):
    """One commit of the file. ``problem`` is why it is no contract there; then the version and what follows are empty.

    ``needed`` is the bump that its changes against the version before ask for, ``enough`` whether it was made; both are
    None for the first version, and where versions can't be compared.
    """

    commit: str
    time: str
    author: str
    subject: str
    version: str = ""
    status: str = ""
    digest: str = ""
    levels: dict[str, int] = {}
    needed: Bump | None = None
    enough: bool | None = None
    problem: str | None = None


def at_revision(path: Path, revision: str) -> str | None:
    """The file's text at a revision of its repository; None if it was not there then.

    Raises:
        NotFound: there is no repository, or no such revision.
        InvalidContract: the file is too large, or no UTF-8.
    """
    git = _git(path)
    if not revision or revision.startswith("-") or "\0" in revision:
        raise NotFound(f"there is no revision '{revision}'")
    commit = git.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise NotFound(f"there is no revision '{revision}' in the repository of {path}")
    return _text_at(git, commit, path)


def earlier(path: Path) -> Iterator[Contract]:
    """The contracts that the file's commits held, the newest first; what is no contract is passed over."""
    try:
        git = _git(path)
    except NotFound:
        return
    for commit, *_ in _commits(git, path):
        try:
            text = _text_at(git, commit, path)
            if text is not None:
                yield parse_contract(text, f"{path} at {commit[:10]}")
        except InvalidContract:
            continue


def history(path: Path) -> list[Entry]:
    """All versions, the newest first.

    Raises:
        NotFound: the file is in no repository, or in no commit of it.
    """
    git = _git(path)
    entries: list[Entry] = []
    before: Contract | None = None
    for commit, when, author, subject in reversed(_commits(git, path)):
        entry = Entry(commit, when, author, subject)
        try:
            text = _text_at(git, commit, path)
            if text is None:
                entries.append(msgspec.structs.replace(entry, problem="the file was removed"))
                continue
            contract = parse_contract(text, str(path))
        except InvalidContract as error:
            entries.append(msgspec.structs.replace(entry, problem=str(error)))
            continue
        entries.append(_compared(entry, before, contract))
        before = contract
    if not entries:
        raise NotFound(f"no commit holds {path}: commit it first ('git add', 'git commit')")
    return entries[::-1]


def _compared(entry: Entry, before: Contract | None, contract: Contract) -> Entry:
    entry = msgspec.structs.replace(entry, version=contract.version, status=contract.status, digest=contract.digest)
    if before is None:
        return entry
    try:
        found = diff(before, contract)
    except InvalidContract:  # versions of another kind
        return entry
    levels: dict[str, int] = {}
    for change in found.changes:
        levels[change.level] = levels.get(change.level, 0) + 1
    enough = is_enough(found.needed, found.made)
    return msgspec.structs.replace(entry, levels=levels, needed=found.needed, enough=enough)


def _git(path: Path) -> Git:
    git = Git(path.resolve().parent, here=True)
    if git.line("rev-parse", "--git-dir") is None:
        raise NotFound(f"{path} is in no git repository (or git is not installed): there are no earlier versions")
    return git


def _commits(git: Git, path: Path) -> list[list[str]]:
    name = path.resolve().name
    output = git.run("log", f"--max-count={MOST}", "-z", "--format=%H%x1f%cI%x1f%an%x1f%s", "--", f":(literal){name}")
    records = os.fsdecode(output or b"").split("\0")
    return [record.strip("\n").split("\x1f", 3) for record in records if record.count("\x1f") >= 3]


def _text_at(git: Git, commit: str, path: Path) -> str | None:
    content = git.run("cat-file", "blob", f"{commit}:./{path.resolve().name}", limit=MAX_BYTES)
    return text_of(content, str(path)) if content is not None else None
