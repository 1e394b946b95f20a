"""The git command where it fetches: the user's credentials, and nothing that a repository could start."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from solvent.projects.errors import SourceFailed
from solvent.provenance.redact import redact_text

_LONGEST_REASON = 500
_PLACES = frozenset(
    [
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_INDEX_FILE", "GIT_NAMESPACE"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"),
        *("GIT_TEMPLATE_DIR", "GIT_EXTERNAL_DIFF", "GIT_PROTOCOL_FROM_USER"),
    ]
)
_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.lowSpeedLimit=1000",  # bytes a second, for a minute: who is slower is gone
    "http.lowSpeedTime=60",
    "advice.detachedHead=false",
    "init.defaultBranch=main",
)


class GitFailed(SourceFailed):
    """git has ended with an error; the message is its reason."""


class Fetcher:
    """git with one repository, speaking one protocol.

    Args:
        folder: the repository (bare) or its working tree.
        protocols: what ``GIT_ALLOW_PROTOCOL`` is to be, such as ``https``.
    """

    def __init__(self, folder: Path, protocols: str, *, bare: bool = False) -> None:
        self.folder = folder
        self._place = [f"--git-dir={folder}"] if bare else ["-C", str(folder)]
        self._protocols = protocols

    def run(self, *arguments: str) -> str:
        """What git says on stdout.

        Raises:
            GitFailed: it failed.
            SourceFailed: there is no git.
        """
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            done = subprocess.run(  # noqa: S603 - a list, no shell; what strangers name follows a "--"
                ["git", "--no-pager", *settings, *self._place, *arguments],  # noqa: S607 - the user's git
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
            )
        except FileNotFoundError:
            raise SourceFailed("git, which fetches repositories, is not on this machine: install it") from None
        if done.returncode:
            raise GitFailed(_reason(os.fsdecode(done.stderr)))
        return os.fsdecode(done.stdout)

    def line(self, *arguments: str) -> str | None:
        """What git says, on one line; None if it failed."""
        try:
            return self.run(*arguments).strip() or None
        except GitFailed:
            return None

    def _environment(self) -> dict[str, str]:
        variables = {name: value for name, value in os.environ.items() if name not in _PLACES}
        if "GIT_SSH" not in variables:  # no question that nobody sees
            variables.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
        return variables | {
            "GIT_ALLOW_PROTOCOL": self._protocols,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
        }


def _reason(text: str) -> str:
    """The line that says why, without secrets."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))] or lines[-1:]
    if telling and "Could not read from remote repository" in telling[0]:  # ssh has said why, in its own words
        telling = [*lines[: lines.index(telling[0])][-2:], *telling]
    return redact_text("; ".join(dict.fromkeys(telling)))[:_LONGEST_REASON] or "git gave no reason"
