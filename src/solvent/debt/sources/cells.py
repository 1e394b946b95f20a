"""Changing the source of a notebook's cells, and not one byte of what is around it.

A notebook that is read and written by a JSON library comes back with other escapes, numbers or indents, and the diff
hides the change. So the text is searched for the place of each cell's source, and only its changed lines are replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from solvent.debt.sources.errors import Unreadable

_BLANKS = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_INNER = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]')
_PLAIN = re.compile(r"[^,\]}\s]+")
_UNIT = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]")


class _Span(NamedTuple):
    start: int
    end: int


def with_sources(content: bytes, sources: Mapping[int, str]) -> bytes:
    """The notebook file with other sources in some code cells, by their numbers (all cells count, from 0).

    Raises:
        Unreadable: it is not in UTF-8, or no notebook.
    """
    try:
        text = content.decode()
        json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not a notebook in UTF-8: {str(error)[:200]}") from None
    start = 1 if text.startswith("\ufeff") else 0
    plain = text.isascii()
    cells = list(_cells(text, start))
    if any(number >= len(cells) for number in sources):
        raise Unreadable("it has fewer cells than before")
    for number in sorted(sources, reverse=True):
        span = cells[number]
        text = text[: span.start] + _rewritten(text[span.start : span.end], sources[number], plain) + text[span.end :]
    return text.encode()


def _cells(text: str, start: int) -> Iterator[_Span]:
    """Where the source of each cell stands; an empty place for a cell without one."""
    top = dict(_members(text, _blanks(text, start)))
    if "cells" in top:
        lists = [top["cells"]]
    elif "worksheets" in top:
        sheets = [dict(_members(text, each.start)) for each in _items(text, top["worksheets"].start)]
        lists = [sheet["cells"] for sheet in sheets if "cells" in sheet]
    else:
        raise Unreadable("not a notebook: it has no list of cells")
    for each in lists:
        for cell in _items(text, each.start):
            members = dict(_members(text, cell.start))
            yield members.get("source") or members.get("input") or _Span(cell.end, cell.end)


def _members(text: str, at: int) -> Iterator[tuple[str, _Span]]:
    """The values of the object that begins at a place; of equal keys the last counts, as it does for ``json``."""
    if text[at : at + 1] != "{":
        return
    at = _blanks(text, at + 1)
    while text[at] != "}":
        key = _STRING.match(text, at)
        assert key is not None
        colon = _blanks(text, key.end())
        value = _value(text, _blanks(text, colon + 1))
        yield json.loads(key[0]), value
        at = _next(text, value.end)


def _items(text: str, at: int) -> Iterator[_Span]:
    if text[at : at + 1] != "[":
        return
    at = _blanks(text, at + 1)
    while text[at] != "]":
        value = _value(text, at)
        yield value
        at = _next(text, value.end)


def _next(text: str, at: int) -> int:
    """The next member or the closing bracket."""
    at = _blanks(text, at)
    return _blanks(text, at + 1) if text[at] == "," else at


def _blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found is not None else at


def _value(text: str, at: int) -> _Span:
    if text[at] in "[{":
        depth = 0
        for found in _INNER.finditer(text, at):
            mark = found[0][0]
            depth += (mark in "[{") - (mark in "]}")
            if depth == 0:
                return _Span(at, found.end())
    scalar = (_STRING if text[at] == '"' else _PLAIN).match(text, at)
    assert scalar is not None
    return _Span(at, scalar.end())


def _rewritten(value: str, source: str, plain: bool) -> str:
    """The JSON of a source, string or list of lines, with other text; lines that stay keep their bytes."""
    if value.startswith('"'):
        return f'"{"".join(_merged(_lines(value[1:-1]), source, plain))}"'
    spans = list(_items(value, 0))
    if not spans:
        return value
    raw = _lines("".join(value[span.start + 1 : span.end - 1] for span in spans))
    opening = value[: spans[0].start]
    between = value[spans[0].end : spans[1].start] if len(spans) > 1 else f",{opening[1:]}"
    closing = value[spans[-1].end :]
    return opening + between.join(f'"{line}"' for line in _merged(raw, source, plain)) + closing


def _lines(raw: str) -> list[str]:
    """The lines of a JSON string's inside, each with its ``\\n``."""
    lines = [""]
    for unit in _UNIT.finditer(raw):
        lines[-1] += unit[0]
        if json.loads(f'"{unit[0]}"') == "\n":
            lines.append("")
    return lines if lines[-1] else lines[:-1]


def _merged(raw: list[str], source: str, plain: bool) -> Iterator[str]:
    """The raw lines of a new text: the old ones where they are the same."""
    before = [json.loads(f'"{line}"') for line in raw]
    now = [line for line in re.split(r"(?<=\n)", source) if line]
    for kind, first, end, new_first, new_end in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from raw[first:end]
        else:
            yield from (json.dumps(line, ensure_ascii=plain)[1:-1] for line in now[new_first:new_end])
