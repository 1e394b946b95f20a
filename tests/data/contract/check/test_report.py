"""Reports as text, Markdown, plain data, and the error."""

from __future__ import annotations

import json

import pytest

from solvent.data.contract.check.markdown import markdown
from solvent.data.contract.check.outcome import Check, Example
from solvent.data.contract.check.plain import plain, summary
from solvent.data.contract.check.report import Report
from solvent.data.contract.check.violated import violated
from solvent.data.contract.check.words import shown

PASSED = Check("not empty", "table", "passed")
NOTED = Check("type string", "column", "passed", column="name", note="all 2 values are missing")
RANGE = Check(
    "range",
    "rule",
    "failed",
    column="age",
    rows=2,
    reason="expected at least 0",
    examples=[Example(1, {"age": "-4"}), Example(1200, {"age": "-5"})],
)
OTHERS = Check("no other columns", "table", "failed", "warning", reason="1 column that the contract does not name: 'b'")


def report(*checks: Check) -> Report:
    return Report("orders", "1.2.0", "ab" * 32, "orders", "orders.csv", 1200, list(checks))


def test_a_report_that_passed_is_one_line() -> None:
    assert str(report(PASSED)) == "orders.csv keeps the contract orders 1.2.0: 1 check, 1,200 rows"


def test_a_report_says_what_failed_and_shows_rows_and_notes() -> None:
    assert str(report(PASSED, NOTED, OTHERS, RANGE)).splitlines() == [
        "orders.csv breaks the contract orders 1.2.0: 1 of 4 checks failed, and 1 warning",
        "  age: range: expected at least 0, such as row 1: -4; row 1,200: -5",
        "  warning: no other columns: 1 column that the contract does not name: 'b'",
        "  note: name: type string: all 2 values are missing",
    ]


def test_warnings_keep_the_contract() -> None:
    assert str(report(OTHERS)).startswith("orders.csv keeps the contract orders 1.2.0 with 1 warning: 1 check\n")


def test_the_error_names_columns_counts_and_rows_and_holds_the_report() -> None:
    whole = report(PASSED, NOTED, OTHERS, RANGE)
    error = violated(whole)
    assert str(error).splitlines()[1:] == ["  age, range: expected at least 0, such as row 1: -4; row 1,200: -5"]
    assert error.report is whole


def test_the_error_stays_readable_when_all_is_broken() -> None:
    lines = str(violated(report(*[RANGE] * 100))).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  and 80 more"


def test_plain_data_is_the_whole_report() -> None:
    found = json.loads(json.dumps(plain(report(PASSED, RANGE))))
    assert (found["verdict"], found["contract"], found["version"], found["rows"]) == ("failed", "orders", "1.2.0", 1200)
    assert [check["status"] for check in found["checks"]] == ["passed", "failed"]
    assert found["checks"][1]["examples"] == [
        {"row": 1, "values": {"age": "-4"}},
        {"row": 1200, "values": {"age": "-5"}},
    ]


def test_a_run_keeps_which_contract_it_was_held_against() -> None:
    assert summary(report(OTHERS), "data/orders.odcs.yaml") == {
        "id": "orders",
        "version": "1.2.0",
        "digest": "ab" * 32,
        "path": "data/orders.odcs.yaml",
        "outcome": "warned",
    }


def test_values_of_strangers_stay_text_in_markdown() -> None:
    evil = Check("a|b", "rule", "failed", column="<b>", reason="came '![x](http://e.org)@all'")
    page = markdown([report(evil)])
    assert "<b>" not in page
    assert "http://" not in page
    assert "@all" not in page
    (row,) = [line for line in page.splitlines() if line.startswith("| failed")]
    assert row.replace("\\|", "").count("|") == 6


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 10_000, "'" + "x" * 80 + "...'"),
        ("\x1b[2J\n", "'\\x1b[2J\\n'"),
        (None, "null"),
        (10**300, "1" + "0" * 79 + "..."),
    ],
)
def test_values_are_shown_on_one_line_of_bounded_length(value: object, text: str) -> None:
    assert shown(value) == text
