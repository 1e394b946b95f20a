"""For people at a terminal: each finding with its line of code, its price, and how to learn more."""

from __future__ import annotations

from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from solvent.debt.formats.parts.order import worst_first
from solvent.debt.formats.parts.paint import RATING_STYLES, SEVERITY_STYLES, Painter
from solvent.debt.formats.parts.source import Sources, shown
from solvent.debt.formats.parts.text import hours, place_of, visible
from solvent.debt.formats.parts.totals import problems, total


def write(report: Report, out: TextIO) -> None:
    painter = Painter(out)
    sources = Sources(report.root)
    for finding in report.findings:
        _write_finding(finding, sources, painter)
    write_end(report, painter)


def write_end(report: Report, painter: Painter) -> None:
    """What was not looked at, the total, and the hint."""
    told = list(problems(report))
    for problem in told:
        painter.line(problem)
    if told:
        painter.line()
    painter.line((total(report), RATING_STYLES[report.summary.rating]))
    if report.findings:
        worst = worst_first(report.findings)[0]
        painter.line((f"Why, and what to write instead: solvent debt explain {worst.code}", "dim"))
    if report.previews:
        painter.line((f"{_rules(report.previews)} tried out, not yet measured to be right: add --preview", "dim"))


def _rules(previews: int) -> str:
    return "1 more rule is" if previews == 1 else f"{previews} more rules are"


def _write_finding(finding: Finding, sources: Sources, painter: Painter) -> None:
    style = SEVERITY_STYLES[finding.severity]
    painter.line((place_of(finding), "bold"), ": ", (finding.code, style), f" {visible(finding.message)}")
    line = sources.line(finding)
    price = (price_of(finding), "dim")
    if line is None or not line.strip():
        painter.line("  ", (finding.severity, style), price)
    else:
        text, before = shown(line, finding.column)
        margin = " " * len(str(finding.line))
        painter.line((f"  {finding.line} | ", "blue"), text)
        caret = " " * before + "^ " if finding.column else ""
        painter.line((f"  {margin} | ", "blue"), (caret, style), (finding.severity, style), price)
    painter.line()


def price_of(finding: Finding) -> str:
    """What it costs, and which kind of fix there is."""
    fix = f", {finding.fix} fix" if finding.fix else ""
    return f", {hours(finding.minutes)} to mend{fix}"
