"""json and jsonl: the shape that programs rely on."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from tests.debt.formats.reports import reports, troubled, written


def test_the_shape() -> None:
    document = json.loads(written("json", troubled()))

    assert set(document) == {"findings", "summary", "statistics", "unreadable", "warnings", "suppressed", "notes"}
    promised = {"code", "rule", "message", "path", "line", "column", "severity", "minutes", "fingerprint", "fix"}
    assert promised <= set(document["findings"][0])
    assert document["summary"]["rating"] == "A"
    assert document["summary"] | {"findings": 2, "minutes": 32, "suppressed": 1, "known": 3} == document["summary"]
    assert document["statistics"] == [
        {"code": "COD207", "rule": "nan-comparison", "findings": 2, "minutes": 32, "share": 1.0}
    ]


@given(shown=reports())
def test_any_text_survives(shown: Report) -> None:
    document = json.loads(written("json", shown))

    assert [msgspec.convert(each, Finding) for each in document["findings"]] == shown.findings
    assert [(each["path"], each["why"]) for each in document["unreadable"]] == shown.unreadable


@given(shown=reports())
def test_each_line_is_an_object_that_says_what_it_is(shown: Report) -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in written("jsonl", shown).split("\n")[:-1]]

    found = [each for each in lines if each["kind"] == "finding"]
    assert [msgspec.convert(each, Finding) for each in found] == shown.findings
    assert [each["message"] for each in lines if each["kind"] == "note"] == shown.notes
    assert [each["message"] for each in lines if each["kind"] == "warning"] == [each.message for each in shown.warned]
    assert lines[-1]["kind"] == "summary"
    kinds = {"finding", "suppressed", "unreadable", "warning", "note", "summary"}
    assert {each["kind"] for each in lines} <= kinds
