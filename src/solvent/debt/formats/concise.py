"""One line per finding: ``path:line:column: CODE message``."""

from __future__ import annotations

from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.formats.parts.paint import RATING_STYLES, SEVERITY_STYLES, Painter
from solvent.debt.formats.parts.text import place_of, visible
from solvent.debt.formats.parts.totals import problems, total


def write(report: Report, out: TextIO) -> None:
    painter = Painter(out)
    for finding in report.findings:
        code = (finding.code, SEVERITY_STYLES[finding.severity])
        painter.line((place_of(finding), "bold"), ": ", code, f" {visible(finding.message)}")
    for problem in problems(report):
        painter.line(problem)
    painter.line((total(report), RATING_STYLES[report.summary.rating]))
