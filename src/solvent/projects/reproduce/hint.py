"""What to do about artifacts that are other files while no metric is off."""

from __future__ import annotations

import glob
import shlex
from collections.abc import Sequence
from pathlib import PurePosixPath

from solvent.projects.reproduce.verdict import Difference

_MOST_NAMED = 3


def hint(differences: Sequence[Difference], unstable: Sequence[str]) -> str:
    """How to leave out the artifacts that made the difference; '' if it was not they.

    >>> hint([Difference("artifact", "model/a b.skops", "1", "2")], [])
    "only model/a b.skops is another file: if its bytes don't matter, add --ignore 'model/a b.skops'"
    >>> hint([], ["plot.png"])
    'plot.png is another file at each run: --ignore plot.png saves the repetitions that find that out'
    >>> hint([Difference("metric", "auc", 1.0, 2.0)], [])
    ''
    """
    if unstable:
        flags = _flags(unstable)
        return f"{_named(unstable)} at each run: {flags} saves the repetitions that find that out"
    apart = [each for each in differences if not each.within]
    if not apart or any(each.kind != "artifact" or each.before is None or each.now is None for each in apart):
        return ""
    paths = [each.key for each in apart]
    its = "its" if len(paths) == 1 else "their"
    return f"only {_named(paths)}: if {its} bytes don't matter, add {_flags(paths)}"


def _named(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return f"{paths[0]} is another file"
    some = ", ".join(paths[:_MOST_NAMED]) + (
        f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    )
    return f"{some} are other files"


def _flags(paths: Sequence[str]) -> str:
    """One pattern for each artifact; for many, one for each kind of file."""
    patterns = [glob.escape(path) for path in paths]
    suffixes = {PurePosixPath(path).suffix for path in paths}
    if len(patterns) > _MOST_NAMED and "" not in suffixes:
        patterns = [f"*{glob.escape(suffix)}" for suffix in sorted(suffixes)]
    return " ".join(f"--ignore {shlex.quote(pattern)}" for pattern in patterns)
