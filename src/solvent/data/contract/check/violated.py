"""The error that says in which way data breaks a contract."""

from __future__ import annotations

from itertools import islice

from solvent.data.contract.check.report import Report
from solvent.data.contract.check.text import what
from solvent.data.contract.check.words import visible
from solvent.data.errors import ContractViolated

_MOST_LINES = 20


def violated(report: Report) -> ContractViolated:
    """The error of a report that failed: columns, counts and example rows, one line each below the first."""
    broken = [check for check in report.broken if check.severity == "error"]
    told = [
        f"{visible(check.column or report.table)}, {visible(check.name)}: {what(check)}"
        for check in islice(broken, _MOST_LINES)
    ]
    if len(broken) > _MOST_LINES:
        told.append(f"and {len(broken) - _MOST_LINES:,} more")
    error = ContractViolated("\n  ".join([report.headline, *told]))
    error.report = report
    return error
