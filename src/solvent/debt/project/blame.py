"""How old lines are, by git's blame: few files, few lines, and only for a while."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from solvent.provenance.git import Git

SECONDS = 2.0
"""So long it may take for all files together; what is not known by then stays unknown."""
MOST_FILES = 100
MOST_LINES = 50
DAY = 86_400
_HEAD = re.compile(rb"^[0-9a-f]{40,64} \d+ (\d+)")


def days_unchanged(
    root: Path, lines: Mapping[str, Sequence[int]], limit: int, now: float | None = None
) -> dict[tuple[str, int], int]:
    """For each (path, line) of tracked files, for how many days nobody has changed it.

    History is only followed for ``limit`` days back: a line that is older is at least that old. Lines that are not
    committed, and all that could not be asked in time, are missing.
    """
    git = Git(root, here=True)
    deadline = time.monotonic() + SECONDS
    now = time.time() if now is None else now
    found: dict[tuple[str, int], int] = {}
    for path in sorted(lines)[:MOST_FILES]:
        if time.monotonic() > deadline:
            break
        ranges = [f"-L{line},{line}" for line in sorted(set(lines[path]))[:MOST_LINES]]
        since = f"--since={int(now - limit * DAY)}"
        output = git.run("blame", "--porcelain", since, *ranges, "--", path)
        for line, committed in _times(output or b"").items():
            found[path, line] = max(0, int((now - committed) // DAY))
    return found


def _times(porcelain: bytes) -> dict[int, int]:
    """When each line was committed. Only the first line of each commit tells its time; what is not committed is out."""
    times: dict[bytes, int] = {}
    commits: dict[int, bytes] = {}
    commit = b""
    for each in porcelain.split(b"\n"):
        if head := _HEAD.match(each):
            commit = each.partition(b" ")[0]
            commits[int(head[1])] = commit
        elif each.startswith(b"committer-time ") and commit.strip(b"0"):
            times[commit] = int(each.split()[1])
    return {line: times[commit] for line, commit in commits.items() if commit in times}
