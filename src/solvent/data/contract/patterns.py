"""Regular expressions of contracts: the standard's are searched for, as JSON Schema's are; an engine matches whole texts."""

from __future__ import annotations

import re

_BEYOND = (
    (r"\(\?<?[=!]", "looks ahead or behind"),
    (r"\\[1-9]|\(\?P=", "refers back to a group"),
    (r"\(\?>|[*+?}]\+", "has atomic groups or possessive repetitions"),
    (r"\(\?\(", "has conditions"),
)
_RE2_ALONE = re.compile(r"\\[pPzCQEK]|\[\[:|\(\?[a-zA-Z-]+[):]|\(\?<[a-zA-Z]")

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
    bare = re.sub(r"\\\\", "", pattern)
    for construct, words in _BEYOND:
        if re.search(rf"(?<!\\)(?:{construct})", bare):
            return f"the pattern {words}, which takes more than linear time: RE2's syntax has no such thing"
    if not _RE2_ALONE.search(pattern):
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            return f"no regular expression: {error}"
    return None


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
