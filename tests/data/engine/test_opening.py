"""What can be opened, what is refused, and in which words. Nothing is read as something else without a note."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pytest

from solvent.data.engine.conditions import InRange, NotNull, Sql
from solvent.data.engine.duck.table import DuckEngine
from solvent.data.engine.protocol import Failed
from solvent.data.errors import UnreadableData

ENGINE = DuckEngine()


def seen(source: object, table: str | None = None) -> tuple[dict[str, str], dict[str, Any], list[str]]:
    """Types, first rows and notes."""
    opened = ENGINE.open(source, table=table)
    found = {column.name: column.type for column in opened.columns}, dict(opened.sample(10)), list(opened.notes)
    opened.close()
    return found


def csv(folder: Path, content: str | bytes, name: str = "data.csv") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_cells_become_what_the_whole_column_is(tmp_path: Path) -> None:
    line = "9007199254740993,1.5,true,2024-01-31,2024-01-31T10:00:00,2024-01-31 10:00:00+02:00,10:00:00,x\n"
    types, rows, notes = seen(csv(tmp_path, "i,f,b,d,t,z,c,s\n" + line))
    assert list(types.values()) == [
        "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIME", "VARCHAR",
    ]  # fmt: skip
    assert rows["i"] == [9007199254740993]
    assert rows["z"][0].isoformat() == "2024-01-31T08:00:00+00:00"
    assert notes == []


@pytest.mark.parametrize(
    ("cells", "type"),
    [
        (["00123", "4"], "VARCHAR"),
        (["1", "99999999999999999999"], "HUGEINT"),
        (["1e400", "1"], "VARCHAR"),
        (["1", "2.5"], "DOUBLE"),
        (["-0", "1"], "DOUBLE"),
        (["31/12/2024"], "VARCHAR"),
        (["2024-02-30"], "VARCHAR"),
        (["1_000"], "VARCHAR"),
        (["2,5"], "VARCHAR"),
        (["yes", "no"], "VARCHAR"),
        (["1", ""], "BIGINT"),
        (["", ""], "VARCHAR"),
        (["inf", "1"], "DOUBLE"),
        (["2024-01-01", "2024-01-01 10:00:00"], "TIMESTAMP"),
    ],
)
def test_nothing_is_lost_by_a_type(tmp_path: Path, cells: list[str], type: str) -> None:
    content = "x;y\n" + "".join(f"{cell};1\n" for cell in cells)
    assert seen(csv(tmp_path, content))[0]["x"] == type


def test_a_late_odd_value_makes_text_and_a_note(tmp_path: Path) -> None:
    content = "a,b\n" + "".join(f"{n},x\n" for n in range(30_000)) + "abc,y\n"
    types, _, notes = seen(csv(tmp_path, content))
    assert types["a"] == "VARCHAR"
    assert notes == ["column 'a' was read as text: row 30001 is 'abc', not a number"]


def test_a_late_fraction_makes_floating_numbers(tmp_path: Path) -> None:
    assert seen(csv(tmp_path, "a\n" + "1\n" * 5_000 + "1.5\n"))[0] == {"a": "DOUBLE"}


def test_words_for_missing_numbers_are_noted(tmp_path: Path) -> None:
    _, rows, notes = seen(csv(tmp_path, "a,b\n1,NA\nNA,x\nNA,y\n"))
    assert rows == {"a": [1, None, None], "b": ["NA", "x", "y"]}
    assert notes == ["column 'a': 2 cells such as NA or null are missing values"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("a,a\n1,2\n", "more than one column named 'a'"),
        ("a,b\n1,2\n3\n", "Line: 3.*Expected Number of Columns: 2 Found: 1"),
        ("a,b\n1,2\n3,4,5\n", "Line: 3.*Expected Number of Columns: 2 Found: 3"),
        ('a,b\n"x,1\n2,3\n', "Line: 2.*unterminated quote"),
        (b"a,b\n\xe9,2\n", "UTF-8"),
        (b"\xe9,b\n1,2\n", "UTF-8"),
        ("\n1,2\n", "names of columns"),
    ],
)
def test_broken_csv_is_refused_with_the_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableData, match=message):
        seen(csv(tmp_path, content))


def test_csv_as_it_is_found(tmp_path: Path) -> None:
    assert seen(csv(tmp_path, "\ufeffa,b\r\n1,2\r\n"))[1] == {"a": [1], "b": [2]}
    assert seen(csv(tmp_path, "a\tb\n1\t2\n", "data.tsv"))[1] == {"a": [1], "b": [2]}
    assert seen(csv(tmp_path, gzip.compress(b"a,b\n1,2\n"), "data.csv.gz"))[1] == {"a": [1], "b": [2]}
    assert seen(csv(tmp_path, "# a,b\n# 1,2\n"))[1] == {"# a": ["# 1"], "b": [2]}
    assert seen(csv(tmp_path, 'a\n"x, ""y""\nz"\n'))[1] == {"a": ['x, "y"\nz']}
    assert seen(csv(tmp_path, "a,b\n"))[1] == {"a": [], "b": []}
    assert len(seen(csv(tmp_path, f"a\n{'x' * 10_000}\n"))[1]["a"][0]) == 10_000


def test_json_lines(tmp_path: Path) -> None:
    late = '{"a":1}\n' * 30_000 + '{"a":1,"b":2}\n'
    assert seen(csv(tmp_path, late, "data.jsonl"))[0] == {"a": "BIGINT", "b": "BIGINT"}
    mixed = seen(csv(tmp_path, '{"a":1}\n{"a":"x"}\n', "data.jsonl"))
    assert mixed[0] == {"a": "JSON"}
    assert mixed[2] == ["column 'a' holds JSON values of several types"]
    assert seen(csv(tmp_path, '[{"a":1},{"a":2}]', "data.json"))[1] == {"a": [1, 2]}


@pytest.mark.parametrize(("content", "message"), [('{"a":1}\n{"a":\n', "line"), ("1\n2\n", "object on each line")])
def test_broken_json_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UnreadableData, match=message):
        seen(csv(tmp_path, content, "data.jsonl"))


def test_damaged_parquet_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pd.DataFrame({"a": [1, 2]}).to_parquet(whole)
    content = whole.read_bytes()
    for name, part in {"cut": content[:-20], "text": b"a,b\n1,2\n", "none": b"", "begin": content[:4]}.items():
        with pytest.raises(UnreadableData, match=f"{name}.parquet"):
            seen(csv(tmp_path, part, f"{name}.parquet"))


def test_one_damaged_column_does_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    texts = [f"a text that is packed {n % 100}" for n in range(20_000)]
    frame = pd.DataFrame({"good": range(20_000), "bad": texts})
    frame.to_parquet(path, use_dictionary=False)
    content = bytearray(path.read_bytes())
    begin = content.index(b"a text that is packed")
    content[begin - 30 : begin + 3000] = b"\xff" * 3030
    path.write_bytes(content)
    table = ENGINE.open(str(path))
    found = table.scalars(["bad", "good"])
    assert isinstance(found["bad"], Failed)
    assert not isinstance(found["good"], Failed)
    assert isinstance(table.failing([NotNull("good"), InRange("bad", low="b")])[1], Failed)
    assert table.failing([NotNull("good"), InRange("bad", low="b")])[0] == 0


def test_folders_patterns_and_partitions(tmp_path: Path) -> None:
    for year in (1, 2):
        (tmp_path / f"year={year}").mkdir()
        pd.DataFrame({"a": [year]}).to_parquet(tmp_path / f"year={year}" / "x[1].parquet")
    (tmp_path / "_SUCCESS").touch()
    assert seen(str(tmp_path))[1] == {"a": [1, 2], "year": [1, 2]}
    assert seen(str(tmp_path / "*" / "*.parquet"))[1] == {"a": [1, 2], "year": [1, 2]}
    pd.DataFrame({"b": [1]}).to_parquet(tmp_path / "z.parquet")
    with pytest.raises(UnreadableData, match="only one of them has a, b"):
        seen(str(tmp_path))


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableData, match="does not exist"):
        seen(str(tmp_path / "nope.csv"))
    with pytest.raises(UnreadableData, match="found none"):
        seen(str(tmp_path))


def test_names_of_columns_are_kept_whatever_they_are(tmp_path: Path) -> None:
    names = ["id", "ID", "Id", 'q"uote', "semi;colon", "日本", " space ", "c0", "n", "select"]
    frame = pd.DataFrame([list(range(len(names)))], columns=names)
    frame.to_parquet(tmp_path / "x.parquet")
    for source in (frame, pl.from_pandas(frame), pa.Table.from_pandas(frame), str(tmp_path / "x.parquet")):
        assert seen(source)[1] == {name: [place] for place, name in enumerate(names)}


def test_paths_are_quoted(tmp_path: Path) -> None:
    for name in ("it's.parquet", "a*b.parquet", "[x].parquet", "q?.parquet", 'say "hi".parquet'):
        pd.DataFrame({"a": [1]}).to_parquet(tmp_path / name)
        assert seen(str(tmp_path / name))[1] == {"a": [1]}


def test_frames_are_read_as_they_are() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan, np.inf], "b": ["x", None, "y"]})
    table = ENGINE.open(frame)
    found = table.scalars(["a"])["a"]
    assert not isinstance(found, Failed)
    assert (found.nulls, found.nans, found.positive_infinite) == (1, 0, 1), "pandas' NaN is a missing value"
    lazy = seen(pl.from_pandas(frame).lazy())
    assert lazy[2] == ["the lazy frame was collected"]
    floats = ENGINE.open(pl.DataFrame({"a": [1.0, float("nan"), None]})).scalars(["a"])["a"]
    assert not isinstance(floats, Failed)
    assert (floats.nulls, floats.nans) == (1, 1), "Polars tells them apart"


def test_values_of_several_types_are_text_with_a_note() -> None:
    types, rows, notes = seen(pd.DataFrame({"a": [1] * 3_000 + ["x"], "b": [1j] * 3_001}))
    assert types == {"a": "VARCHAR", "b": "VARCHAR"}
    assert rows["a"][0] == "1"
    assert len(notes) == 2
    assert seen(pl.DataFrame({"o": pl.Series([object()], dtype=pl.Object)}))[2]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "more than one column named 'a'"),
        (pd.DataFrame(), "no columns"),
        ({"a": [1]}, "got dict"),
        (np.zeros((2, 2)), "got ndarray"),
        (pd.Series([1]), "got Series"),
        (pa.table({"a": [1]}).to_reader(), "only once"),
    ],
)
def test_what_is_no_frame_is_refused(source: object, message: str) -> None:
    with pytest.raises(UnreadableData, match=message):
        seen(source)


def test_databases_queries_and_arrow_files(tmp_path: Path) -> None:
    database = str(tmp_path / "db.duckdb")
    with duckdb.connect(database) as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS a; CREATE TABLE other AS SELECT 2 AS b")
    assert seen(database, "people")[1] == {"a": [1]}
    with pytest.raises(UnreadableData, match="got 'peopel'; there is 'people'"):
        seen(database, "peopel")
    with pytest.raises(UnreadableData, match="got none; there is 'other', 'people'"):
        seen(database)
    pyarrow.feather.write_feather(pa.table({"a": [1, 2]}), tmp_path / "x.arrow")
    assert seen(str(tmp_path / "x.arrow"))[1] == {"a": [1, 2]}
    pd.DataFrame({"a": [1, 2]}).to_parquet(tmp_path / "x.parquet")
    assert seen(f"SELECT a * 2 AS b FROM '{tmp_path / 'x.parquet'}'")[1] == {"b": [2, 4]}
    with pytest.raises(UnreadableData, match="can't be answered"):
        seen("SELECT 1 FROM nope")


HOSTILE = [
    "(SELECT count(*) FROM read_text('{secret}')) = 0",
    "(SELECT count(*) FROM '{secret}') = 0",
    "(SELECT count(*) FROM glob('/*')) = 0",
    "(SELECT count(*) FROM read_csv('{secret}')) = 0",
    "true) FROM data; COPY data TO '{secret}'; --",
    "true; ATTACH '{secret}' AS other",
    "true), (SELECT 1",
    "a > 0, b > 0",
    "(SELECT count(*) FROM frame_of_python) = 0",
    "count(a) > 0",
]


@pytest.mark.parametrize("expression", HOSTILE)
def test_sql_of_a_contract_reaches_nothing_but_the_table(tmp_path: Path, expression: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    path = tmp_path / "data.parquet"
    frame_of_python = pd.DataFrame({"a": [1]})
    frame_of_python.to_parquet(path)
    for source in (str(path), frame_of_python, csv(tmp_path, "a\n1\n")):
        table = ENGINE.open(source)
        found = table.failing([Sql(expression.format(secret=secret)), NotNull("a")])
        table.close()
        assert isinstance(found[0], Failed)
        assert found[1] == 0
    assert secret.read_text() == "a\n1\n"


@pytest.mark.parametrize(
    "query",
    [
        "SET enable_external_access = true",
        "ATTACH ':memory:' AS other",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_text('/etc/hostname')",
        "INSTALL httpfs",
        "DROP VIEW data",
        "SELECT 1, 2",
        "SELECT 'x'",
        "",
    ],
)
def test_queries_of_a_contract_give_one_number_or_a_reason(query: str) -> None:
    table = ENGINE.open(pd.DataFrame({"a": [1, 2]}))
    assert isinstance(table.number(query), Failed)
    assert table.number("SELECT max(${column}) FROM ${table}", "a") == 2.0
    table.close()


def test_sql_over_the_columns() -> None:
    table = ENGINE.open(pd.DataFrame({"a": [1, 2, None], "b c": ["x", "y", "z"]}))
    asked = [Sql("a > 1"), Sql("a > 1 -- and more"), Sql("\"b c\" <> 'z'"), Sql("a <= max(a) OVER () - 1")]
    assert table.failing(asked) == [1, 1, 1, 1]
    assert table.examples(Sql("\"b c\" <> 'z'"), 5) == [(2, {"a": None, "b c": "z"})]
    table.close()


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = ENGINE.open(pd.DataFrame({"a": [1]}))
    assert list(tmp_path.iterdir())
    table.close()
    with pytest.raises(UnreadableData):
        ENGINE.open(pd.DataFrame())
    assert list(tmp_path.iterdir()) == []


def test_bounds_of_narrow_floating_columns_are_narrow() -> None:
    table = ENGINE.open(pd.DataFrame({"a": np.array([0.1, 0.2], dtype=np.float32)}))
    assert table.failing([InRange("a", low=0.1, high=0.2)]) == [0]
    table.close()


def test_columns_of_polars_without_a_type_are_all_null() -> None:
    nested = [{"x": None}, {"x": None}]
    frame = pl.DataFrame({"a": [None, None], "b": [[], [None]], "c": nested, "d": [1, 2]})
    assert frame.schema["a"] == pl.Null
    table = ENGINE.open(frame)
    assert list(table.notes) == ["column 'a' has no value, and no type"]
    found = table.scalars(["a", "b", "d"])
    assert [(one.rows, one.nulls) for one in found.values() if not isinstance(one, Failed)] == [(2, 2), (2, 0), (2, 0)]
    assert table.sample(2)["c"] == nested
    table.close()


def test_keys_of_json_that_differ_only_in_case_keep_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "ID": 2, "a": 3, "a_1": 4}\n{"ID": 5}\n')
    assert seen(str(path))[1] == {"id": [1, None], "ID": [2, 5], "a": [3, None], "a_1": [4, None]}
    path.write_text('{"id": 1, "ID": 2, "ID_1": 4}\n')
    with pytest.raises(UnreadableData, match=r"differ only in case \('ID', 'id'\)"):
        seen(str(path))


def test_keys_of_json_that_differ_only_in_case_are_columns_in_all_rows_and_files(tmp_path: Path) -> None:
    (tmp_path / "0.jsonl").write_text('{"a": 1}\n{"A": 2}\n')
    (tmp_path / "1.jsonl").write_text('{"A": 3, "a": 4}\n{"Ä": 5, "ä": 6}\n')
    found = seen(str(tmp_path))[1]
    assert sorted(found) == ["A", "a", "Ä", "ä"]
    assert (found["a"], found["A"]) == ([1, None, 4, None], [None, 2, 3, None])
    assert (found["ä"][3], found["Ä"][3]) == (6, 5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"a": {"b": 1, "B": 2}}', "keys inside a nested value differ only in case"),
        ('{"a": {"b": 1}}\n{"a": {"B": 2}}', "keys inside a nested value differ only in case"),
        ('{"a": [{"b": 1, "B": 2}]}', "keys inside a nested value differ only in case"),
        ('{"a": 1, "a": 2}', 'in line 1: Object .* has duplicate key "a"$'),
        ('{"A_1": 1, "a": 2, "A": 3}', "differ only in case"),
    ],
)
def test_keys_of_json_that_can_not_be_told_apart_are_refused(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(UnreadableData, match=said):
        seen(str(path))


@pytest.mark.parametrize("rows", [1, 400], ids=["many", "rare"])
def test_many_or_rare_keys_of_json_are_columns(tmp_path: Path, rows: int) -> None:
    lines = [
        json.dumps({f"k{row * (1_200 // rows) + key}": key for key in range(1_200 // rows)}) for row in range(rows)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines))
    types, first, _ = seen(str(path))
    assert len(types) == 1_200
    assert first["k1"][0] == 1
