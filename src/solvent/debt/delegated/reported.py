"""What a delegate reports of one file, as the rule that narrows it sees it."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from solvent.debt.findings import Found, Spot
from solvent.debt.project.summary import FileSummary
from solvent.debt.sources.notebook import read_notebook
from solvent.debt.sources.read import decode


class Reported(NamedTuple):
    """One diagnostic. ``cell`` counts all cells of a notebook from 0; lines are those of the file or the cell."""

    code: str
    cell: int | None
    line: int
    column: int
    end_line: int
    end_column: int
    message: str


class DelegatedFile:
    """A file with its reports. ``summary`` is what the engine knows of it."""

    def __init__(self, path: str, content: bytes, summary: FileSummary, reports: list[Reported]) -> None:
        self.path = path
        self.summary = summary
        self.reports = reports
        self._content = content

    def lines(self, cell: int | None) -> list[str]:
        """The source lines of the file, or of a cell."""
        return self._lines.get(cell, [])

    @cached_property
    def _lines(self) -> dict[int | None, list[str]]:
        if not self.path.endswith(".ipynb"):
            return {None: decode(self._content).split("\n")}
        notebook = read_notebook(self._content)
        return {cell.number: cell.source.splitlines() for cell in notebook.cells}

    def text(self, report: Reported) -> str:
        """The source that a report is about."""
        lines = self.lines(report.cell)[report.line - 1 : report.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: report.end_column - 1]
        lines[0] = lines[0][report.column - 1 :]
        return "\n".join(lines)

    def found(self, report: Reported, message: str, *, subject: str, end_line: int = 0) -> Found:
        """A finding where a report stands."""
        spot = Spot(self.path, report.line, report.column, end_line or report.end_line, report.cell)
        return Found(spot, message, self._symbol(report), subject)

    def _symbol(self, report: Reported) -> str:
        """The innermost function around a report; in notebooks, whose summaries know joined lines only, none."""
        if report.cell is not None:
            return "<module>"
        best = self.summary.functions[0]
        for function in self.summary.functions[1:]:
            if function.spot.line <= report.line <= function.end_line and function.spot.line >= best.spot.line:
                best = function
        return best.qualname
