"""GitHub's workflow commands: annotations at the lines of a pull request.

GitHub shows at most ten of each level per step, so the worst come first, and the total is said at the end.
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions)
"""

from __future__ import annotations

from typing import Literal, TextIO

from solvent.debt.engine.check import Report
from solvent.debt.findings import REPOSITORY, Finding, Severity
from solvent.debt.formats.parts.order import worst_first
from solvent.debt.formats.parts.text import hours, visible
from solvent.debt.formats.parts.totals import total

Level = Literal["error", "warning", "notice"]
LEVELS: dict[Severity, Level] = {"blocker": "error", "high": "error", "medium": "warning", "low": "notice"}


def write(report: Report, out: TextIO) -> None:
    out.writelines(_finding(finding) for finding in worst_first(report.findings))
    out.writelines(
        command("warning", f"not looked at: {why}", file=path, title="Solvent: unreadable")
        for path, why in report.unreadable
    )
    for warned in report.warned:
        line = _line(warned.line, warned.cell)
        out.write(command("warning", warned.message, file=warned.path, line=line, title="Solvent: suppression"))
    out.writelines(command("notice", note) for note in report.notes)
    out.write(f"{total(report)}\n")


def command(level: Level, message: str, **properties: str | int | None) -> str:
    """One command. Properties that are None or 0 are left out."""
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{level}{' ' if given else ''}{given}::{_data(message)}\n"


def _finding(finding: Finding) -> str:
    where = "" if finding.cell is None else f"cell {finding.cell}, line {finding.line}: "
    return command(
        LEVELS[finding.severity],
        f"{where}{finding.message} ({hours(finding.minutes)} to mend)",
        file=None if finding.path == REPOSITORY else finding.path,
        line=_line(finding.line, finding.cell),
        endLine=_line(finding.end_line, finding.cell),
        col=_line(finding.column, finding.cell) if finding.line else None,
        title=f"{finding.code} {finding.rule}",
    )


def _line(line: int, cell: int | None) -> int | None:
    """A line within a cell says nothing about the notebook's file."""
    return line if cell is None else None


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(value: str | int) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
