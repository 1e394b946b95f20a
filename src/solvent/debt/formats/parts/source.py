"""The line of code that a finding is about, read again from its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from solvent.debt.findings import Finding
from solvent.debt.formats.parts.text import columns, visible
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.notebook import read_notebook
from solvent.debt.sources.read import decode, read_file

WIDTH = 120
"""The part of a line that is shown, in characters."""
TAB = 4

Lines = Callable[[int | None], list[str]]


class Sources:
    """Lines of a project's files. The last file is kept, for findings come file by file."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = ""
        self._lines: Lines = _nothing

    def line(self, finding: Finding) -> str | None:
        """The whole line as it is in the file; None if there is none, or the file has gone or can't be read."""
        if not finding.line:
            return None
        if finding.path != self._path:
            self._path, self._lines = finding.path, _read(self._root / finding.path)
        lines = self._lines(finding.cell)
        return lines[finding.line - 1] if 0 < finding.line <= len(lines) else None


def shown(line: str, column: int) -> tuple[str, int]:
    """What to show of a line, and the columns before the place that ``column`` (from 1) names.

    Indentation is dropped, tabs are spaces, and of a very long line the surroundings are shown.

    >>> shown("    x == np.nan", 5)
    ('x == np.nan', 0)
    """
    line = line.rstrip()
    position = min(max(column - 1, 0), len(line))
    indent = min(len(line) - len(line.lstrip()), position)
    before, after = line[indent:position], line[position:]
    if len(before) + len(after) > WIDTH:
        if len(before) > WIDTH // 2:
            before = "…" + before[-(WIDTH // 2) :]
        if len(after) > WIDTH - len(before):
            after = after[: WIDTH - len(before)] + "…"
    before, after = (visible(part.replace("\t", " " * TAB)) for part in (before, after))
    return before + after, columns(before)


def _read(path: Path) -> Lines:
    try:
        content = read_file(path)
        if path.suffix == ".ipynb":
            cells = {cell.number: cell.source.splitlines() for cell in read_notebook(content).cells}
            return lambda cell: cells.get(-1 if cell is None else cell, [])
        lines = decode(content).split("\n")
        return lambda _: lines
    except (Unreadable, ValueError):
        return _nothing


def _nothing(_: int | None) -> list[str]:
    return []
