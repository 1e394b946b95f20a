"""What every engine must answer, on the same Parquet files. A new engine is added to ``ENGINES``, and to nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from solvent.data.engine.conditions import (
    Condition,
    Finite,
    InRange,
    Length,
    Matches,
    MultipleOf,
    NoneOf,
    NotNull,
    OneOf,
    Unique,
)
from solvent.data.engine.duck import opened
from solvent.data.engine.duck.table import DuckEngine, DuckTable
from solvent.data.engine.hyperloglog import estimate
from solvent.data.engine.protocol import Categories, Engine, Failed, Histogram, Scalars, Sketch, Table
from tests.data.engine.plain import PlainEngine


class WideDuckEngine(DuckEngine):
    """As it asks tables of thousands of columns."""

    def open(self, source: object, *, table: str | None = None) -> DuckTable:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(opened, "WIDE", 0)
            return super().open(source, table=table)


ENGINES: list[Callable[[], Engine]] = [PlainEngine, DuckEngine, WideDuckEngine]
ROWS = 1_000


def _columns() -> dict[str, pa.Array]:
    """Every kind, with what is hard about each."""
    some = range(ROWS)
    scripts = [
        "",
        "a",
        "Ünïcode",
        "日本語",
        "עברית",
        "العربية",
        "हिन्दी",
        "👩‍👩‍👧",
        "it's",
        'quo"te',
        "x" * 10_000,
        "\0",
    ]
    odd = [0.0, -0.0, math.nan, math.inf, -math.inf, 1e-60, 1e60, 0.1]
    start = datetime(2024, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
    return {
        "id": pa.array(some, pa.int64()),
        "small": pa.array([n % 7 - 3 for n in some], pa.int8()),
        "huge": pa.array([2**53 + n for n in some], pa.int64()),
        "unsigned": pa.array([2**64 - 1 - n for n in some], pa.uint64()),
        "constant": pa.array([3.5] * ROWS, pa.float64()),
        "real": pa.array([None if n % 10 == 0 else math.sin(n) * 10 for n in some], pa.float64()),
        "odd": pa.array([odd[n % len(odd)] for n in some], pa.float64()),
        "far": pa.array([1e9 + math.sin(n) for n in some], pa.float64()),
        "price": pa.array([Decimal(n * 37 % 1000).scaleb(-2) for n in some], pa.decimal128(10, 2)),
        "wide": pa.array([Decimal(10**30 + n) for n in some], pa.decimal128(38, 0)),
        "truth": pa.array([None if n % 5 == 0 else n % 3 == 0 for n in some], pa.bool_()),
        "text": pa.array([None if n % 13 == 12 else scripts[n % 13] for n in some], pa.string()),
        "day": pa.array([date(1969, 12, 25) + timedelta(days=n % 50) for n in some], pa.date32()),
        "moment": pa.array(
            [start.replace(tzinfo=None) + timedelta(seconds=n * 7, microseconds=n) for n in some], pa.timestamp("us")
        ),
        "zoned": pa.array([start + timedelta(hours=n) for n in some], pa.timestamp("us", "UTC")),
        "bytes": pa.array([bytes(n % 4) for n in some], pa.binary()),
        "list": pa.array([None if n % 9 == 0 else list(range(n % 4)) for n in some], pa.list_(pa.int64())),
        "nested": pa.array([{"a": n, "b": None} for n in some], pa.struct([("a", pa.int64()), ("b", pa.string())])),
        "nothing": pa.array([None] * ROWS, pa.float64()),
        'a "name"; DROP': pa.array([n % 2 for n in some], pa.int32()),
    }


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("conformance") / "all.parquet"
    pq.write_table(pa.table(_columns()), place)
    return str(place)


@pytest.fixture(scope="module")
def plain(path: str) -> Table:
    return PlainEngine().open(path)


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.__name__)
def table(request: pytest.FixtureRequest, path: str) -> Iterator[Table]:
    found = request.param().open(path)
    yield found
    found.close()


NAMES = list(_columns())


def test_columns_keep_their_names_and_order(table: Table, plain: Table) -> None:
    assert [(each.name, each.kind) for each in table.columns] == [(each.name, each.kind) for each in plain.columns]
    assert table.rows() == ROWS


@pytest.mark.parametrize("name", NAMES)
def test_scalars(table: Table, plain: Table, name: str) -> None:
    found, expected = table.scalars([name])[name], plain.scalars([name])[name]
    assert isinstance(found, Scalars)
    assert isinstance(expected, Scalars)
    exact = (
        "rows",
        "nulls",
        "nans",
        "positive_infinite",
        "negative_infinite",
        "zeros",
        "least",
        "most",
        "first",
        "last",
    )
    assert {each: getattr(found, each) for each in exact} == {each: getattr(expected, each) for each in exact}
    assert found.mean == pytest.approx(expected.mean, rel=1e-12)
    assert found.deviation == pytest.approx(expected.deviation, rel=1e-9)
    if name not in (
        "far",
        "huge",
        "unsigned",
        "wide",
        "zoned",
        "moment",
    ):  # scipy itself is off where numbers are far from 0
        assert found.skewness == pytest.approx(expected.skewness, rel=1e-9, abs=1e-9)
        assert found.kurtosis == pytest.approx(expected.kurtosis, rel=1e-9, abs=1e-9)


def test_histograms(table: Table, plain: Table) -> None:
    edges = {
        "id": [0.0, 10.0, 500.0, 999.0],
        "small": [-3.0, -1.0, 0.0, 2.5],
        "constant": [3.5, 3.6],
        "real": [-5.0, 0.0, 0.1, 5.0],
        "odd": [-1.0, 0.0, 0.1, 1.0],
        "price": [0.37, 1.0, 5.5],
        "truth": [0.0, 1.0],
        "text": [0.0, 1.0, 3.0, 10.0],
        "day": [-86400.0, 0.0, 86400.0],
        "list": [0.0, 1.0, 3.0],
        "nothing": [0.0, 1.0],
        "huge": [2.0**53, 2.0**53 + 10, 2.0**53 + 100],
    }
    found = table.histograms(edges)
    assert found == plain.histograms(edges)
    assert list(found) == list(edges)
    counted = found["constant"]
    assert isinstance(counted, Histogram)
    assert list(counted.counts) == [0, ROWS, 0]


@pytest.mark.parametrize("edges", [[], [1.0], [1.0, 1.0], [2.0, 1.0], [0.0, math.inf], [math.nan, 1.0]])
def test_edges_that_are_none_are_refused(table: Table, edges: list[float]) -> None:
    assert isinstance(table.histograms({"id": edges})["id"], Failed)


@pytest.mark.parametrize("most", [1, 3, 20])
def test_categories(table: Table, plain: Table, most: int) -> None:
    names = ["small", "truth", "text", "day", "price", "constant", "nothing", "odd", 'a "name"; DROP', "bytes", "id"]
    assert table.categories(names, most) == plain.categories(names, most)


def test_long_texts_are_cut_and_stay_apart(table: Table) -> None:
    found = table.categories(["text"], 20)["text"]
    assert isinstance(found, Categories)
    assert max(len(text) for text, _ in found.top) == 256


def test_nested_values_are_no_categories(table: Table) -> None:
    found = table.categories(["list", "nested", "small"], 5)
    assert isinstance(found["list"], Failed)
    assert isinstance(found["nested"], Failed)
    assert isinstance(found["small"], Categories)


def test_sketches_estimate_distinct_values(table: Table) -> None:
    found = table.distinct(NAMES)
    expected = {"id": 1000, "small": 7, "constant": 1, "truth": 2, "nothing": 0, "day": 50, "zoned": 1000, "text": 12}
    for name, distinct in expected.items():
        sketch = found[name]
        assert isinstance(sketch, Sketch)
        assert estimate(sketch) == pytest.approx(distinct, rel=0.1, abs=0)
    assert table.distinct(["id"]) == {"id": found["id"]}, "the same data gives the same sketch"


def test_quantiles_are_numpys(table: Table, plain: Table) -> None:
    shares = [0, 0.05, 0.5, 0.77, 1]
    names = ["id", "real", "odd", "price", "text", "day", "list", "nothing", "truth"]
    assert table.quantiles(names, shares) == plain.quantiles(names, shares)
    assert isinstance(table.quantiles(["nested"], shares)["nested"], Failed)


@pytest.mark.parametrize("rows", [1, 7, 100, 999, 1000, 5000])
def test_samples_are_spread_and_repeatable(table: Table, rows: int) -> None:
    found = table.sample(rows, ["id", "small"])
    assert list(found) == ["id", "small"]
    assert len(found["id"]) <= rows
    assert len(found["id"]) >= min(rows, ROWS) * 0.45
    assert list(found["id"]) == sorted(found["id"])
    assert table.sample(rows, ["id"])["id"] == found["id"]
    assert [n % 7 - 3 for n in found["id"]] == found["small"], "rows are whole"


def test_a_sample_has_pythons_values(table: Table, plain: Table) -> None:
    names = ["id", "real", "price", "truth", "text", "day", "moment", "bytes", "list", "nested"]
    assert table.sample(50, names) == plain.sample(50, names)


CONDITIONS: list[Condition] = [
    NotNull("real"),
    NotNull("odd"),
    NotNull("text"),
    NotNull("nested"),
    Finite("odd"),
    Finite("id"),
    InRange("id", low=10),
    InRange("id", low=10, open_low=True, high=20, open_high=True),
    InRange("id", low=9.5, high=20.5),
    InRange("id", low=9.5, open_low=True),
    InRange("id", low=-math.inf, high=math.inf),
    InRange("id", low=math.inf),
    InRange("small", low=-1000, high=1000),
    InRange("small", high=-1000),
    InRange("small", low=1000),
    InRange("huge", low=2**53 + 1, open_low=True),
    InRange("huge", high=2**53 + 3),
    InRange("unsigned", low=2**64 - 3),
    InRange("odd", high=1e9),
    InRange("odd", low=0.0),
    InRange("odd"),
    InRange("real", low=-0.5, high=0.5),
    InRange("price", low=0.375, high=5.55),
    InRange("price", low=0.37, open_low=True),
    InRange("price", high=10**12),
    InRange("wide", low=10**30 + 5),
    InRange("text", low="a", high="zzz"),
    InRange("day", low="1970-01-01", high="1970-01-10"),
    InRange("moment", high="2024-02-29"),
    InRange("moment", high="2024-02-29T02:00:00+02:00"),
    InRange("zoned", high="2024-03-05T00:00:00+02:00"),
    InRange("zoned", high="2024-03-05T00:00:00"),
    OneOf("small", (1, 2.0, 2.5, 10**40)),
    OneOf("small", ()),
    OneOf("truth", (True,)),
    OneOf("text", ("a", "it's", 'quo"te', "\0", "日本語")),
    OneOf("price", (0.37, 0.74, 0.375)),
    OneOf("odd", (0.0, 0.1)),
    OneOf("day", ("1970-01-01",)),
    NoneOf("small", (1, 2.5)),
    NoneOf("small", ()),
    NoneOf("text", ("",)),
    NoneOf("real", (2.5,)),
    Matches("text", "[a-z']*"),
    Matches("text", "a|b"),
    Matches("text", "."),
    Length("text", least=1),
    Length("text", most=3),
    Length("list", least=1, most=2),
    Length("bytes", most=2),
    MultipleOf("id", 3),
    MultipleOf("id", 2.5),
    MultipleOf("price", 0.01),
    MultipleOf("price", 0.37),
    MultipleOf("odd", 0.1),
    Unique(("id",)),
    Unique(("small",)),
    Unique(("small", "truth")),
    Unique(("small", "truth"), nulls=True),
    Unique(("text", "day")),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=repr)
def test_each_condition(table: Table, plain: Table, condition: Condition) -> None:
    expected = plain.failing([condition])
    assert table.failing([condition]) == expected
    assert isinstance(expected[0], int)
    rows = [(n, row["id"]) for n, row in table.examples(condition, 5)]
    assert rows == [(n, row["id"]) for n, row in plain.examples(condition, 5)]


WRONG: list[Condition] = [
    NotNull("reel"),
    Finite("text"),
    InRange("text", low=1),
    InRange("id", low="1"),
    InRange("truth", low=0),
    OneOf("id", (True,)),
    OneOf("day", ("someday",)),
    Matches("id", "1"),
    Length("id", 1),
    MultipleOf("text", 1),
    Unique(("id", "nope")),
]


def test_conditions_that_make_no_sense_are_no_silent_pass(table: Table) -> None:
    found = table.failing([*WRONG, NotNull("real"), Unique(("id",))])
    assert [isinstance(each, Failed) for each in found[:-2]] == [True] * len(WRONG)
    assert found[-2:] == [100, 0], "one bad condition does not stop the others"


def test_many_conditions_at_once_are_answered_in_order(table: Table, plain: Table) -> None:
    assert table.failing(CONDITIONS * 5) == plain.failing(CONDITIONS) * 5


def test_an_unknown_column_is_an_answer_everywhere(table: Table) -> None:
    expected = {"reel": Failed("no column 'reel' (nearest: 'real')")}
    assert table.scalars(["reel"]) == expected
    assert table.histograms({"reel": [0.0, 1.0]}) == expected
    assert table.categories(["reel"], 5) == expected
    assert table.distinct(["reel"]) == expected
    assert table.quantiles(["reel"], [0.5]) == expected


def test_bad_rows_are_written_apart(table: Table, tmp_path: Path) -> None:
    bad = tmp_path / "bad.parquet"
    assert table.divide([InRange("id", low=5), InRange("id", high=997), NotNull("truth")], bad) == 206
    found = pq.read_table(bad).to_pydict()
    assert found["id"][:6] == [0, 1, 2, 3, 4, 5]
    assert found["text"][10] is not None
    assert [path.name for path in tmp_path.iterdir()] == ["bad.parquet"]
