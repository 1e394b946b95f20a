"""Every rule and every column ends in exactly one outcome."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.data.contract.check.check import check
from solvent.data.contract.check.outcome import Check
from solvent.data.contract.check.quarantine import quarantine
from solvent.data.contract.check.report import Report
from solvent.data.contract.model import (
    ColumnContract,
    CountRule,
    FreshRule,
    MeasuredRule,
    QueryRule,
    RowRule,
    Rule,
    Severity,
    Unchecked,
)
from solvent.data.engine.conditions import Finite, InRange, NotNull, OneOf, Sql, Unique
from solvent.data.engine.protocol import Failed
from tests.data.contract.check.plain import PlainTable, column, contract_of

NOW = 1_700_000_000.0
RANGE = RowRule("range", InRange("age", 0, 120), "age", place="schema[0].properties[0]")


def held(table: PlainTable, *columns: ColumnContract, rules: Sequence[Rule] = (), **more: object) -> Report:
    asked_of, contract = contract_of(*columns, rules=rules, **more)
    return check(table, asked_of, contract, data="orders.csv", now=NOW)


def outcome(report: Report, name: str) -> Check:
    (found,) = [one for one in report.checks if one.name == name]
    return found


def test_data_that_keeps_its_contract_passes() -> None:
    report = held(PlainTable(age=("integer", [1, 2])), column("age", "integer"), rules=[RANGE])
    assert (report.verdict, report.broken, report.notes) == ("passed", [], [])
    assert [one.name for one in report.checks] == ["not empty", "type integer", "no other columns", "range"]


def test_a_rule_that_fails_says_what_was_expected_and_shows_rows() -> None:
    report = held(PlainTable(age=("integer", [1, -4, 2, 130])), column("age", "integer"), rules=[RANGE])
    found = outcome(report, "range")
    assert (found.status, found.rows, found.column, found.place) == ("failed", 2, "age", "schema[0].properties[0]")
    assert found.reason == "expected at least 0 and at most 120, not so in 2 of 4 rows (50.0%)"
    assert [(one.row, one.values) for one in found.examples] == [(1, {"age": "-4"}), (3, {"age": "130"})]
    assert report.verdict == "failed"


def test_examples_can_be_left_out() -> None:
    asked_of, contract = contract_of(column("age", "integer"), rules=[RANGE])
    report = check(PlainTable(age=("integer", [-4])), asked_of, contract, examples=0)
    assert outcome(report, "range").examples == []
    assert "-4" not in str(report)


@pytest.mark.parametrize(
    ("severity", "verdict"), [("error", "failed"), ("warning", "warned"), ("info", "passed")], ids=str
)
def test_only_errors_stop(severity: Severity, verdict: str) -> None:
    rule = RowRule("range", InRange("age", 0), "age", severity=severity)
    report = held(PlainTable(age=("integer", [-1])), column("age", "integer"), rules=[rule])
    assert report.verdict == verdict
    assert [one.name for one in report.broken] == ["range"]


@pytest.mark.parametrize(("broken", "status"), [(29, "passed"), (30, "failed")])
def test_a_share_of_rows_may_break_a_rule_exactly(broken: int, status: str) -> None:
    rule = RowRule("range", InRange("age", 0), "age", allowed=0.29, share=True)
    table = PlainTable(age=("integer", [-1] * broken + [1] * (100 - broken)))
    found = outcome(held(table, column("age", "integer"), rules=[rule]), "range")
    assert found.status == status
    assert "at most 29 % may be" in found.note + found.reason


def test_all_conditions_are_counted_in_one_call() -> None:
    table = PlainTable(age=("integer", [1]), name=("text", ["a"]))
    rules = [RANGE, RowRule("unique", Unique(("name",)), "name"), RowRule("there", NotNull("name"), "name")]
    held(table, column("age", "integer"), column("name", "string"), rules=rules)
    assert table.calls == 1


# Columns


def test_a_missing_column_fails_and_so_do_its_rules_while_others_are_checked() -> None:
    table = PlainTable(Age=("integer", [1]), name=("text", ["a"]))
    rules = [RANGE, RowRule("names", OneOf("name", ("b",)), "name")]
    report = held(table, column("age", "integer"), column("name", "string"), rules=rules)
    assert outcome(report, "type integer").status == "failed"
    assert outcome(report, "type integer").reason == "there is no column 'age'; did you mean 'Age'?"
    assert outcome(report, "range").status == "error"
    assert outcome(report, "names").status == "failed"


def test_a_column_that_need_not_be_there_is_said_to_be_absent() -> None:
    report = held(PlainTable(a=("integer", [1])), column("a"), column("age", "integer", present=False), rules=[RANGE])
    assert report.verdict == "passed"
    assert outcome(report, "type integer").note == "not there, and need not be"
    assert outcome(report, "range").note == "'age' is not there, and need not be"


@pytest.mark.parametrize(("extra", "verdict"), [("refuse", "failed"), ("warn", "warned"), ("allow", "passed")])
def test_other_columns_are_refused_warned_of_or_noted(extra: str, verdict: str) -> None:
    table = PlainTable(a=("integer", [1]), b=("integer", [1]))
    report = held(table, column("a", "integer"), extra_columns=extra)
    found = outcome(report, "no other columns")
    assert report.verdict == verdict
    assert found.note + found.reason == "1 column that the contract does not name: 'b'"


def test_texts_where_numbers_should_be_are_told_from_texts_that_read_as_numbers() -> None:
    table = PlainTable(a=("text", ["1", "n/a", "2.5e3"]), b=("text", ["1", "2", None]))
    report = held(table, column("a", "number"), column("b", "integer"), rules=[RowRule("finite", Finite("a"), "a")])
    one, other = outcome(report, "type number"), outcome(report, "type integer")
    assert one.reason == "expected number, came text (VARCHAR): 1 value is no number"
    assert one.examples[0].values == {"a": "'n/a'"}
    assert other.reason == "expected integer, came text (VARCHAR): all values read as numbers, and are texts"
    assert outcome(report, "finite").status == "error"


def test_whole_numbers_that_a_frame_keeps_as_floats_are_integers() -> None:
    report = held(PlainTable(a=("number", [1.0, None, 3.0])), column("a", "integer"))
    assert report.verdict == "passed"
    assert outcome(report, "type integer").note == "whole numbers, stored as DOUBLE"
    report = held(PlainTable(a=("number", [1.0, 1.5])), column("a", "integer"))
    assert outcome(report, "type integer").rows == 1


def test_an_optional_column_without_values_of_another_type_is_said_not_to_be_told() -> None:
    report = held(PlainTable(a=("integer", [None, None])), column("a", "string"))
    found = outcome(report, "type string")
    assert (found.status, found.severity, report.verdict) == ("error", "info", "passed")
    assert found.reason == "all 2 values are missing, so that the type can't be told"


def test_a_required_column_without_values_fails() -> None:
    rule = RowRule("required", NotNull("a"), "a")
    report = held(PlainTable(a=("text", [None, None])), column("a", "string"), rules=[rule])
    assert outcome(report, "type string").status == "failed"
    assert outcome(report, "required").rows == 2


def test_a_rule_that_had_no_value_to_look_at_says_so() -> None:
    report = held(PlainTable(age=("integer", [None, None])), column("age", "integer"), rules=[RANGE])
    assert outcome(report, "range").note == "there was no value to look at: all 2 are missing"
    assert outcome(report, "type integer").note == "all 2 values are missing"


def test_a_type_that_nobody_knows_is_said_not_to_be_compared() -> None:
    report = held(PlainTable(a=("integer", [1])), column("a", None, physical="money?"))
    assert outcome(report, "type money?").note == "the type 'money?' is not known here, so nothing is compared (BIGINT)"


# Tables


def test_an_empty_table_fails_unless_a_rule_allows_it() -> None:
    empty = PlainTable(age=("integer", []))
    assert held(empty, column("age", "integer"), rules=[RANGE]).verdict == "failed"
    assert held(empty, column("age", "integer"), rules=[CountRule("rows", least=1)]).verdict == "failed"
    report = held(empty, column("age", "integer"), rules=[RANGE, CountRule("rows", least=0)])
    assert report.verdict == "passed"
    assert outcome(report, "range").note == "there are no rows"


def test_the_number_of_rows_is_held_against_its_limits() -> None:
    report = held(PlainTable(a=("integer", [1, 2, 3])), column("a"), rules=[CountRule("rows", 1, 2)])
    assert outcome(report, "rows").reason == "expected 1 to 2 rows, came 3"


@pytest.mark.parametrize(
    ("operator", "value", "status"),
    [
        ("mustBe", 3.0, "passed"),
        ("mustNotBe", 3.0, "failed"),
        ("mustBeGreaterThan", 3.0, "failed"),
        ("mustBeGreaterOrEqualTo", 3.0, "passed"),
        ("mustBeLessThan", 3.0, "failed"),
        ("mustBeLessOrEqualTo", 3.0, "passed"),
        ("mustBeBetween", (3.0, 4.0), "passed"),
        ("mustNotBeBetween", (3.0, 4.0), "failed"),
        ("mustBeBetween", 3.0, "error"),
        ("mustBee", 3.0, "error"),
    ],
)
def test_the_number_of_a_query_is_compared(operator: str, value: float | tuple[float, float], status: str) -> None:
    table = PlainTable(lambda query: 3 if query == "select max(a) from ${table}" else None, a=("integer", [1]))
    rule = QueryRule("largest", "select max(${column}) from ${table}", operator, value, "a")
    assert outcome(held(table, column("a"), rules=[rule]), "largest").status == status


@pytest.mark.parametrize("answer", [float("nan"), Failed("no such function")])
def test_a_query_without_a_number_is_an_error(answer: float | Failed) -> None:
    table = PlainTable(lambda _: answer, a=("integer", [1]))
    rule = QueryRule("largest", "select 1", "mustBe", 1)
    assert outcome(held(table, column("a"), rules=[rule]), "largest").status == "error"


@pytest.mark.parametrize(
    ("newest", "status", "said"),
    [
        (NOW - 60, "passed", ""),
        (NOW + 60, "passed", "lies in the future"),
        (NOW - 7300, "failed", "expected a value of the last 60 minutes, the newest is"),
        (None, "error", "there is no value"),
    ],
)
def test_old_data_fails(newest: float | None, status: str, said: str) -> None:
    table = PlainTable(at=("timestamp", [newest]))
    found = outcome(held(table, column("at", "timestamp"), rules=[FreshRule("fresh", "at", 3600)]), "fresh")
    assert found.status == status
    assert said in found.reason + found.note


@pytest.mark.parametrize(
    ("operator", "value", "share", "status"),
    [
        ("mustBeGreaterThan", 1.0, False, "passed"),
        ("mustBeGreaterThan", 2.0, False, "failed"),
        ("mustBeBetween", (0.4, 0.6), True, "passed"),
        ("mustNotBe", 0.5, True, "failed"),
        ("mustBeGreaterThan", (1.0, 2.0), False, "error"),
    ],
)
def test_how_many_rows_break_a_condition_is_compared(
    operator: str, value: float | tuple[float, float], share: bool, status: str
) -> None:
    rule = MeasuredRule("nulls", NotNull("a"), operator, value, "a", share)
    table = PlainTable(a=("integer", [1, None, 2, None]))
    assert outcome(held(table, column("a", "integer"), rules=[rule]), "nulls").status == status


def test_what_a_contract_says_in_words_is_listed_as_not_checked() -> None:
    words = Unchecked("be fair", "a rule in words", "a")
    report = held(PlainTable(a=("integer", [1])), column("a", "integer"), unchecked=(words,))
    assert (report.verdict, report.unchecked) == ("passed", [words])
    assert "note: not checked: be fair: a rule in words" in str(report)


# No silence


def test_what_an_engine_can_not_answer_is_an_error_and_the_others_are_checked() -> None:
    rules = [RowRule("odd", Sql("nonsense(")), RANGE]
    report = held(PlainTable(age=("integer", [-1])), column("age", "integer"), rules=rules)
    assert outcome(report, "odd").status == "error"
    assert outcome(report, "range").status == "failed"


names = st.sampled_from(["a", "b", "c"])
conditions = st.one_of(
    st.builds(InRange, names, st.integers(-2, 2), st.integers(-2, 2)),
    st.builds(NotNull, names),
    st.builds(Finite, names),
    st.builds(Unique, st.lists(names, min_size=1, max_size=2, unique=True).map(tuple)),
    st.builds(Sql, st.just("?")),
)
rules = st.one_of(
    st.builds(RowRule, st.just("rows"), conditions, allowed=st.sampled_from([0, 1])),
    st.builds(MeasuredRule, st.just("measured"), conditions, st.just("mustBe"), st.just(0.0), share=st.booleans()),
    st.builds(CountRule, st.just("count"), st.integers(0, 3)),
    st.builds(FreshRule, st.just("fresh"), names, st.just(60.0)),
    st.builds(QueryRule, st.just("query"), st.just("q"), st.just("mustBe"), st.just(1.0)),
)
values = st.lists(st.none() | st.integers(-3, 3), min_size=3, max_size=3)


@given(
    st.dictionaries(names, st.tuples(st.sampled_from(["integer", "number", "timestamp"]), values)),
    st.lists(
        st.builds(column, names, st.sampled_from(["integer", "number", "string", None])), unique_by=lambda c: c.name
    ),
    st.lists(rules),
)
def test_outcomes_are_those_that_were_asked(
    data: dict[str, tuple[str, list[int | None]]], columns: list[ColumnContract], asked: list[Rule]
) -> None:
    """Whatever is missing, unknown or of another type: one outcome each, and none passes that does not hold."""
    table = PlainTable(lambda _: 1.0, **data)  # type: ignore[arg-type]
    report = held(table, *columns, rules=asked)
    assert [one.column for one in report.checks if one.about == "column"] == [one.name for one in columns]
    outcomes = [one for one in report.checks if one.about == "rule"]
    assert [one.name for one in outcomes] == [one.name for one in asked]
    for rule, found in zip(asked, outcomes, strict=True):
        assert found.status in ("passed", "failed", "error")
        assert (found.status == "passed") or found.reason
        if isinstance(rule, RowRule) and found.status == "passed" and not isinstance(rule.condition, Sql):
            failing = table.failing([rule.condition])[0]
            assert not isinstance(failing, Failed)
            assert failing <= rule.allowed


def test_rows_that_break_failed_rules_are_put_aside(tmp_path: Path) -> None:
    table = PlainTable(age=("integer", [1, -1, 500]))
    warned = RowRule("small", InRange("age", high=0), "age", severity="warning")
    asked_of, contract = contract_of(column("age", "integer"), rules=[RANGE, warned])
    report = check(table, asked_of, contract)
    assert quarantine(table, asked_of, report, tmp_path / "bad") == 2
    assert table.divided == [RANGE.condition]


def test_nothing_is_put_aside_if_no_rule_about_rows_failed(tmp_path: Path) -> None:
    table = PlainTable(age=("integer", [1]))
    asked_of, contract = contract_of(column("age", "string"), rules=[RANGE])
    assert quarantine(table, asked_of, check(table, asked_of, contract), tmp_path / "bad") is None
    assert not (tmp_path / "bad").exists()
