"""GitLab's Code Quality report.

GitLab publishes no schema file of it; this one is written from its documentation's table of required fields.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from hypothesis import given

from solvent.debt.engine.check import Report
from tests.debt.formats.reports import finding, report, reports, troubled, written

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def issues_of(shown: Report) -> list[dict[str, Any]]:
    issues: list[dict[str, Any]] = json.loads(written("gitlab", shown))
    VALIDATOR.validate(issues)
    fingerprints = [each["fingerprint"] for each in issues]
    assert len(set(fingerprints)) == len(fingerprints)
    return issues


def test_one_of_everything() -> None:
    issues = issues_of(troubled())

    assert [each["severity"] for each in issues] == ["critical", "minor", "minor", "info", "info"]
    assert issues[0]["location"] == {"path": "src/train.py", "lines": {"begin": 3}}
    assert issues[0]["description"] == "comparing with NaN is always false (2 min to mend)"
    assert issues[1]["description"].startswith("cell 4, line 2: ")


def test_equal_fingerprints_are_told_apart() -> None:
    assert len(issues_of(report([finding(), finding(), finding()]))) == 3


def test_nothing_found_is_an_empty_list() -> None:
    assert issues_of(report()) == []


@given(shown=reports())
def test_any_text_survives(shown: Report) -> None:
    issues = [each for each in issues_of(shown) if each["check_name"] == "COD207"]

    assert len(issues) == len(shown.findings)
    for each in shown.findings:
        assert any(
            each.message in issue["description"] and issue["location"]["path"] == each.path.removeprefix("./")
            for issue in issues
        )
