"""Regular expressions of other tools. In the standard, as in JSON Schema, a pattern is searched for in a text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from solvent.data.contract.patterns import problem_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_PATTERN = 10_000


def begun(pattern: str) -> str:
    """A pattern that the beginning of a text had to match.

    >>> begun("[A-Z]+"), begun("^a"), begun("^a|b")
    ('^(?:[A-Z]+)', '^a', '^(?:^a|b)')
    """
    return pattern if pattern.startswith("^") and "|" not in pattern else f"^(?:{pattern})"


def whole(pattern: str) -> str:
    """A pattern that a whole text had to match.

    >>> whole("[A-Z]+")
    '^(?:[A-Z]+)$'
    """
    return f"^(?:{pattern})$"


def escaped(text: str) -> str:
    """A pattern that matches just this text.

    >>> escaped("a.b")
    'a\\\\.b'
    """
    return "".join("\\" + sign if sign in r"\^$.|?*+()[]{}" else sign for sign in text)


def why_not_linear(pattern: str) -> str | None:
    """Why RE2, which takes linear time, or a contract does not take a pattern; None if both do."""
    import duckdb

    if len(pattern) > MAX_PATTERN:
        return f"a pattern longer than {MAX_PATTERN:,} characters"
    try:
        _connection().execute("SELECT regexp_matches('', ?)", [pattern])
    except duckdb.Error as error:
        said = " ".join(str(error).split()).removeprefix("Invalid Input Error: ")
        return f"RE2, which takes linear time, has no such pattern: {said[:200]}"
    return problem_of(pattern)


@cache
def _connection() -> DuckDBPyConnection:
    import duckdb

    return duckdb.connect()
