"""By file, the file with the most to mend first."""

from __future__ import annotations

from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from solvent.debt.formats.full import write_end
from solvent.debt.formats.parts.order import by_file
from solvent.debt.formats.parts.paint import SEVERITY_STYLES, Painter
from solvent.debt.formats.parts.text import columns, count, hours, visible


def write(report: Report, out: TextIO) -> None:
    painter = Painter(out)
    for path, findings in by_file(report.findings):
        minutes = sum(finding.minutes for finding in findings)
        painter.line((visible(path), "bold"), f"  {count(len(findings), 'finding')}, {hours(minutes)} to mend")
        places = [_place(finding) for finding in findings]
        width = max(columns(place) for place in places)
        for place, finding in zip(places, findings, strict=True):
            padding = " " * (width - columns(place))
            style = SEVERITY_STYLES[finding.severity]
            severity = f"{finding.severity:7}"
            painter.line(f"  {padding}{place}  ", (severity, style), f"  {finding.code}  {visible(finding.message)}")
        painter.line()
    write_end(report, painter)


def _place(finding: Finding) -> str:
    """Within its file."""
    if not finding.line:
        return "file"
    place = f"{finding.line}:{finding.column}" if finding.column else str(finding.line)
    return place if finding.cell is None else f"cell {finding.cell}:{place}"
