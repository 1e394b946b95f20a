"""What each rule has found: how many, how long to mend, which share of the whole (``--statistics``)."""

from __future__ import annotations

from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.formats.parts.order import statistics_of
from solvent.debt.formats.parts.paint import RATING_STYLES, Painter
from solvent.debt.formats.parts.text import hours
from solvent.debt.formats.parts.totals import problems, total


def write(report: Report, out: TextIO) -> None:
    """The table, and the total below it."""
    write_table(report, out)
    painter = Painter(out)
    for problem in problems(report):
        painter.line(problem)
    painter.line((total(report), RATING_STYLES[report.summary.rating]))


def write_table(report: Report, out: TextIO) -> None:
    """The table alone; nothing if there are no findings."""
    found = statistics_of(report.findings)
    if not found:
        return
    rows = [("findings", "to mend", "share", "code", "rule")]
    rows += [(f"{s.findings:,}", hours(s.minutes), f"{s.share:.1%}", s.code, s.rule) for s in found]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    painter = Painter(out)
    for number, (findings, minutes, share, code, rule) in enumerate(rows):
        numbers = f"{findings:>{widths[0]}}  {minutes:>{widths[1]}}  {share:>{widths[2]}}  "
        style = "dim" if not number else ""
        painter.line((numbers, style), (f"{code:6}", style or "bold"), (f"  {rule}", style))
    painter.line()
