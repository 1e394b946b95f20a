"""Revisions that a state is compared with: which commit, and why it may be out of reach."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from solvent.debt.errors import UnknownRevision
from solvent.provenance.git import Git

_DEFAULTS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class Base(NamedTuple):
    """The commit that is compared with. ``name`` is what people call it."""

    git: Git
    commit: str
    name: str


def merge_base(root: Path, revision: str | None) -> Base:
    """The last commit that HEAD and a revision have in common; None: the branch that others start from.

    Raises:
        UnknownRevision: no repository, no commit, no such revision, or none in common; the message says which.
    """
    git = Git(root, here=True)
    if git.line("rev-parse", "--git-dir") is None:
        raise UnknownRevision(
            f"{root} is in no git repository (or git is not installed): there is nothing to compare with"
        )
    head = _commit(git, "HEAD")
    if head is None:
        raise UnknownRevision(f"the repository of {root} has no commits yet: there is nothing to compare with")
    if revision is None:
        revision = next((name for name in _DEFAULTS if _commit(git, name) is not None), None)
        if revision is None:
            raise UnknownRevision(f"neither {', '.join(_DEFAULTS[1:])} is there: say what to compare with by --base")
    named = _commit(git, revision)
    if named is None:
        raise UnknownRevision(f"there is no revision '{revision}'{_if_shallow(git)}")
    common = git.line("merge-base", named, head)
    if common is None:
        raise UnknownRevision(f"'{revision}' and HEAD have no commit in common{_if_shallow(git)}")
    return Base(git, common, f"{revision} ({common[:10]})")


def _commit(git: Git, revision: str) -> str | None:
    if revision.startswith("-") or not revision or "\0" in revision:
        return None
    return git.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")


def _if_shallow(git: Git) -> str:
    if git.line("rev-parse", "--is-shallow-repository") != "true":
        return ""
    return ": this clone is shallow; fetch the rest ('git fetch --unshallow', or fetch-depth: 0 in CI)"


def names_of(listing: bytes | None) -> list[str]:
    """The names of a listing with ``-z``."""
    return [os.fsdecode(name) for name in (listing or b"").split(b"\0") if name]
