"""What the checker says of single values of columns: each of them is a row of a real frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from solvent.data.contract.check.check import check
from solvent.data.contract.model import Contract, RowRule
from solvent.data.engine.conditions import Unique
from solvent.data.engine.duck.table import DuckEngine

_PARSED = {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}


def refused(contract: Contract, values: Mapping[str, Sequence[Any]]) -> dict[str, list[int]]:
    """By column, the places of the values that its rules refuse: those that are errors, and that every row must keep.

    Columns may have different numbers of values: the others are null, and not looked at.
    """
    table = contract.tables[0]
    logical = {column.name: column.logical for column in table.columns}
    longest = max(map(len, values.values()))
    arrays = {name: _array(given, logical[name], longest) for name, given in values.items()}
    opened = DuckEngine(threads=1).open(pa.table(arrays))
    try:
        report = check(opened, table, contract, examples=longest)
    finally:
        opened.close()
    assert {one.column: one.reason for one in report.checks if one.about == "column" and one.column in values} == (
        dict.fromkeys(values, "")
    )
    found: dict[str, set[int]] = {name: set() for name in values}
    outcomes = [one for one in report.checks if one.about == "rule"]
    for rule, outcome in zip(table.rules, outcomes, strict=True):
        if not isinstance(rule, RowRule) or isinstance(rule.condition, Unique):
            continue
        if rule.column is None or rule.column not in values:
            continue
        if rule.severity == "error" and not rule.allowed:
            assert outcome.status != "error", outcome.reason
            assert len(outcome.examples) == (outcome.rows or 0)
            found[rule.column] |= {one.row for one in outcome.examples}
    return {name: sorted(row for row in rows if row < len(values[name])) for name, rows in found.items()}


def _array(values: Sequence[Any], logical: str | None, length: int) -> pa.Array:
    parsed = _PARSED.get(logical or "", lambda value: value)
    made = [parsed(value) if isinstance(value, str) else value for value in values]
    return pa.array([*made, *[None] * (length - len(made))])
