"""What data and SQL of others may try: every attempt is refused or answered, none passes in silence, hangs or escapes."""

from __future__ import annotations

import gzip
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from solvent.data.engine.conditions import InRange, MultipleOf, Sql
from solvent.data.engine.duck import csv as duck_csv
from solvent.data.engine.duck import limited
from solvent.data.engine.duck.table import DuckEngine, DuckTable
from solvent.data.engine.protocol import Failed
from solvent.data.errors import UnreadableData

ENDLESS = "(SELECT count(*) FROM range(10000000) AS x, range(10000000) AS y WHERE x.range + y.range = -1)"


def opened(source: object) -> DuckTable:
    return DuckEngine().open(source)


def answers(source: object, *conditions: Any) -> list[int | Failed]:
    table = opened(source)
    try:
        return table.failing(conditions)
    finally:
        table.close()


def test_endless_sql_is_ended_and_the_others_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "SECONDS", 0.2)
    table = opened(pd.DataFrame({"a": [1, -2]}))
    slow, fast = table.failing([Sql(f"{ENDLESS} = a"), InRange("a", low=0)])
    assert isinstance(slow, Failed)
    assert "was ended after 0.2 seconds" in slow.reason
    assert fast == 1
    number = table.number(f"SELECT {ENDLESS}")
    assert isinstance(number, Failed)
    assert "was ended after 0.2 seconds" in number.reason
    assert table.number("SELECT count(*) FROM ${table}") == 2
    table.close()


def test_all_sql_together_has_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "SECONDS", 0.2)
    monkeypatch.setattr(limited, "ALL", 0.3)
    table = opened(pd.DataFrame({"a": [1]}))
    reasons = [
        one.reason for one in table.failing([Sql(f"{ENDLESS} = {n}") for n in range(20)]) if isinstance(one, Failed)
    ]
    assert "was ended after 0.2 seconds" in reasons[0]
    assert reasons[2:] == ["not asked: the SQL before it has used up the 0.3 seconds for all SQL of a table"] * 18
    assert isinstance(table.number("SELECT count(*) FROM ${table}"), Failed)
    assert table.failing([InRange("a", low=0)]) == [0]
    table.close()


def test_a_query_of_many_rows_is_not_fetched() -> None:
    table = opened(pd.DataFrame({"a": [1]}))
    assert table.number("SELECT 0 FROM range(1000000000)") == Failed(
        "expected one number, got several rows of 1 columns"
    )
    table.close()


def test_columns_of_our_own_names_do_not_answer_for_an_expression() -> None:
    table = opened(pd.DataFrame({"a": [1, -2], "Solvent Truth": [True, True], "solvent row": [7, 7]}))
    assert table.failing([Sql("a > 0")]) == [1]
    ((row, values),) = table.examples(Sql("a > 0"), 5)
    assert (row, values["a"], values["solvent row"]) == (1, -2, 7)
    table.close()


def test_a_query_that_a_user_writes_is_one_that_reads(tmp_path: Path) -> None:
    target = tmp_path / "evil.csv"
    with pytest.raises(UnreadableData, match="several statements"):
        opened(f"SELECT 1 AS a; COPY (SELECT 1) TO '{target}'")
    assert not target.exists()


def test_a_file_whose_name_begins_as_a_query_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("From Bob.csv").write_text("a\n1\n")
    assert opened("From Bob.csv").rows() == 1


def test_numbers_beyond_all_types_are_an_answer() -> None:
    frame = pd.DataFrame({"a": [1], "b": [0.5]})
    found = answers(frame, InRange("a", high=10**400), InRange("b", high=10**400), InRange("a", low=0))
    assert [isinstance(one, Failed) for one in found] == [True, True, False]


def test_a_first_line_without_an_end_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck_csv, "LONGEST", 1_000)
    path = tmp_path / "x.csv"
    path.write_text("x" * 100_000)
    with pytest.raises(UnreadableData, match="a line of more than 1,000 characters"):
        opened(path)


def test_a_name_of_a_column_that_is_too_long_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a" * 200_000 + ",b\n1,2\n")
    with pytest.raises(UnreadableData, match="field limit"):
        opened(path)


def zipped(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


CSV = b"a,b\n" + b"".join(b"%d,%d\n" % (number, number * number) for number in range(50_000))


JSON = b"".join(b'{"a":%d}\n' % number for number in range(50_000))


@pytest.mark.parametrize(("name", "content"), [("x.csv.gz", CSV), ("x.jsonl.gz", JSON)], ids=["csv", "json"])
def test_damaged_compressed_files_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    whole = gzip.compress(content)
    flipped = bytearray(whole)
    flipped[-6] ^= 0xFF  # of the check sum
    for broken in (whole[: len(whole) // 2], whole[:-8], whole[:-20], bytes(flipped), whole + b"garbage"):
        with pytest.raises(UnreadableData, match="can't be read"):
            opened(zipped(tmp_path, name, broken))
    table = opened(zipped(tmp_path, name, whole + gzip.compress(b"")))
    assert table.rows() == 50_000


def parquets(folder: Path, *values: Any) -> Path:
    for number, each in enumerate(values):
        pq.write_table(pa.table({"a": each}), folder / f"{number}.parquet")
    return folder


def test_files_of_different_types_lose_nothing(tmp_path: Path) -> None:
    table = opened(parquets(tmp_path, [1, 2], [1.7, 2.2]))
    assert table.columns[0].type == "DOUBLE"
    assert table.failing([MultipleOf("a", 1)]) == [2]
    assert any("'a' is BIGINT in 0.parquet and DOUBLE in 1.parquet" in note for note in table.notes)
    table.close()


@pytest.mark.parametrize("second", [["5", "6"], pa.array([True, False])])
def test_files_whose_types_have_no_number_in_common_are_no_numbers(tmp_path: Path, second: Any) -> None:
    table = opened(parquets(tmp_path, [1, 2], second))
    assert table.notes
    table.close()


def test_columns_that_differ_in_case_are_not_confused_between_files(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1], "A": [10]}), tmp_path / "0.parquet")
    pq.write_table(pa.table({"A": [20], "a": [2]}), tmp_path / "1.parquet")
    with pytest.raises(UnreadableData, match="differ in upper and lower case alone"):
        opened(tmp_path)


def test_a_name_of_a_folder_does_not_replace_what_is_in_the_files(tmp_path: Path) -> None:
    for part in ("a=1", "a=2"):
        for folder in (tmp_path / "one" / part, tmp_path / "two" / part / "c=3"):
            folder.mkdir(parents=True)
            pq.write_table(pa.table({"a": [7], "b": [1]}), folder / "x.parquet")
    table = opened(tmp_path / "one")
    assert table.sample(10) == {"a": [7, 7], "b": [1, 1]}
    table.close()
    with pytest.raises(UnreadableData, match="'a' is a column of the files and of their folders"):
        opened(tmp_path / "two")


def test_nothing_in_a_folder_is_passed_over_in_silence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.csv").write_text("a\n1\n")
    (data / "b.csv.zst").write_text("x")
    (data / "_SUCCESS").write_text("")
    table = opened(data)
    assert table.notes == ["not read, for they are no data files by their names: b.csv.zst"]
    table.close()
    (data / "c.csv").symlink_to(tmp_path / "nowhere.csv")
    with pytest.raises(UnreadableData, match="a link that leads nowhere"):
        opened(data)
    (data / "c.csv").unlink()
    os.mkfifo(data / "c.csv")
    for source in (data, data / "c.csv", f"{data}/*.csv"):
        with pytest.raises(UnreadableData, match="neither"):
            opened(source)


def test_links_to_folders_elsewhere_are_followed_once(tmp_path: Path) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    data.mkdir()
    other.mkdir()
    (data / "a.csv").write_text("a\n1\n")
    (other / "b.csv").write_text("a\n99\n")
    (data / "more").symlink_to(other)
    (data / "again").symlink_to(other)
    (other / "back").symlink_to(data)
    table = opened(data)
    assert table.rows() == 2
    table.close()


def test_a_folder_that_is_closed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    closed = tmp_path / "closed"
    closed.mkdir()
    scan = os.scandir

    def scandir(path: Any) -> Any:
        if not isinstance(path, int) and Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(UnreadableData, match="Permission denied"):
        opened(tmp_path)


@pytest.mark.parametrize(
    "path", ["x" * 5_000, "a\0b.csv", "/dev/null", "/dev/zero"], ids=["long", "nul", "null", "zero"]
)
def test_paths_that_are_none(path: str) -> None:
    with pytest.raises(UnreadableData):
        opened(path)


def test_sql_does_not_confuse_columns_that_differ_in_case() -> None:
    table = opened(pd.DataFrame({"a": [1], "A": [30], "b": [1]}))
    found = table.failing([Sql('"A" < 5'), Sql("b = 1"), InRange("A", high=5)])
    assert found[0] == Failed(
        "SQL can't tell the columns 'a' and 'A' apart, which differ in upper and lower case alone"
    )
    assert found[1:] == [0, 1]
    assert isinstance(table.number("SELECT max(${column}) FROM ${table}", "A"), Failed)
    assert table.number("SELECT count(*) FROM ${table}") == 1
    table.close()


def test_columns_that_differ_in_case_take_no_other_column_s_name(tmp_path: Path) -> None:
    """DuckDB would call 'A' 'A_1', and so is another column called."""
    table = opened(pd.DataFrame({"a": [1], "A": [30], "A_1": [4], "b": [-1]}))
    assert table.failing([Sql("A_1 = 4"), Sql("A_1 = 30")]) == [0, 1]
    assert table.number("SELECT max(${column}) FROM ${table}", "A_1") == 4
    assert table.examples(Sql("b > 0"), 5) == [(0, {"a": 1, "A": 30, "A_1": 4, "b": -1})]
    assert table.divide([InRange("b", low=0)], tmp_path / "bad.parquet") == 1
    assert pq.read_table(tmp_path / "bad.parquet").to_pylist()[0] | {"solvent_reasons": 0} == {
        "a (column 1)": 1,
        "A (column 2)": 30,
        "A_1": 4,
        "b": -1,
        "solvent_row": 0,
        "solvent_reasons": 0,
    }
    assert table.part(1).failing([Sql("A_1 = 4")]) == [0]
    table.close()


@pytest.mark.parametrize(
    "expression", ["COLUMNS('a|b') > 0", "unnest([]::BOOLEAN[])", "unnest([true, true])", "unnest(l) > 0"]
)
def test_an_expression_is_one_truth_of_each_row(expression: str) -> None:
    assert isinstance(answers(pd.DataFrame({"a": [1, 2], "b": [1, -1], "l": [[1, 1], []]}), Sql(expression))[0], Failed)


def test_a_column_may_be_called_as_the_number_of_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"file_row_number": [5, 6], "a": [1, -2]}), tmp_path / "x.parquet")
    table = opened(tmp_path / "x.parquet")
    assert table.examples(InRange("a", low=0), 5) == [(1, {"file_row_number": 6, "a": -2})]
    table.close()


def test_an_empty_path_is_not_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("a\n1\n")
    with pytest.raises(UnreadableData, match="an empty path"):
        opened("")


@pytest.mark.parametrize("name", ["", "a\0b", "␀"], ids=["none", "nul", "sign"])
def test_names_that_sql_does_not_have(name: str, tmp_path: Path) -> None:
    for frame in (pd.DataFrame({name: [1, -2]}), pl.DataFrame({name: [1, -2]})):
        table = opened(frame)
        assert [column.name for column in table.columns] == [name]
        assert table.failing([InRange(name, low=0), Sql("1 = 1")]) == [1, 0]
        assert table.number("SELECT max(${column}) FROM ${table}", name) == 1
        assert table.divide([InRange(name, low=0)], tmp_path / "bad.parquet") == 1
        assert table.part(1).rows() == 1
        table.close()


@pytest.mark.parametrize(
    "frame",
    [
        pa.table({"a": np.array([1.5], dtype=np.float16)}),
        pa.table({"a": pa.array([Decimal("1.5")], pa.decimal256(50, 2))}),
        pl.DataFrame({"a": pl.Series([2**100], dtype=pl.Int128)}),
    ],
    ids=["float16", "decimal256", "int128"],
)
def test_a_type_that_the_engine_does_not_know_is_said(frame: object) -> None:
    with pytest.raises(UnreadableData, match="the frame can't be read"):
        opened(frame)
