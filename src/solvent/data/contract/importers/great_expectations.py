"""Great Expectations' suites in JSON, of 0.13 to 1.x.

The expectations: https://greatexpectations.io/expectations/
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any, NamedTuple

from solvent.data.contract.importers.document import finished
from solvent.data.contract.importers.draft import Draft, TableDraft
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.importers.source import mapping, scalars, sequence, shown, whole_number
from solvent.data.contract.importers.sqltext import quoted
from solvent.data.contract.importers.types import type_named
from solvent.data.contract.model import Severity
from solvent.data.engine.conditions import (
    Condition,
    InRange,
    Length,
    Matches,
    NoneOf,
    NotNull,
    OneOf,
    Sql,
    Unique,
)

_SEVERITIES: dict[str, Severity] = {"critical": "error", "warning": "warning", "info": "info"}


class _Given(NamedTuple):
    """One expectation."""

    name: str
    kwargs: dict[str, Any]
    place: str
    severity: Severity

    @property
    def column(self) -> str:
        return str(self.kwargs.get("column"))

    @property
    def rule(self) -> str:
        return f"{self.name} {shown({key: value for key, value in self.kwargs.items() if key != 'column'})}"


def recognises(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("expectations"), list)


def read(value: Any, name: str) -> Imported:
    """
    Raises:
        InvalidContract: it is not as Great Expectations writes it.
    """
    suite = mapping(value, name)
    draft = Draft(str(suite.get("name") or suite.get("expectation_suite_name") or name), "Great Expectations")
    table = draft.table(draft.name)
    for number, entry in enumerate(sequence(suite.get("expectations"), "expectations")):
        place = f"expectations[{number}]"
        fields = mapping(entry, place)
        severity = _SEVERITIES.get(str(fields.get("severity") or "critical"))
        kind = str(fields.get("type") or fields.get("expectation_type"))
        given = _Given(kind, mapping(fields.get("kwargs"), f"{place}.kwargs"), place, severity or "error")
        if severity is None:
            draft.note(f"{place}: the severity {shown(fields['severity'])} is not known: it is an error here")
        _expectation(table, given)
    return finished(draft)


def _expectation(table: TableDraft, given: _Given) -> None:
    mostly = given.kwargs.get("mostly")
    share = 0.0 if mostly is None else 1 - mostly if _is_number(mostly) and 0 <= mostly <= 1 else -1.0
    if "column" in given.kwargs and isinstance(given.kwargs["column"], str):
        table.column(given.column)
    if given.kwargs.get("row_condition"):
        table.drop(given.place, given.rule, "it is asked of some rows only")
    elif _has_parameter(given.kwargs):
        table.drop(given.place, given.rule, "a parameter that only a run knows")
    elif share < 0:
        table.drop(given.place, given.rule, "'mostly' is no number from 0 to 1")
    elif make := _OF_TABLES.get(given.name):
        make(table, given)
    elif condition := _condition(given):
        table.ask(condition, given.place, given.rule, share=round(share, 12), severity=given.severity)
    else:
        known = given.name in _CONDITIONS
        table.drop(given.place, given.rule, "its arguments are not plain" if known else "a contract has no such rule")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _has_parameter(value: Any) -> bool:
    if isinstance(value, dict):
        return "$PARAMETER" in value or any(map(_has_parameter, value.values()))
    return isinstance(value, list) and any(map(_has_parameter, value))


def _condition(given: _Given) -> Condition | None:
    make = _CONDITIONS.get(given.name)
    return make(given.column, given.kwargs) if make else None


def _between(column: str, kwargs: dict[str, Any]) -> Condition | None:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if any(bound is not None and not isinstance(bound, (int, float, str)) for bound in (low, high)):
        return None
    return InRange(column, low, high, bool(kwargs.get("strict_min")), bool(kwargs.get("strict_max")))


def _set(kind: type[OneOf | NoneOf]) -> Callable[[str, dict[str, Any]], Condition | None]:
    def make(column: str, kwargs: dict[str, Any]) -> Condition | None:
        values = scalars(kwargs.get("value_set"))
        return None if values is None else kind(column, values)

    return make


def _lengths(column: str, kwargs: dict[str, Any]) -> Condition | None:
    low, high = (kwargs.get(key, kwargs.get("value")) for key in ("min_value", "max_value"))
    least, most = whole_number(low), whole_number(high)
    if (least is None and low is not None) or (most is None and high is not None) or (low is None and high is None):
        return None
    least = (least or 0) + bool(least is not None and kwargs.get("strict_min"))
    return Length(column, least, None if most is None else most - bool(kwargs.get("strict_max")))


def _pattern(column: str, kwargs: dict[str, Any]) -> Condition | None:
    return Matches(column, kwargs["regex"]) if isinstance(kwargs.get("regex"), str) else None


def _patterns(column: str, kwargs: dict[str, Any]) -> Condition | None:
    patterns = kwargs.get("regex_list")
    if not isinstance(patterns, list) or not patterns or not all(isinstance(one, str) for one in patterns):
        return None
    if kwargs.get("match_on", "any") != "any":
        return None
    return Matches(column, "|".join(f"(?:{pattern})" for pattern in patterns))


def _unique_together(_: str, kwargs: dict[str, Any]) -> Condition | None:
    names = kwargs.get("column_list")
    if (
        not isinstance(names, list)
        or len(names) < 2
        or kwargs.get("ignore_row_if") not in (None, "any_value_is_missing", "all_values_are_missing")
    ):
        return None
    return Unique(tuple(map(str, names)))


def _pair(operator: str) -> Callable[[str, dict[str, Any]], Condition | None]:
    def make(_: str, kwargs: dict[str, Any]) -> Condition | None:
        first, second = kwargs.get("column_A"), kwargs.get("column_B")
        if not isinstance(first, str) or not isinstance(second, str) or kwargs.get("mostly") not in (None, 1, 1.0):
            return None
        sign = operator + ("=" if operator == ">" and kwargs.get("or_equal") else "")
        return Sql(f"{quoted(first)} {sign} {quoted(second)}")

    return make


_CONDITIONS: dict[str, Callable[[str, dict[str, Any]], Condition | None]] = {
    "expect_column_values_to_not_be_null": lambda column, _: NotNull(column),
    "expect_column_values_to_be_unique": lambda column, _: Unique((column,)),
    "expect_column_values_to_be_between": _between,
    "expect_column_values_to_be_in_set": _set(OneOf),
    "expect_column_distinct_values_to_be_in_set": _set(OneOf),
    "expect_column_values_to_not_be_in_set": _set(NoneOf),
    "expect_column_value_lengths_to_be_between": _lengths,
    "expect_column_value_lengths_to_equal": _lengths,
    "expect_column_values_to_match_regex": _pattern,
    "expect_column_values_to_match_regex_list": _patterns,
    "expect_compound_columns_to_be_unique": _unique_together,
    "expect_column_pair_values_a_to_be_greater_than_b": _pair(">"),
    "expect_column_pair_values_A_to_be_greater_than_B": _pair(">"),
    "expect_column_pair_values_to_be_equal": _pair("="),
}


def _exists(table: TableDraft, given: _Given) -> None:
    if given.kwargs.get("column_index") is not None:
        table.drop(given.place, given.rule, "a contract does not ask for the order of columns")


def _type(table: TableDraft, given: _Given) -> None:
    names = given.kwargs.get("type_list", [given.kwargs.get("type_")])
    found = [type_named(str(name)) for name in names] if isinstance(names, list) else []
    types = {one.logical for one in found if one is not None}
    if given.kwargs.get("mostly") not in (None, 1, 1.0) or given.severity != "error":
        table.drop(given.place, given.rule, "a column has its type or not, and that is an error")
    elif types == {"integer", "number"}:
        table.column(given.column).typed("number")
    elif len(types) != 1 or None in found:
        table.drop(given.place, given.rule, "not one type of the standard")
    else:
        options = found[0].options if len(found) == 1 and found[0] else {}
        table.column(given.column).typed(types.pop(), **options)


def _columns(table: TableDraft, given: _Given) -> None:
    names = given.kwargs.get("column_set", given.kwargs.get("column_list"))
    if not isinstance(names, list):
        table.drop(given.place, given.rule, "it lists no columns")
        return
    for name in names:
        table.column(str(name))
    if given.kwargs.get("exact_match", True) is not False:
        table.extra_columns = "refuse"
    if "column_list" in given.kwargs:
        table.drop(given.place, "the order of the columns", "a contract does not ask for it; the columns are in it")


def _rows(table: TableDraft, given: _Given) -> None:
    bounds = [given.kwargs.get(key, given.kwargs.get("value")) for key in ("min_value", "max_value")]
    _measured(table, given, bounds, {"type": "library", "metric": "rowCount"}, table.quality)


def _statistic(expression: str) -> Callable[[TableDraft, _Given], None]:
    def make(table: TableDraft, given: _Given) -> None:
        column = quoted(given.column)
        query = f"SELECT {expression.format(column)} FROM ${{table}}"  # noqa: S608
        if "{" in given.column:
            table.drop(given.place, given.rule, "the column's name would be filled in by those who run the query")
            return
        bounds = [given.kwargs.get(key) for key in ("min_value", "max_value")]
        _measured(table, given, bounds, {"type": "sql", "query": query}, table.quality)

    return make


def _measured(
    table: TableDraft, given: _Given, bounds: list[Any], rule: dict[str, Any], quality: list[dict[str, Any]]
) -> None:
    """A number within bounds, in the standard's operators: two rules where no single one says it."""
    low, high = bounds
    if (low is None and high is None) or any(bound is not None and not _is_number(bound) for bound in bounds):
        table.drop(given.place, given.rule, "it has no bounds that are numbers")
        return
    strict = [bool(given.kwargs.get(key)) for key in ("strict_min", "strict_max")]
    rule |= {"name": given.rule} | ({"severity": given.severity} if given.severity != "error" else {})
    if low is not None and low == high and not any(strict):
        quality.append(rule | {"mustBe": low})
    elif low is not None and high is not None and not any(strict):
        quality.append(rule | {"mustBeBetween": [low, high]})
    else:
        if low is not None:
            quality.append(rule | {"mustBeGreaterThan" if strict[0] else "mustBeGreaterOrEqualTo": low})
        if high is not None:
            quality.append(rule | {"mustBeLessThan" if strict[1] else "mustBeLessOrEqualTo": high})


_OF_TABLES: dict[str, Callable[[TableDraft, _Given], None]] = {
    "expect_column_to_exist": _exists,
    "expect_column_values_to_be_of_type": _type,
    "expect_column_values_to_be_in_type_list": _type,
    "expect_table_columns_to_match_set": _columns,
    "expect_table_columns_to_match_ordered_list": _columns,
    "expect_table_row_count_to_be_between": _rows,
    "expect_table_row_count_to_equal": _rows,
    "expect_column_min_to_be_between": _statistic("MIN({})"),
    "expect_column_max_to_be_between": _statistic("MAX({})"),
    "expect_column_mean_to_be_between": _statistic("AVG({})"),
    "expect_column_median_to_be_between": _statistic("MEDIAN({})"),
    "expect_column_sum_to_be_between": _statistic("SUM({})"),
    "expect_column_stdev_to_be_between": _statistic("STDDEV_SAMP({})"),
    "expect_column_unique_value_count_to_be_between": _statistic("COUNT(DISTINCT {})"),
    "expect_column_proportion_of_unique_values_to_be_between": _statistic(
        "COUNT(DISTINCT {0}) * 1.0 / NULLIF(COUNT({0}), 0)"
    ),
}
