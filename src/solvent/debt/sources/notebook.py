"""Notebooks as one Python source with a map of cells (the format: nbformat 4, and 3's worksheets)."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any, NamedTuple

from solvent.debt.sources.errors import Unreadable

_MAGIC = re.compile(r"^\s*[%!?]|^\s*[\w.]+\?{1,2}\s*$|^\s*\w[\w, ]*=\s*[%!]")
_CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
_PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "memit"})
"""Cell magics whose cell is Python all the same."""


class Cell(NamedTuple):
    """A code cell. ``number`` counts all cells from 0, ``first`` is its first line in the joined source.

    ``executed`` is the execution count that was saved; None if it was not run. ``failed`` says that its saved output
    holds an error. ``python`` is False for a cell in another language, whose lines are blank in the source.
    """

    number: int
    first: int
    source: str
    executed: int | None
    failed: bool
    python: bool


class Notebook(NamedTuple):
    """``source`` joins the code cells in written order, magics blanked, so that its lines are those of the cells."""

    cells: list[Cell]
    source: str
    language: str

    def cell_at(self, line: int) -> tuple[int, int]:
        """The number of the cell that holds a line of the joined source, and that cell's first line."""
        firsts = [cell.first for cell in self.cells]
        cell = self.cells[max(0, bisect_right(firsts, line) - 1)]
        return cell.number, cell.first


def read_notebook(content: bytes) -> Notebook:
    """A notebook file's code cells.

    Raises:
        Unreadable: no JSON, or no notebook.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not a notebook: {str(error)[:200]}") from None
    if not isinstance(document, dict):
        raise Unreadable("not a notebook: expected a JSON object")
    found = document.get("cells")
    if found is None and isinstance(document.get("worksheets"), list):
        sheets = [sheet for sheet in document["worksheets"] if isinstance(sheet, dict)]
        listed = (sheet.get("cells") for sheet in sheets)
        found = [cell for cells in listed if isinstance(cells, list) for cell in cells]
    if not isinstance(found, list):
        raise Unreadable("not a notebook: it has no list of cells")
    cells: list[Cell] = []
    lines: list[str] = []
    for number, each in enumerate(found):
        if not isinstance(each, dict) or each.get("cell_type") != "code":
            continue
        source = _text(each.get("source", each.get("input", "")))
        magic = _CELL_MAGIC.match(source)
        python = magic is None or magic[1] in _PYTHON_MAGICS
        count = each.get("execution_count", each.get("prompt_number"))
        outputs = each.get("outputs")
        failed = isinstance(outputs, list) and any(
            isinstance(out, dict) and out.get("output_type") in ("error", "pyerr") for out in outputs
        )
        cells.append(Cell(number, len(lines) + 1, source, count if type(count) is int else None, failed, python))
        lines += _python_lines(source) if python else [""] * max(1, len(source.splitlines()))
    return Notebook(cells, "\n".join(lines) + "\n", _language(document))


def _python_lines(source: str) -> list[str]:
    """The cell's lines, those that are no Python blanked; at least one, so that every cell has a place."""
    lines = source.splitlines() or [""]
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _MAGIC.match(line) and not _continues(lines, number):
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(f"{indent}pass" if indent else "")
        else:
            kept.append(line)
    return kept


def _continues(lines: list[str], number: int) -> bool:
    """Whether a line goes on from the one before it: an operator at its beginning is no magic then."""
    before = lines[number - 1].rstrip() if number else ""
    return before.endswith(("\\", ",", "(", "[", "{"))


def _text(source: Any) -> str:
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _language(document: dict[str, Any]) -> str:
    """The language of its kernel, ``python`` if it does not say."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return "python"
    for key in ("kernelspec", "language_info"):
        told = metadata.get(key)
        if isinstance(told, dict):
            name = told.get("language") or told.get("name")
            if isinstance(name, str) and name:
                return "python" if "python" in name.lower() else name.lower()
    return "python"
