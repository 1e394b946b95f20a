"""What a change means, which version it needs, and that nothing that changed goes unsaid."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvent.data.contract.diff import Diff, diff
from solvent.data.contract.digest import digest_of
from solvent.data.contract.read import contract_of
from solvent.data.contract.versions import made, next_version
from solvent.data.errors import InvalidContract
from tests.data.contract.strategies import documents

Column = dict[str, Any]


def document(*columns: Column, version: str = "1.0.0", **table: Any) -> dict[str, Any]:
    schema = [{"name": "t", "properties": list(columns), **table}]
    return {"apiVersion": "v3.1.0", "kind": "DataContract", "id": "a", "version": version, "schema": schema}


def compare(old: dict[str, Any], new: dict[str, Any]) -> Diff:
    return diff(contract_of(old), contract_of(new))


def levels(old: Column, new: Column) -> list[str]:
    return [change.level for change in compare(document(old), document(new)).changes]


def role(value: str) -> dict[str, Any]:
    return {"customProperties": [{"property": "solventRole", "value": value}]}


def rule(metric: str = "nullValues", **more: Any) -> dict[str, Any]:
    return {"quality": [{"metric": metric, **more}]}


def values(*given: Any) -> dict[str, Any]:
    return rule("invalidValues", arguments={"validValues": list(given)}, mustBe=0)


def bounds(**given: Any) -> dict[str, Any]:
    return {"logicalTypeOptions": given}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"required": True}, ["NARROWING"]),
        ({"required": True}, {}, ["WIDENING"]),
        ({"required": False}, {}, ["COSMETIC"]),
        ({"unique": True}, {}, ["WIDENING"]),
        ({"logicalType": "integer"}, {"logicalType": "number"}, ["WIDENING"]),
        ({"logicalType": "number"}, {"logicalType": "integer"}, ["NARROWING"]),
        ({"logicalType": "number"}, {"logicalType": "string"}, ["BREAKING"]),
        ({"physicalType": "INTEGER"}, {"physicalType": "BIGINT"}, ["WIDENING"]),
        ({"physicalType": "varchar(20)"}, {"physicalType": "varchar(10)"}, ["NARROWING"]),
        ({"physicalType": "decimal(10,2)"}, {"physicalType": "decimal(12,0)"}, ["BREAKING"]),
        (bounds(minimum=0), bounds(minimum=-1), ["WIDENING"]),
        (bounds(minimum=0, maximum=5), bounds(minimum=1, maximum=6), ["WIDENING", "NARROWING"]),
        (bounds(minimum=0), bounds(exclusiveMinimum=0), ["NARROWING"]),
        (bounds(exclusiveMaximum=5), bounds(maximum=5), ["WIDENING"]),
        (bounds(minimum=0), bounds(minimum=0, maximum=9), ["NARROWING"]),
        (values("a", "b"), values("a", "b", "c"), ["WIDENING"]),
        (values("a", "b"), values("a"), ["NARROWING"]),
        (values("a", "b"), values("b", "a"), ["COSMETIC"]),
        (rule(mustBe=0), rule(mustBeLessOrEqualTo=5), ["WIDENING"]),
        (rule(mustBe=0), rule(mustBe=0, severity="warning"), ["WIDENING"]),
        (rule(mustBe=0, severity="info"), rule(mustBe=0), ["NARROWING"]),
        (rule(mustBe=0), rule(mustBe=0, description="no holes"), ["COSMETIC"]),
        (rule(mustBeGreaterThan=3), rule(mustBeGreaterThan=4), ["WIDENING", "NARROWING"]),
        ({}, {"quality": [{"type": "text", "description": "is true"}]}, ["COSMETIC"]),
        ({}, {"quality": [{"type": "custom", "engine": "soda", "implementation": "x"}]}, ["NARROWING"]),
        ({}, {"description": "years"}, ["COSMETIC"]),
        (role("feature"), role("label"), ["BREAKING"]),
        (role("feature"), {}, ["BREAKING"]),
        ({}, role("feature"), ["COSMETIC"]),
        ({}, {"customProperties": [{"property": "solventOptional", "value": True}]}, ["WIDENING"]),
        ({"name": "b"}, {"name": "c"}, ["BREAKING", "NARROWING"]),
        ({"name": "b", "physicalName": "x"}, {"name": "c", "physicalName": "x"}, ["COSMETIC"]),
    ],
)
def test_what_a_change_of_a_column_means(old: Column, new: Column, expected: list[str]) -> None:
    base = {"name": "a", "logicalType": "number"}
    found = levels({**base, **old}, {**base, **new})
    assert found == expected


def test_tables_and_columns_that_come_and_go() -> None:
    a, b = {"name": "a", "logicalType": "number"}, {"name": "b", "logicalType": "string"}
    optional = {**b, "customProperties": [{"property": "solventOptional", "value": True}]}
    assert [change.text for change in compare(document(a), document(a, b)).changes] == ["a new column is asked for"]
    assert [change.level for change in compare(document(a), document(a, optional)).changes] == ["WIDENING"]
    assert [change.text for change in compare(document(a, b), document(a)).changes] == ["the column is gone"]
    assert [change.text for change in compare(document(a, b), document(b, a)).changes] == [
        "the order of columns changed"
    ]
    none = {**document(a), "schema": []}
    assert [change.level for change in compare(document(a), none).changes] == ["BREAKING"]
    assert [change.level for change in compare(none, document(a)).changes] == ["NARROWING"]
    moved = compare(document(a), document(a, physicalName="fct")).changes
    assert [change.level for change in moved] == ["BREAKING"]
    assert "-> 'fct'" in moved[0].text
    refuse = [{"property": "solventExtraColumns", "value": "refuse"}]
    assert [change.level for change in compare(document(a), document(a, customProperties=refuse)).changes] == [
        "NARROWING"
    ]


@pytest.mark.parametrize(
    ("changed", "version", "needed", "enough"),
    [
        ({"logicalType": "string"}, "1.9.9", "major", False),
        ({"logicalType": "string"}, "2.0.0", "major", True),
        ({"required": True}, "1.0.1", "minor", False),
        ({"required": True}, "1.1.0", "minor", True),
        ({"description": "x"}, "1.0.0", "patch", False),
        ({"description": "x"}, "1.0.1", "patch", True),
        ({}, "1.0.0", "none", True),
        ({}, "0.9.0", "none", False),
    ],
)
def test_the_version_says_what_changed(changed: Column, version: str, needed: str, enough: bool) -> None:
    base = {"name": "a", "logicalType": "number"}
    found = compare(document(base), document({**base, **changed}, version=version))
    assert (found.needed, found.enough) == (needed, enough)


def test_a_version_must_be_one() -> None:
    with pytest.raises(InvalidContract, match=r"expected a version MAJOR\.MINOR\.PATCH such as 1\.0\.0, came 'two'"):
        compare(document(), document(version="two"))


@given(st.tuples(*[st.integers(0, 20)] * 3), st.sampled_from(["patch", "minor", "major"]))
def test_the_next_version_makes_the_bump(parts: tuple[int, int, int], bump: Any) -> None:
    old = ".".join(map(str, parts))
    assert made(old, next_version(old, bump)) == bump


def test_accepting_a_draft_changes_nothing() -> None:
    old = document({"name": "a", "logicalType": "number"})
    assert compare({**old, "status": "draft"}, {**old, "status": "active"}).changes == []


def _changed(found: dict[str, Any], data: st.DataObject) -> None:
    edits: list[tuple[dict[str, Any], dict[str, Any]]] = [(found, {"domain": "elsewhere"}), (found, {"tags": ["new"]})]
    for table in found.get("schema", []):
        edits.append((table, {"businessName": "other"}))
        for column in table["properties"]:
            edits += [
                (column, {"required": not column.get("required", False)}),
                (column, {"physicalType": "other", "name": "renamed"}),
                (column, {"quality": []}),
                (column, {"examples": ["zzz"]}),
            ]
    part, change = data.draw(st.sampled_from(edits))
    part.update(change)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), st.data())
def test_no_change_goes_unsaid(old: dict[str, Any], data: st.DataObject) -> None:
    new = copy.deepcopy(old)
    _changed(new, data)
    assert compare(old, old).changes == []
    assert bool(compare(old, new).changes) == (digest_of(old) != digest_of(new))
