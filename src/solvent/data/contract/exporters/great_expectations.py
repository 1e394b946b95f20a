"""A suite of Great Expectations 1.x in JSON, as ``ExpectationSuite(**json.loads(text))`` reads it."""

from __future__ import annotations

import json
from typing import Any

from solvent.data.contract.exporters.outcome import Exported, Lost
from solvent.data.contract.exporters.rules import (
    lose_unchecked,
    lost_rule,
    plain_rules,
    searched_pattern,
    table_rules,
)
from solvent.data.contract.model import ColumnContract, Contract, CountRule, RowRule, Rule, TableContract
from solvent.data.engine.conditions import InRange, Length, Matches, NoneOf, NotNull, OneOf, Unique

_SEVERITIES = {"error": "critical", "warning": "warning", "info": "info"}


def write(contract: Contract, table: TableContract) -> Exported:
    """Types are lost: their names depend on where the suite is run."""
    lost: list[Lost] = []
    suite: list[dict[str, Any]] = []
    for column in table.columns:
        suite += _column(table, column, lost)
    if table.extra_columns == "refuse":
        names = {"column_set": [column.name for column in table.columns], "exact_match": True}
        if all(column.present for column in table.columns):
            suite.append(_expectation("expect_table_columns_to_match_set", names))
        else:
            lost.append(Lost("solventExtraColumns", "refuse", "some columns may be missing, which the set can't say"))
    for rule in table_rules(table):
        said = _of_table(rule)
        if said is None:
            lost.append(lost_rule(rule, "no expectation says it"))
        else:
            suite.append(_expectation(*said, rule.severity))
    lose_unchecked(table, lost)
    document = {"name": contract.name or table.name, "expectations": suite, "meta": {}}
    return Exported(json.dumps(document, indent=2, ensure_ascii=False) + "\n", lost)


def _expectation(name: str, kwargs: dict[str, Any], severity: str = "error") -> dict[str, Any]:
    return {"type": name, "kwargs": kwargs, "meta": {}, "severity": _SEVERITIES[severity]}


def _column(table: TableContract, column: ColumnContract, lost: list[Lost]) -> list[dict[str, Any]]:
    suite = []
    if column.present:
        suite.append(_expectation("expect_column_to_exist", {"column": column.name}))
    else:
        lost.append(Lost(column.name, "may be missing", "an expectation fails where its column is missing"))
    if column.logical:
        lost.append(Lost(column.name, f"type {column.logical}", "names of types depend on where a suite is run"))
    for rule in plain_rules(table, column.name, lost, severities=True):
        found = _of_rows(rule)
        if found is None:
            lost.append(lost_rule(rule, "no expectation says it"))
        else:
            name, kwargs = found
            suite.append(_expectation(name, {"column": column.name} | kwargs, rule.severity))
    return suite


def _of_rows(rule: RowRule) -> tuple[str, dict[str, Any]] | None:
    condition = rule.condition
    if isinstance(condition, NotNull):
        return "expect_column_values_to_not_be_null", {}
    if isinstance(condition, Unique) and len(condition.columns) == 1 and not condition.nulls:
        return "expect_column_values_to_be_unique", {}
    if isinstance(condition, InRange):
        if any(isinstance(bound, str) for bound in (condition.low, condition.high)):
            return None
        bounds = {"min_value": condition.low, "max_value": condition.high}
        strict = {"strict_min": condition.open_low, "strict_max": condition.open_high}
        return "expect_column_values_to_be_between", bounds | {key: True for key, value in strict.items() if value}
    if isinstance(condition, (OneOf, NoneOf)):
        word = "be" if isinstance(condition, OneOf) else "not_be"
        return f"expect_column_values_to_{word}_in_set", {"value_set": list(condition.values)}
    if isinstance(condition, Matches):
        pattern = searched_pattern(condition.pattern)
        return None if pattern is None else ("expect_column_values_to_match_regex", {"regex": pattern})
    if isinstance(condition, Length):
        return "expect_column_value_lengths_to_be_between", {"min_value": condition.least, "max_value": condition.most}
    return None


def _of_table(rule: Rule) -> tuple[str, dict[str, Any]] | None:
    if isinstance(rule, CountRule):
        bounds = (rule.least, rule.most)
        if any(bound is not None and bound != int(bound) for bound in bounds):
            return None
        low, high = (None if bound is None else int(bound) for bound in bounds)
        return "expect_table_row_count_to_be_between", {"min_value": low, "max_value": high}
    if isinstance(rule, RowRule) and isinstance(rule.condition, Unique) and not rule.allowed:
        if rule.condition.nulls or len(rule.condition.columns) < 2:
            return None
        kwargs = {"column_list": list(rule.condition.columns), "ignore_row_if": "any_value_is_missing"}
        return "expect_compound_columns_to_be_unique", kwargs
    return None
