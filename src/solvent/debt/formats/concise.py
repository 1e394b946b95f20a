"""One line per finding: ``path:line:column: CODE message``."""

from __future__ import annotations

from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding


def write(report: Report, out: TextIO) -> None:
    out.writelines(f"{place_of(finding)}: {finding.code} {finding.message}\n" for finding in report.findings)
    out.write(f"{total(report)}\n")


def place_of(finding: Finding) -> str:
    """Where it is, as editors and terminals understand it."""
    cell = f":cell {finding.cell}" if finding.cell is not None else ""
    line = f":{finding.line}:{finding.column}" if finding.line else ""
    return f"{finding.path}{cell}{line}"


def total(report: Report) -> str:
    """The last line: how many, how long, which rating."""
    summary = report.summary
    count = f"{summary.findings} finding{'' if summary.findings == 1 else 's'}"
    files = f"{summary.files:,} file{'' if summary.files == 1 else 's'}, {summary.lines:,} lines"
    if not summary.findings:
        return f"No debt found in {files}: rating {summary.rating}."
    return f"{count}, {hours(summary.minutes)} to mend, in {files}: rating {summary.rating} ({summary.ratio:.1%})."


def hours(minutes: int) -> str:
    """
    >>> hours(45), hours(60), hours(135)
    ('45 min', '1 h', '2 h 15 min')
    """
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
