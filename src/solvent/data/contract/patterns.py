"""Regular expressions of contracts: the standard's are searched for, as JSON Schema's are; an engine matches whole texts."""

from __future__ import annotations

import re
import warnings

_BEYOND = (
    (r"\(\?<?[=!]", "looks ahead or behind"),
    (r"\\[1-9]|\(\?P=", "refers back to a group"),
    (r"\(\?>|[*+?}]\+", "has atomic groups or possessive repetitions"),
    (r"\(\?\(", "has conditions"),
)
_ESCAPED = re.compile(r"\\\\|\\[pPx]\{[^}]*\}|\\[()\[\]]")
_CLASS = re.compile(r"\[\^?\]?(?>(?:\[:\^?\w+:\]|\\.|[^\]\\])*)\]", re.DOTALL)
"""Where no character is what it is elsewhere."""
_RE2_ALONE = re.compile(r"\\x\{|\\[pPzCQEK]|\[\[:|\(\?[a-zA-Z-]+[):]|\(\?<[a-zA-Z]")

LONGEST = 10_000
"""Characters of a pattern. To look at one takes time that grows with their square; one of a list of words has some 1,000."""

FORMATS = {
    "email": r"[^@\s]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?",
    "uuid": r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:\S+",
    "hostname": r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
    "ipv4": r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}",
    "byte": r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}
"""Formats of texts that are checked, each by an expression that the whole text must match."""


def problem_of(pattern: str) -> str | None:
    """Why an engine could not use a pattern; None if nothing is known against it."""
    if len(pattern) > LONGEST:
        return f"a pattern of {len(pattern):,} characters is longer than {LONGEST:,}: list the values instead"
    bare = _CLASS.sub("x", _ESCAPED.sub("x", pattern))
    for construct, words in _BEYOND:
        if re.search(rf"(?<!\\)(?:{construct})", bare):
            return f"the pattern {words}, which takes more than linear time: RE2's syntax has no such thing"
    if not _closes(bare):
        return "no regular expression: its brackets don't close"
    if not _RE2_ALONE.search(pattern):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # of what Python's own may mean one day
                re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            return f"no regular expression: {error}"
    return None


def _closes(bare: str) -> bool:
    """Whether each group is closed, and none that is not open: a pattern is put into a group of ours."""
    depth = 0
    for char in re.sub(r"\\.", "", bare, flags=re.DOTALL):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def is_anchored(pattern: str) -> bool:
    """Whether a pattern speaks of a text's beginning and of its end."""
    return pattern.startswith(("^", r"\A")) and pattern.endswith(("$", r"\z"))


def whole(pattern: str) -> str:
    r"""The expression that a whole text matches if and only if ``pattern`` is found in it.

    >>> whole("^[A-Z]{3}$"), whole("[0-9]")
    ('[A-Z]{3}', '(?s:.*)(?:[0-9])(?s:.*)')
    """
    if pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern:
        inner = pattern[1:-1]
        if (len(inner) - len(inner.rstrip("\\"))) % 2 == 0:
            return inner
    return f"(?s:.*)(?:{pattern})(?s:.*)"
