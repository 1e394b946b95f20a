"""Which kinds a contract's types allow."""

from __future__ import annotations

import pytest

from solvent.data.contract.check.kinds import allowed, physical_kinds
from solvent.data.contract.model import LogicalType
from solvent.data.engine.protocol import Kind
from tests.data.contract.check.plain import column


@pytest.mark.parametrize(
    ("physical", "kind"),
    [
        ("VARCHAR(10)", "text"),
        ("character varying", "text"),
        ("BIGINT", "integer"),
        ("uint8", "integer"),
        ("DECIMAL(10, 2)", "number"),
        ("double precision", "number"),
        ("float64", "number"),
        ("TIMESTAMP(3) WITH TIME ZONE", "timestamp"),
        ("timestamp_ns", "timestamp"),
        ("datetime64[ns, UTC]", "timestamp"),
        ("date32", "date"),
        ("BOOLEAN", "boolean"),
        ("int[]", "list"),
        ("ARRAY<STRING>", "list"),
        ("STRUCT(a INTEGER, b STRUCT(c INTEGER))", "struct"),
        ("bytea", "binary"),
    ],
)
def test_physical_types_are_understood(physical: str, kind: Kind) -> None:
    assert kind in physical_kinds(physical)


@pytest.mark.parametrize("physical", ["", None, "money", "integers", "geography(point)"])
def test_other_words_are_not_guessed(physical: str | None) -> None:
    assert physical_kinds(physical) == frozenset()


@pytest.mark.parametrize(
    ("logical", "kinds"),
    [
        ("number", {"number", "integer"}),
        ("integer", {"integer"}),
        ("string", {"text"}),
        ("date", {"date", "timestamp"}),
    ],
)
def test_logical_types_are_understood(logical: LogicalType, kinds: set[Kind]) -> None:
    assert allowed(column("a", logical)) == kinds


def test_dates_that_are_kept_as_texts_may_be_either() -> None:
    assert allowed(column("a", "date", physical="text")) == {"date", "timestamp", "text"}
