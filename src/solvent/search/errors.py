"""Errors of search.

InvalidInput
|- SearchError       a filter or an order_by that can't be understood; points at the character
`- BadPageToken      a page token that is damaged, or of another query
"""

from __future__ import annotations

from solvent.errors import InvalidInput

_BEFORE, _AFTER = 50, 30


class SearchError(InvalidInput):
    """The first line says all; the next two show the text around the character and a caret below it.

    ``position`` counts characters from 0; the message counts from 1.
    """

    def __init__(self, problem: str, text: str, position: int, *, where: str = "filter") -> None:
        self.position = position
        super().__init__(f"Invalid {where}, character {position + 1}: {problem}\n{_picture(text, position)}")


class BadPageToken(InvalidInput):
    pass


def shown(text: str) -> str:
    """A piece of the user's text for an error line: printable and short."""
    clean = "".join(char if char.isprintable() else "?" for char in text)
    return clean if len(clean) <= 60 else clean[:57] + "..."


def _picture(text: str, position: int) -> str:
    start = max(0, position - _BEFORE)
    end = min(len(text), position + _AFTER)
    head = "..." if start else ""
    tail = "..." if end < len(text) else ""
    line = "".join(char if char.isprintable() else " " for char in text[start:end])
    return f"  {head}{line}{tail}\n  {' ' * (len(head) + position - start)}^"
