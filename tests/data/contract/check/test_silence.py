"""Faulty situations in which tools of the field pass without a word: none of them does here, whatever holds the data.

Each starts from rows that keep the contract, and spoils them.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from solvent.data.contract.check.outcome import Check
from solvent.data.contract.check.report import Report
from solvent.data.contract.check.source import check_source
from solvent.data.contract.model import (
    ColumnContract,
    Contract,
    CountRule,
    RowRule,
    TableContract,
)
from solvent.data.engine.conditions import Finite, InRange, NotNull, OneOf, Unique
from solvent.data.errors import UnreadableData

Rows = dict[str, list[Any]]
COUNT = 100
TABLE = TableContract(
    "people",
    (
        ColumnContract("id", "integer"),
        ColumnContract("age", "integer"),
        ColumnContract("income", "number"),
        ColumnContract("city", "string"),
    ),
    (
        RowRule("id is there", NotNull("id"), "id"),
        RowRule("id is unique", Unique(("id",)), "id"),
        RowRule("age is there", NotNull("age"), "age"),
        RowRule("age from 0 to 120", InRange("age", 0, 120), "age"),
        RowRule("income is finite", Finite("income"), "income"),
        RowRule("income from 0", InRange("income", 0), "income", allowed=0.1, share=True),
        RowRule("known city", OneOf("city", ("Rome", "Oslo")), "city"),
    ),
    "refuse",
)


def good() -> Rows:
    return {
        "id": list(range(COUNT)),
        "age": [20 + row % 60 for row in range(COUNT)],
        "income": [row + 0.5 for row in range(COUNT)],
        "city": ["Rome" if row % 2 else "Oslo" for row in range(COUNT)],
    }


def _parquet(rows: Rows, folder: Path) -> object:
    pq.write_table(pa.table(rows), folder / "rows.parquet")
    return folder / "rows.parquet"


def _csv(rows: Rows, folder: Path) -> object:
    path = folder / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows)
        writer.writerows(zip(*rows.values(), strict=True))
    return path


def _json_lines(rows: Rows, folder: Path) -> object:
    path = folder / "rows.jsonl"
    lines = [json.dumps(dict(zip(rows, row, strict=True))) for row in zip(*rows.values(), strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _polars(rows: Rows) -> pl.DataFrame:
    frame = pl.DataFrame(rows, strict=False)
    return frame.with_columns(pl.col(pl.Null).cast(pl.Int64))


KINDS: Mapping[str, Callable[[Rows, Path], object]] = {
    "parquet": _parquet,
    "csv": _csv,
    "jsonl": _json_lines,
    "pandas": lambda rows, _: pd.DataFrame(rows),
    "polars": lambda rows, _: _polars(rows),
    "lazy": lambda rows, _: _polars(rows).lazy(),
    "arrow": lambda rows, _: pa.table(rows),
}


@pytest.fixture(params=KINDS)
def hold(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Report]:
    def hold(rows: Rows, table: TableContract = TABLE) -> Report:
        contract = Contract("people", "1.0.0", "active", (table,), "ab" * 32, {})
        return check_source(KINDS[request.param](rows, tmp_path), contract).report

    hold.kind = request.param  # type: ignore[attr-defined]
    return hold


def broken(report: Report) -> dict[tuple[str | None, str], Check]:
    return {(check.column, check.name): check for check in report.broken if check.severity == "error"}


def spoilt(**columns: Sequence[Any] | None) -> Rows:
    rows = good() | {name: list(values) for name, values in columns.items() if values is not None}
    return {name: values for name, values in rows.items() if columns.get(name, values) is not None}


def test_rows_that_keep_the_contract_pass(hold: Callable[..., Report]) -> None:
    report = hold(good())
    assert (report.verdict, report.broken, report.rows) == ("passed", [], COUNT)


def test_1_a_column_is_missing(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(age=None)))
    assert found["age", "type integer"].status == "failed"
    assert found["age", "age from 0 to 120"].status == "error"


def test_2_a_column_has_another_name(hold: Callable[..., Report]) -> None:
    rows = {("Age" if name == "age" else name): values for name, values in good().items()}
    found = broken(hold(rows))
    assert "did you mean 'Age'?" in found["age", "type integer"].reason
    assert "'Age'" in found[None, "no other columns"].reason


def test_3_a_rule_is_about_a_column_that_nobody_has(hold: Callable[..., Report]) -> None:
    rule = RowRule("incme from 0", InRange("incme", 0), "incme")
    table = TableContract("people", TABLE.columns, (*TABLE.rules, rule))
    found = broken(hold(good(), table))
    assert list(found) == [("incme", "incme from 0")]
    assert "did you mean 'income'?" in found["incme", "incme from 0"].reason


def test_4_texts_stand_where_numbers_were(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(age=[*(str(age) for age in good()["age"][:-1]), "forty"])))
    assert found["age", "type integer"].rows == 1
    assert found["age", "age from 0 to 120"].status == "error"


def test_5_a_required_column_has_no_value(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(age=[None] * COUNT)))
    assert found["age", "type integer"].status == "failed"
    assert found["age", "age is there"].rows == COUNT


@pytest.mark.parametrize("empty", [pl.Series([None] * COUNT), pl.Series([None] * COUNT, dtype=pl.String)], ids=str)
def test_5_whatever_type_a_frame_gives_to_no_values(empty: pl.Series) -> None:
    contract = Contract("people", "1.0.0", "active", (TABLE,), "ab" * 32, {})
    report = check_source(pl.DataFrame(good()).with_columns(age=empty), contract).report
    assert {name for column, name in broken(report) if column == "age"} >= {"type integer", "age is there"}


def test_6_another_column_has_no_value(hold: Callable[..., Report]) -> None:
    report = hold(spoilt(income=[None] * COUNT))
    said = [check for check in report.checks if check.column == "income"]
    assert all(check.status == "error" or check.note for check in said)
    assert "missing" in str(report)


def test_7_half_of_a_required_column_is_missing(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(age=[None if row % 2 else 30 for row in range(COUNT)])))
    assert found["age", "age is there"].rows == COUNT // 2


def test_8_a_column_is_constant(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(id=[7] * COUNT)))
    assert found["id", "id is unique"].rows == COUNT


def test_9_there_are_no_rows(hold: Callable[..., Report]) -> None:
    rows: Rows = {name: [] for name in good()}
    if getattr(hold, "kind", "") == "jsonl":
        with pytest.raises(UnreadableData):
            hold(rows)
        return
    assert (None, "not empty") in broken(hold(rows))
    allowed = TableContract("people", TABLE.columns, (*TABLE.rules, CountRule("rows", least=0)))
    assert hold(rows, allowed).verdict == "passed"


def test_10_a_third_is_out_of_range(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(age=[200 if row < 32 else 30 for row in range(COUNT)])))
    assert list(found) == [("age", "age from 0 to 120")]
    assert found["age", "age from 0 to 120"].rows == 32
    assert [(one.row, one.values) for one in found["age", "age from 0 to 120"].examples][:1] == [(0, {"age": "200"})]


def test_11_one_number_is_infinite(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(income=[math.inf, *good()["income"][1:]])))
    assert found["income", "income is finite"].rows == 1


def test_12_columns_in_another_order_are_not_confused(hold: Callable[..., Report]) -> None:
    assert hold(dict(reversed(good().items()))).verdict == "passed"
    found = broken(hold(dict(reversed(spoilt(age=[200] * COUNT).items()))))
    assert list(found) == [("age", "age from 0 to 120")]


def test_13_a_new_category_comes(hold: Callable[..., Report]) -> None:
    found = broken(hold(spoilt(city=["Paris", *good()["city"][1:]])))
    assert found["city", "known city"].examples[0].values == {"city": "'Paris'"}


def test_14_one_value_is_no_number_in_numbers_that_are_floats(hold: Callable[..., Report]) -> None:
    if getattr(hold, "kind", "") in ("pandas", "csv"):
        pytest.skip("NaN is how these write a missing value")
    report = hold(spoilt(income=[math.nan, *good()["income"][1:]]))
    assert broken(report)["income", "income is finite"].rows == 1


def test_15_two_columns_have_one_name(tmp_path: Path) -> None:
    contract = Contract("people", "1.0.0", "active", (TABLE,), "ab" * 32, {})
    (tmp_path / "rows.csv").write_text("id,age,age\n1,2,3\n")
    for source in (tmp_path / "rows.csv", pd.DataFrame([[1, 2, 3]], columns=["id", "age", "age"])):
        with pytest.raises(UnreadableData, match="age"):
            check_source(source, contract)


def test_16_a_file_is_cut_off(tmp_path: Path) -> None:
    contract = Contract("people", "1.0.0", "active", (TABLE,), "ab" * 32, {})
    pq.write_table(pa.table(good()), tmp_path / "rows.parquet")
    whole = (tmp_path / "rows.parquet").read_bytes()
    for kept in (0, 3, len(whole) // 2, len(whole) - 1):
        (tmp_path / "rows.parquet").write_bytes(whole[:kept])
        with pytest.raises(UnreadableData):
            check_source(tmp_path / "rows.parquet", contract)


def test_rows_that_break_the_contract_are_put_aside(tmp_path: Path) -> None:
    contract = Contract("people", "1.0.0", "active", (TABLE,), "ab" * 32, {})
    frame = pd.DataFrame(spoilt(age=[200 if row < 3 else 30 for row in range(COUNT)], city=["Paris"] + ["Rome"] * 99))
    checked = check_source(frame, contract, bad=tmp_path / "bad.parquet")
    assert checked.bad == 3
    assert pq.read_table(tmp_path / "bad.parquet").column("id").to_pylist() == [0, 1, 2]
