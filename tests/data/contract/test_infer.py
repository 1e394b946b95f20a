"""Drafts from profiles: data keeps the contract that was read off it, and what was not inferred is said."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from open_data_contract_standard.model import OpenDataContractStandard

from solvent.data.contract.check.source import check_source
from solvent.data.contract.infer import Inferred, candidates, infer
from solvent.data.contract.infer_range import widened
from solvent.data.contract.lint import lint
from solvent.data.contract.model import RowRule
from solvent.data.contract.read import contract_of
from solvent.data.contract.write import write_document
from solvent.data.contract.yaml_text import MAX_BYTES, parse_yaml
from solvent.data.engine.conditions import Unique
from solvent.data.engine.duck.table import DuckEngine
from solvent.data.engine.protocol import Kind, Scalars
from solvent.data.errors import InvalidContract
from solvent.data.profile.make import of_table
from solvent.data.profile.model import CategoryCounts, ColumnProfile, Profile


def column(kind: Kind = "integer", rows: int = 1_000, nulls: int = 0, **more: Any) -> ColumnProfile:
    scalars = {key: more.pop(key) for key in list(more) if key in Scalars.__struct_fields__}
    return ColumnProfile(more.pop("name", "a"), kind, more.pop("type", "T"), Scalars(rows, nulls, **scalars), **more)


def drafted(found: ColumnProfile, **more: Any) -> tuple[dict[str, Any], Inferred]:
    assert found.scalars is not None
    profile = Profile(1, found.scalars.rows, [ColumnProfile("first", "text", "T"), found], **more)
    inferred = infer(profile, "t")
    contract_of(inferred.document)
    part: dict[str, Any] = inferred.document["schema"][0]["properties"][1]
    return part, inferred


def notes_of(inferred: Inferred) -> str:
    return "\n".join(note.text for note in inferred.notes if note.column == "a")


def test_required_only_if_nothing_was_missing() -> None:
    assert drafted(column())[0]["required"] is True
    assert "required" not in drafted(column(nulls=1))[0]
    assert "required" not in drafted(column("number", nans=1))[0]


def test_bounds_are_wider_than_what_was_seen() -> None:
    assert drafted(column(least=18, most=87))[0]["logicalTypeOptions"] == {"minimum": 0, "maximum": 130}
    part, inferred = drafted(column(least=3, most=3))
    assert "logicalTypeOptions" not in part
    assert "always 3" in notes_of(inferred)
    for odd in ({"positive_infinite": 1}, {"nans": 1}):
        part, inferred = drafted(column("number", least=0, most=3, **odd))
        assert "logicalTypeOptions" not in part
        assert "no bounds were inferred" in notes_of(inferred)
    assert "53 bits" in notes_of(drafted(column(least=0, most=2**60))[1])


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), st.booleans())
def test_bounds_hold_what_was_seen(one: float, other: float, whole: bool) -> None:
    least, most = sorted(
        (float(int(one)), float(int(other))) if whole and abs(one) + abs(other) < 2**53 else (one, other)
    )
    if least < most:
        low, high = widened(least, most, whole=whole and abs(least) < 2**53 and abs(most) < 2**53)
        assert low <= least < most <= high
        assert (low >= 0) == (least >= 0)


def test_few_values() -> None:
    few = CategoryCounts([("b", 900), ("a", 100)], 0, True)
    (rule,) = drafted(column("text", categories=few))[0]["quality"]
    assert rule["arguments"] == {"validValues": ["a", "b"]}
    for other in (
        column("text", categories=CategoryCounts([("b", 900), ("a", 50)], 50, False)),
        column("text", rows=50, categories=CategoryCounts([("b", 30), ("a", 20)], 0, True)),
        column("text", categories=CategoryCounts([("b", 1_000)], 0, True)),
        column("text", categories=CategoryCounts([("b", 900), ("x" * 300, 100)], 0, True)),
        column("text", rows=100, categories=CategoryCounts([(str(n), 5) for n in range(20)], 0, True)),
    ):
        assert "quality" not in drafted(other)[0]
    assert "quality" not in drafted(column("text", categories=few), sampled=500)[0]


def test_uniqueness_is_counted_or_left_open() -> None:
    near = column(name="a", distinct=980)
    profile = Profile(1, 1_000, [near])
    assert candidates(profile) == ["a"]
    assert "unique" not in infer(profile, "t").document["schema"][0]["properties"][0]
    assert "looks unique" in notes_of(infer(profile, "t"))
    assert infer(profile, "t", unique=["a"]).document["schema"][0]["properties"][0]["unique"] is True
    assert candidates(Profile(1, 1_000, [column(name="a", distinct=500)])) == []
    assert candidates(Profile(1, 10, [column(name="a", rows=10, distinct=10, distinct_exact=True)])) == []


def test_what_can_not_be_looked_at_is_said() -> None:
    failed = Profile(1, 5, [ColumnProfile("a", "text", "T", failed="broken page")])
    assert "could not be looked at: broken page" in notes_of(infer(failed, "t"))
    part, inferred = drafted(column("text", nulls=1_000))
    assert list(part) == ["name", "customProperties"]
    assert "no value was seen: neither a type nor anything else is asked for" in notes_of(inferred)
    assert part["customProperties"][0]["value"] == "no value was seen; 1,000 of 1,000 missing"
    assert "no type for INTERVAL" in notes_of(drafted(column("other", type="INTERVAL"))[1])
    few = infer(Profile(1, 5, [column(rows=5)], sampled=3, notes=["odd"]), "t")
    texts = [note.text for note in few.notes]
    assert any("5 rows are few" in text for text in texts)
    assert any("only 3 of 5" in text for text in texts)
    assert "odd" in texts


def test_it_is_a_draft_that_says_where_it_comes_from() -> None:
    profile = Profile(1, 1_000, [column(least=0, most=5)])
    document = infer(profile, "Loan data", roles={"a": "label"}).document
    contract = contract_of(document)
    assert (contract.status, contract.id) == ("draft", "loan-data")
    assert contract.tables[0].columns[0].role == "label"
    evidence = document["customProperties"][0]["value"]
    assert evidence["rows"] == 1_000
    assert evidence["profile"].startswith("sha256:")
    assert infer(profile, "Loan data", roles={"a": "label"}).document == document
    assert {lack.code for lack in lint(contract)} == {"no-purpose", "no-owner", "draft", "no-description"}


FRAMES = st.integers(1, 300).flatmap(
    lambda rows: st.fixed_dictionaries(
        {
            "id": st.just(list(range(rows))),
            "whole": st.lists(st.integers(-(2**62), 2**62) | st.integers(0, 3), min_size=rows, max_size=rows),
            "number": st.lists(st.floats(), min_size=rows, max_size=rows),
            "text": st.lists(st.sampled_from(["a", "b", "", "数"]) | st.none(), min_size=rows, max_size=rows),
            "flag": st.lists(st.booleans(), min_size=rows, max_size=rows),
        }
    )
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(FRAMES)
def test_data_keeps_the_contract_that_was_read_off_it(data: dict[str, list[Any]]) -> None:
    table = DuckEngine().open(pd.DataFrame(data))
    try:
        profile = of_table(table)
        names = candidates(profile)
        unique = [name for name in names if table.failing([Unique((name,))]) == [0]]
        document = infer(profile, "t", unique=unique).document
        rules = [rule for rule in contract_of(document).tables[0].rules if isinstance(rule, RowRule)]
        assert table.failing([rule.condition for rule in rules]) == [0] * len(rules)
        OpenDataContractStandard.from_string(write_document(document))
    finally:
        table.close()


@pytest.mark.parametrize("extra", ["description", "solventRole"])
def test_lint_is_content_once_all_is_said(extra: str) -> None:
    words = [{"property": "solventRole", "value": "feature"}]
    part = {"name": "a", "logicalType": "string", "description": "what", "required": True, "customProperties": words}
    document: dict[str, Any] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "a",
        "version": "1.0.0",
        "status": "active",
        "description": {"purpose": "to test"},
        "team": {"name": "us"},
        "schema": [{"name": "t", "description": "a row is a thing", "properties": [part]}],
    }
    assert lint(contract_of(document)) == []
    del part["description" if extra == "description" else "customProperties"]
    assert [lack.code for lack in lint(contract_of(document))] == [
        "no-description" if extra == "description" else "no-role"
    ]


def test_lint_finds_what_is_not_checked() -> None:
    document: dict[str, Any] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "a",
        "version": "one",
        "schema": [
            {
                "name": "t",
                "properties": [
                    {"name": "a", "quality": [{"type": "text", "description": "true"}]},
                    {"name": "b", "logicalType": "string", "logicalTypeOptions": {"pattern": "x"}},
                    {"name": "c", "logicalType": "string"},
                ],
            },
            {"name": "u"},
        ],
    }
    found = lint(contract_of(document))
    codes = {lack.code for lack in found}
    assert {"no-status", "odd-version", "no-columns", "no-type", "only-words", "not-checked", "open-pattern"} <= codes
    assert {lack.column for lack in found if lack.code == "no-rule"} == {"c"}
    assert [lack.code for lack in lint(contract_of({**document, "schema": []}))][-1] == "no-table"


def test_values_that_the_profile_cut_are_not_asked_of_data() -> None:
    frame = pd.DataFrame({"said": ["short", "long " * 30] * 200})
    opened = DuckEngine().open(frame)
    inferred = infer(of_table(opened, "duckdb"), "t")
    opened.close()
    (part,) = inferred.document["schema"][0]["properties"]
    assert "quality" not in part
    assert "said: has long values" in " ".join(f"{note.column}: {note.text}" for note in inferred.notes)


@pytest.mark.parametrize("rows", [1, 150])
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "pandas", "polars", "nan"])
def test_a_column_without_a_value_is_drafted_without_a_type_and_accepts_what_comes(
    tmp_path: Path, form: str, rows: int
) -> None:
    values: dict[str, list[Any]] = {"id": list(range(rows)), "empty": [None] * rows}
    if form == "nan":
        values["empty"] = [math.nan] * rows
    source: Any = pl.DataFrame(values) if form == "polars" else pd.DataFrame(values)
    path = tmp_path / f"a.{form}"
    if form == "csv":
        path.write_text("id,empty\n" + "".join(f"{number},\n" for number in range(rows)))
    elif form == "jsonl":
        path.write_text("".join(f'{{"id": {number}, "empty": null}}\n' for number in range(rows)))
    elif form == "parquet":
        pq.write_table(pa.table({"id": values["id"], "empty": pa.nulls(rows)}), path)
    source = path if path.exists() else source
    opened = DuckEngine().open(source)
    inferred = infer(of_table(opened, "duckdb"), "t")
    opened.close()
    part = inferred.document["schema"][0]["properties"][1]
    assert list(part) == ["name", "customProperties"]
    assert "no value was seen" in write_document(inferred.document)
    contract = contract_of(inferred.document)
    assert check_source(source, contract).report.verdict == "passed"
    for later in ([1] * rows, ["x"] * rows, [[1]] * rows, [1.5] * rows):
        report = check_source(pa.table({"id": values["id"], "empty": later}), contract).report
        assert report.verdict == "passed"
        assert any("give the column a logicalType" in one.note for one in report.notes if one.column == "empty")


def test_a_type_is_asked_for_where_there_are_no_rows_at_all() -> None:
    assert drafted(column("integer", rows=0))[0]["logicalType"] == "integer"
    assert list(drafted(column("other", rows=0, type='"NULL"'))[0]) == ["name", "customProperties"]


def test_the_draft_of_a_data_base_s_table_names_it() -> None:
    profile = Profile(1, 1_000, [column()])
    assert "physicalName" not in infer(profile, "orders", table="orders").document["schema"][0]
    document = infer(profile, "Orders", table="sales.orders").document
    assert document["schema"][0]["physicalName"] == "sales.orders"
    assert contract_of(document).tables[0].physical == "sales.orders"


def test_a_draft_of_very_wide_data_can_be_read_back() -> None:
    few = CategoryCounts([(f"value {n}", 100) for n in range(10)], 0, True)
    columns = [column(name=f"a rather long name of a column {n}", least=n, most=2 * n + 1) for n in range(10_000)]
    columns += [column("text", name=f"text {n}", categories=few) for n in range(10_000)]
    inferred = infer(Profile(1, 1_000, columns), "wide")
    assert [note.text for note in inferred.notes if "20,000 columns" in note.text] == [
        "of 20,000 columns, the evidence was left out: a contract may not be as large",
        "of 20,000 columns, the valid values were left out: a contract may not be as large",
    ]
    text = write_document(inferred.document)
    assert len(text) < MAX_BYTES
    assert parse_yaml(text, "wide.odcs.yaml").value == inferred.document
    with pytest.raises(InvalidContract, match="more than a contract can name"):
        infer(Profile(1, 1_000, [column(name=f"{n}" + "x" * 1_000) for n in range(10_000)]), "wide")
