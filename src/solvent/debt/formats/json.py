"""``{"findings": [...], "summary": {...}}``, with what could not be read and which suppressions are idle."""

from __future__ import annotations

from typing import TextIO

import msgspec

from solvent.debt.engine.check import Report
from solvent.debt.formats.parts.order import statistics_of


def write(report: Report, out: TextIO) -> None:
    document = {
        "findings": report.findings,
        "summary": report.summary,
        "statistics": statistics_of(report.findings),
        "unreadable": [{"path": path, "why": why} for path, why in report.unreadable],
        "warnings": report.warned,
        "suppressed": report.suppressed,
        "notes": report.notes,
    }
    out.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
