"""Hold one table against its contract."""

from __future__ import annotations

import time

from solvent.data.contract.check import rest, rows
from solvent.data.contract.check.asked import Asked
from solvent.data.contract.check.columns import Columns
from solvent.data.contract.check.outcome import Check
from solvent.data.contract.check.report import Report
from solvent.data.contract.check.words import columns_of
from solvent.data.contract.model import (
    Contract,
    CountRule,
    FreshRule,
    MeasuredRule,
    QueryRule,
    RowRule,
    Rule,
    TableContract,
)
from solvent.data.engine.conditions import NotNull
from solvent.data.engine.protocol import Table

EXAMPLES = 3


def check(
    table: Table,
    asked_of: TableContract,
    contract: Contract,
    *,
    data: str = "",
    examples: int = EXAMPLES,
    now: float | None = None,
) -> Report:
    """Check every column and every rule; all rules on rows are counted in one call of the engine.

    Args:
        asked_of: one of the contract's tables.
        data: what the table is called in the report, such as the path of its file.
        examples: rows that are shown for each rule that fails; 0 keeps all values out of the report.
        now: the time against which freshness is judged, in seconds since 1970 (UTC).
    """
    number = table.rows()
    columns = Columns(table.columns, asked_of)
    asked = Asked(table, examples)
    asked.add(*columns.conditions())
    for rule in asked_of.rules:
        if not isinstance(rule, RowRule | MeasuredRule) or columns.absent(rule.condition):
            continue
        if not columns.obstacle(rule.condition):
            asked.add(rule.condition, *map(NotNull, columns_of(rule.condition)))
    asked.count()
    now = time.time() if now is None else now

    def outcome(rule: Rule) -> Check:
        match rule:
            case RowRule():
                return rows.judge(rule, columns, asked, number)
            case MeasuredRule():
                return rest.measured(rule, columns, asked, number)
            case CountRule():
                return rest.count_rows(rule, number)
            case QueryRule():
                return rest.query(rule, table)
            case FreshRule():
                return rest.fresh(rule, table, columns, now)

    checks = [
        rest.not_empty(asked_of, number),
        *columns.checks(asked, number),
        *(outcome(rule) for rule in asked_of.rules),
    ]
    _all_answered(asked_of, checks)
    return Report(
        *(contract.id, contract.version, contract.digest, asked_of.name, data, number, checks),
        unchecked=list(asked_of.unchecked),
        remarks=list(table.notes),
    )


def _all_answered(table: TableContract, checks: list[Check]) -> None:
    """No rule and no column is left out: what was asked is what was answered."""
    columns = [check.column for check in checks if check.about == "column"]
    rules = [check.name for check in checks if check.about == "rule"]
    if columns != [column.name for column in table.columns] or rules != [rule.name for rule in table.rules]:
        raise RuntimeError(f"not every check of the table '{table.name}' has an outcome")
