"""Text of others, made fit to be shown: paths, names and lines of code may hold anything."""

from __future__ import annotations

import unicodedata

from solvent.debt.findings import Finding


def visible(text: str) -> str:
    r"""One line without control characters: a path or a line of code must not move the terminal's cursor.

    >>> visible("a\x1b[2Jb\nc")
    'a\\x1b[2Jb\\nc'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def encodable(text: str) -> str:
    r"""The text with what UTF-8 can't hold spelled out: names of files that are no text are read with surrogates.

    >>> encodable("caf\udce9.py")
    'caf\\udce9.py'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def columns(text: str) -> int:
    """The columns that a terminal needs for a text.

    >>> columns("日本"), columns("e\u0301")
    (4, 1)
    """
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def place_of(finding: Finding) -> str:
    """Where it is, as editors and terminals understand it."""
    return visible(spot(finding.path, finding.line, finding.column, finding.cell))


def spot(path: str, line: int, column: int, cell: int | None) -> str:
    """
    >>> spot("a.py", 3, 1, None), spot("a.ipynb", 3, 0, 7), spot("a.py", 0, 0, None)
    ('a.py:3:1', 'a.ipynb:cell 7:3', 'a.py')
    """
    shown = path if cell is None else f"{path}:cell {cell}"
    if not line:
        return shown
    return f"{shown}:{line}:{column}" if column else f"{shown}:{line}"


def count(number: int, noun: str) -> str:
    """
    >>> count(1, "file"), count(1200, "file")
    ('1 file', '1,200 files')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def hours(minutes: int) -> str:
    """
    >>> hours(45), hours(60), hours(135)
    ('45 min', '1 h', '2 h 15 min')
    """
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60:,} h" + (f" {minutes % 60} min" if minutes % 60 else "")
