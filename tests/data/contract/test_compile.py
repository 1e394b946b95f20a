"""From the standard's words to rules: every one of them, and what is not checked is listed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.data.contract.model import (
    CountRule,
    FreshRule,
    MeasuredRule,
    QueryRule,
    RowRule,
    Rule,
    TableContract,
)
from solvent.data.contract.patterns import FORMATS, problem_of, whole
from solvent.data.contract.read import contract_of
from solvent.data.contract.thresholds import OPERATORS
from solvent.data.engine.conditions import (
    Condition,
    Finite,
    InRange,
    Length,
    Matches,
    MultipleOf,
    NoneOf,
    NotNull,
    OneOf,
    Sql,
    Unique,
)
from solvent.data.errors import InvalidContract


def table(*columns: dict[str, Any], **more: Any) -> TableContract:
    document = {"apiVersion": "v3.1.0", "kind": "DataContract", "id": "a", "version": "1.0.0"}
    schema = [{"name": "t", "properties": list(columns), **more}]
    return contract_of({**document, "schema": schema}).tables[0]


def column(logical: str = "number", **more: Any) -> dict[str, Any]:
    return {"name": "a", "logicalType": logical, **more}


def conditions(*columns: dict[str, Any], **more: Any) -> list[Condition]:
    rules = table(*columns, **more).rules
    assert all(isinstance(rule, RowRule) and rule.place.startswith("schema[0]") for rule in rules)
    return [rule.condition for rule in rules if isinstance(rule, RowRule)]


def rule(entry: dict[str, Any], **of_column: Any) -> Rule:
    (found,) = table(column(quality=[entry], **of_column)).rules
    return found


@pytest.mark.parametrize(
    ("logical", "options", "expected"),
    [
        ("number", {"minimum": 0, "maximum": 1.5}, [InRange("a", 0, 1.5)]),
        ("number", {"exclusiveMinimum": 0}, [InRange("a", 0, None, open_low=True)]),
        ("number", {"minimum": 1, "exclusiveMinimum": 0}, [InRange("a", 1)]),
        ("number", {"maximum": 1, "exclusiveMaximum": 1}, [InRange("a", None, 1, open_high=True)]),
        ("number", {"multipleOf": 0.5}, [MultipleOf("a", 0.5)]),
        ("integer", {"format": "i8"}, [InRange("a", -128, 127)]),
        ("integer", {"format": "u64"}, [InRange("a", 0, 2**64 - 1)]),
        ("string", {"minLength": 1, "maxLength": 5}, [Length("a", 1, 5)]),
        ("string", {"pattern": "^[A-Z]+$"}, [Matches("a", "[A-Z]+")]),
        ("string", {"pattern": "[A-Z]"}, [Matches("a", "(?s:.*)(?:[A-Z])(?s:.*)")]),
        ("string", {"format": "uuid"}, [Matches("a", FORMATS["uuid"])]),
        ("date", {"minimum": "2026-01-01"}, [InRange("a", "2026-01-01")]),
        ("timestamp", {"maximum": "2026-01-01T00:00:00Z"}, [InRange("a", None, "2026-01-01T00:00:00Z")]),
        ("array", {"minItems": 1}, [Length("a", 1)]),
        ("vector", {"dimensions": 3}, [Length("a", 3, 3)]),
    ],
)
def test_options(logical: str, options: dict[str, Any], expected: list[Condition]) -> None:
    assert conditions(column(logical, logicalTypeOptions=options)) == expected


@pytest.mark.parametrize(
    ("logical", "options", "message"),
    [
        ("number", {"minimum": 2, "maximum": 1}, "no value lies between"),
        ("number", {"minimum": 1, "exclusiveMaximum": 1}, "no value lies between"),
        ("string", {"minLength": 2, "maxLength": 1}, "no value can be both"),
        ("date", {"minimum": "yesterday"}, "expected a date such as 2026-11-24"),
        ("time", {"minimum": "25:00"}, "expected a time such as"),
    ],
)
def test_options_that_leave_nothing(logical: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidContract, match=message):
        table(column(logical, logicalTypeOptions=options))


@pytest.mark.parametrize(
    ("logical", "part", "reason"),
    [
        ("string", {"logicalTypeOptions": {"format": "ipv6"}}, "is not checked"),
        ("timestamp", {"logicalTypeOptions": {"timezone": True}}, "whether times have a zone"),
        ("array", {"logicalTypeOptions": {"uniqueItems": True}}, "are not compared"),
        ("object", {"properties": [{"name": "b", "logicalType": "string", "required": True}]}, "nested values"),
        ("number", {"quality": [{"type": "text", "description": "is true"}]}, "words"),
        ("number", {"quality": [{"description": "is true"}]}, "words"),
        ("number", {"quality": [{"type": "custom", "engine": "soda", "implementation": "x"}]}, "for the engine 'soda'"),
        ("number", {"relationships": [{"to": "other.id"}]}, "other tables"),
    ],
)
def test_what_is_not_checked_is_listed(logical: str, part: dict[str, Any], reason: str) -> None:
    found = table(column(logical, **part))
    assert found.rules == ()
    (one,) = found.unchecked
    assert reason in one.reason
    assert one.column == "a"
    assert one.place.startswith("schema[0].properties[0].")


def test_required_unique_and_enum() -> None:
    entries = [{"value": "x"}, {"value": 2}]
    found = conditions(column("string", required=True, unique=True, enum=entries))
    assert found == [NotNull("a"), Unique(("a",)), OneOf("a", ("x", 2))]


def test_a_primary_key_of_several_columns_in_its_order() -> None:
    first = {"name": "a", "logicalType": "integer", "primaryKey": True, "primaryKeyPosition": 2}
    second = {"name": "b", "logicalType": "integer", "primaryKey": True, "primaryKeyPosition": 1, "required": True}
    assert conditions(first, second) == [NotNull("b"), NotNull("a"), Unique(("b", "a"))]
    assert conditions(column(primaryKey=True, unique=True)) == [Unique(("a",)), NotNull("a")]


def test_the_data_s_name_is_the_physical_one() -> None:
    quality = [{"metric": "duplicateValues", "arguments": {"properties": ["age"]}, "mustBe": 0}]
    found = table(
        {"name": "age", "physicalName": "AGE_YRS", "logicalType": "integer", "required": True}, quality=quality
    )
    assert found.columns[0].name == "AGE_YRS"
    assert [rule.condition for rule in found.rules if isinstance(rule, RowRule)] == [
        NotNull("AGE_YRS"),
        Unique(("AGE_YRS",)),
    ]


def test_an_optional_column() -> None:
    words = [{"property": "solventOptional", "value": True}]
    assert not table(column(customProperties=words)).columns[0].present
    with pytest.raises(InvalidContract, match="solventOptional can't be 1"):
        table(column(customProperties=[{"property": "solventOptional", "value": 1}]))


METRICS: list[tuple[dict[str, Any], Condition]] = [
    ({"metric": "nullValues"}, NotNull("a")),
    ({"metric": "duplicateValues"}, Unique(("a",))),
    ({"metric": "invalidValues", "arguments": {"validValues": [1, 2]}}, OneOf("a", (1, 2))),
    ({"metric": "invalidValues", "arguments": {"pattern": "^x$"}}, Matches("a", "x")),
    ({"metric": "missingValues", "arguments": {"missingValues": [None]}}, NotNull("a")),
    ({"metric": "missingValues", "arguments": {"missingValues": ["", "-"]}}, NoneOf("a", ("", "-"))),
    (
        {"metric": "missingValues", "arguments": {"missingValues": [None, "o'x"]}},
        Sql("\"a\" IS NOT NULL AND CAST(\"a\" AS VARCHAR) NOT IN ('o''x')"),
    ),
]


@pytest.mark.parametrize(("entry", "condition"), METRICS, ids=[str(number) for number in range(len(METRICS))])
def test_metrics(entry: dict[str, Any], condition: Condition) -> None:
    found = rule({**entry, "mustBe": 0})
    assert isinstance(found, RowRule)
    assert (found.condition, found.allowed, found.severity) == (condition, 0, "error")


def holds(operator: str, value: Any, count: float) -> bool:
    """What the standard says of a number."""
    if operator == "mustBeBetween":
        return bool(value[0] <= count <= value[1])
    if operator == "mustNotBeBetween":
        return not value[0] <= count <= value[1]
    return {
        "mustBe": count == value,
        "mustNotBe": count != value,
        "mustBeGreaterThan": count > value,
        "mustBeGreaterOrEqualTo": count >= value,
        "mustBeLessThan": count < value,
        "mustBeLessOrEqualTo": count <= value,
    }[operator]


@given(
    st.sampled_from(OPERATORS),
    st.integers(0, 9) | st.floats(0, 9),
    st.integers(1, 9),
    st.integers(0, 20),
    st.booleans(),
)
def test_every_operator_says_what_the_standard_says(
    operator: str, value: float, more: int, count: int, percent: bool
) -> None:
    """``count`` rows of 20 don't fulfil the condition."""
    given_value = [value, value + more] if "etween" in operator else value
    found = rule({"metric": "nullValues", operator: given_value, "unit": "percent" if percent else "rows"})
    rows = 20
    number = count / rows if percent else float(count)
    if percent:
        asked: Any = [one / 100 for one in given_value] if isinstance(given_value, list) else given_value / 100
    else:
        asked = given_value
    if isinstance(found, MeasuredRule):
        assert found.share == percent
        assert holds(found.operator, found.value, number) == holds(operator, asked, number)
    else:
        assert isinstance(found, RowRule)
        limit = found.allowed * rows if found.share else found.allowed
        assert (count <= limit + 1e-9) == holds(operator, asked, number + (-1e-12 if percent and count else 0))


@given(st.sampled_from(OPERATORS), st.integers(1, 9), st.integers(1, 9), st.integers(1, 20))
def test_the_number_of_rows(operator: str, value: int, more: int, rows: int) -> None:
    given_value = [value, value + more] if "etween" in operator else value
    (found,) = table(column(), quality=[{"metric": "rowCount", operator: given_value}]).rules
    if isinstance(found, QueryRule):
        assert found.query == "SELECT count(*) FROM ${table}"
        assert holds(found.operator, found.value, rows) == holds(operator, given_value, rows)
    else:
        assert isinstance(found, CountRule)
        inside = found.least <= rows and (found.most is None or rows <= found.most)
        assert inside == holds(operator, given_value, rows)


def test_an_upper_limit_alone_does_not_allow_an_empty_table() -> None:
    def least(**limit: Any) -> float:
        (found,) = table(column(), quality=[{"metric": "rowCount", **limit}]).rules
        assert isinstance(found, CountRule)
        return found.least

    assert least(mustBeLessOrEqualTo=10) == 1
    assert least(mustBeBetween=[0, 10]) == 0
    assert least(mustBeLessThan=1) == 0


CUSTOM: list[tuple[dict[str, Any], Condition]] = [
    ({"rule": "notNull"}, NotNull("a")),
    ({"rule": "finite"}, Finite("a")),
    ({"rule": "range", "minimum": 0, "exclusiveMaximum": 9}, InRange("a", 0, 9, open_high=True)),
    ({"rule": "oneOf", "values": [1]}, OneOf("a", (1,))),
    ({"rule": "noneOf", "values": ["x"]}, NoneOf("a", ("x",))),
    ({"rule": "matches", "pattern": "^x$"}, Matches("a", "x")),
    ({"rule": "length", "most": 3}, Length("a", 0, 3)),
    ({"rule": "multipleOf", "step": 2}, MultipleOf("a", 2)),
    ({"rule": "unique"}, Unique(("a",))),
    ({"rule": "unique", "columns": ["a"], "nulls": True}, Unique(("a",), nulls=True)),
    ({"rule": "sql", "expression": "a > 0"}, Sql("a > 0")),
]


@pytest.mark.parametrize(("implementation", "condition"), CUSTOM, ids=[str(one[0]["rule"]) for one in CUSTOM])
def test_solvents_own_rules(implementation: dict[str, Any], condition: Condition) -> None:
    entry = {"type": "custom", "engine": "solvent", "implementation": {**implementation, "allowed": "2.5 %"}}
    found = rule({**entry, "severity": "Warning"})
    assert isinstance(found, RowRule)
    assert (found.condition, found.allowed, found.share, found.severity) == (condition, 0.025, True, "warning")


@pytest.mark.parametrize(("text", "seconds"), [("24 hours", 86_400), ("1 day", 86_400), ("1.5 Minutes", 90)])
def test_fresh(text: str, seconds: float) -> None:
    found = rule({"type": "custom", "engine": "solvent", "implementation": {"rule": "fresh", "within": text}})
    assert isinstance(found, FreshRule)
    assert (found.column, found.seconds) == ("a", seconds)


@pytest.mark.parametrize(
    ("implementation", "message"),
    [
        ("x", "expected a mapping"),
        ({"rule": "fresh"}, "the rule fresh needs 'within'"),
        ({"rule": "fresh", "within": "soon"}, "expected a time such as '24 hours'"),
        ({"rule": "fresh", "within": "1 day", "allowed": 3}, "unknown key 'allowed'"),
        ({"rule": "range"}, "needs one of"),
        ({"rule": "oneOf", "values": []}, "expected a list of texts or numbers"),
        ({"rule": "length", "most": -1}, "expected a number from 0"),
        ({"rule": "multipleOf", "step": 0}, "expected a number above 0"),
        ({"rule": "unique", "columns": ["b"]}, "there is no column 'b'"),
        ({"rule": "sql", "expression": " "}, "expected a text"),
        ({"rule": "finite", "allowed": -1}, "expected a number of rows"),
        ({"rule": "finite", "allowed": "101 %"}, "expected a number of rows"),
    ],
)
def test_own_rules_that_can_not_be_meant(implementation: Any, message: str) -> None:
    with pytest.raises(InvalidContract, match=message):
        rule({"type": "custom", "engine": "solvent", "implementation": implementation})


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"metric": "nullValues", "mustBe": 0}, "nullValues is about a column"),
        ({"metric": "duplicateValues", "mustBe": 0}, "needs the argument properties"),
        ({"metric": "rowCount", "mustBe": 5, "unit": "percent"}, "can't be a share of itself"),
        ({"metric": "rowCount", "mustBeLessThan": 0}, "no number of rows"),
        ({"metric": "rowCount", "mustBeBetween": [5, 1]}, "expected the smaller number first"),
        ({"type": "sql", "query": "SELECT {column} FROM {table}", "mustBe": 0}, "is for the rules of a column"),
        ({"type": "custom", "engine": "solvent", "implementation": {"rule": "finite"}}, "finite is about a column"),
    ],
)
def test_rules_of_tables_that_can_not_be_meant(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidContract, match=message):
        table(column(), quality=[entry])


def test_queries_have_our_words_for_table_and_column() -> None:
    found = rule({"type": "sql", "query": "SELECT sum(${property}) FROM {object}", "mustBeBetween": [0, 9]})
    assert isinstance(found, QueryRule)
    assert (found.query, found.value) == ("SELECT sum(${column}) FROM ${table}", (0, 9))


@given(st.text("ab|^$\\.()x\n", max_size=8), st.text("abx\n", max_size=6))
def test_a_pattern_is_found_where_the_whole_expression_matches(pattern: str, text: str) -> None:
    if problem_of(pattern) is None and "$" not in pattern.rstrip("$"):
        strict = pattern.replace("$", r"\Z") if "\\$" not in pattern else None
        if strict is not None and "^" not in pattern.lstrip("^"):
            expected = re.search(strict, text) is not None
            assert (re.fullmatch(whole(pattern).replace("$", r"\Z"), text) is not None) == expected
