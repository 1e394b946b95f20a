"""Rows that break a contract, put aside in a file of their own."""

from __future__ import annotations

from pathlib import Path

from solvent.data.contract.check.report import Report
from solvent.data.contract.model import RowRule, TableContract
from solvent.data.engine.protocol import Table


def quarantine(table: Table, asked_of: TableContract, report: Report, bad: Path) -> int | None:
    """Write the rows that break any failed rule of severity ``error``, with their reasons, to a Parquet file.

    How many there are; None, and no file, if no rule about rows has failed.
    """
    outcomes = [check for check in report.checks if check.about == "rule"]
    broken = [
        rule.condition
        for rule, outcome in zip(asked_of.rules, outcomes, strict=True)
        if isinstance(rule, RowRule) and outcome.status == "failed" and outcome.severity == "error"
    ]
    return table.divide(list(dict.fromkeys(broken)), bad) if broken else None
