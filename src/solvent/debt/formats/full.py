"""For people at a terminal: each finding with its line of code, its price, and how to learn more."""

from __future__ import annotations

from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.formats.concise import hours, place_of, total


def write(report: Report, out: TextIO) -> None:
    out.writelines(
        f"{place_of(finding)}: {finding.code} [{finding.severity}, {hours(finding.minutes)}] {finding.message}\n"
        for finding in report.findings
    )
    if report.findings:
        out.write("\n")
    out.writelines(f"{path}: not looked at: {why}\n" for path, why in report.unreadable)
    out.writelines(f"{warning.path}:{warning.line}: {warning.message}\n" for warning in report.warned)
    out.writelines(f"note: {note}\n" for note in report.notes)
    out.write(f"{total(report)}\n")
