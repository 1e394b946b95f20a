"""Two recorded states of the code, compared in their repository: the commits with their patches, as whole trees.

Nothing in the repository is changed: the index and the new objects are in a folder of their own.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from solvent.provenance.git import Git, top_of
from solvent.tracking.compare import patches
from solvent.wire.compare import FileChange

MAX_DIFF = 8 << 20
"""Bytes of the difference of two trees."""
MAX_PATCH = 9 << 20
"""Bytes of a recorded patch."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_OPTIONS = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--full-index")


class State(NamedTuple):
    """A commit, and the patches that make of it what ran."""

    commit: str
    patches: Sequence[bytes] = ()


class _Scratch(Git):
    """git in a repository, with an index and new objects elsewhere."""

    def __init__(self, top: Path, folder: Path, objects: str) -> None:
        super().__init__(top, here=True)
        (folder / "objects").mkdir(exist_ok=True)
        self._own = {
            "GIT_INDEX_FILE": str(folder / "index"),
            "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects,
        }

    def _environment(self) -> dict[str, str]:
        return super()._environment() | self._own


def holds(folder: Path, commits: Sequence[str]) -> bool:
    """Whether the repository that a folder lies in has all these commits."""
    top = top_of(folder)
    if top is None or not all(_COMMIT.fullmatch(commit) for commit in commits):
        return False
    git = Git(top, here=True)
    return all(git.run("cat-file", "-e", f"{commit}^{{commit}}") is not None for commit in commits)


def tree_changes(folder: Path, before: State, after: State, *, with_text: bool) -> list[FileChange] | str:
    """The files that are not the same in both states, or why that can't be said. The repository ``holds`` both."""
    top = top_of(folder)
    objects = Git(top, here=True).line("rev-parse", "--path-format=absolute", "--git-path", "objects") if top else None
    if top is None or objects is None:
        return "the repository can't be read"
    with tempfile.TemporaryDirectory(prefix="solvent-diff-") as name:
        git = _Scratch(top, Path(name), objects)
        trees = []
        for state in (before, after):
            tree = _tree(git, Path(name), state)
            if tree is None:
                return f"what was recorded beside the commit {state.commit[:8]} can't be applied to it"
            trees.append(tree)
        output = git.run("diff", *_OPTIONS, *trees, "--", limit=MAX_DIFF)
    if output is None or len(output) > MAX_DIFF:
        return f"the difference is larger than {MAX_DIFF >> 20} MiB: see 'git diff {before.commit} {after.commit}'"
    return patches.changes({}, patches.parse(output.decode("utf-8", "backslashreplace")), with_text=with_text)


def _tree(git: Git, folder: Path, state: State) -> str | None:
    """The name of a state's tree; None if a patch does not fit."""
    if git.run("read-tree", state.commit) is None:
        return None
    for patch in state.patches:
        file = folder / "patch.diff"
        file.write_bytes(patch)
        if git.run("apply", "--cached", "--whitespace=nowarn", str(file)) is None:
            return None
    return git.line("write-tree")
