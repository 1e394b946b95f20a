from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from solvent.data.engine.protocol import Failed, Scalars, Sketch
from solvent.data.profile import make
from solvent.data.profile.form import read, write
from solvent.data.profile.make import edges_of, profile
from solvent.data.profile.model import BINS, MOST_TOP, VERSION, ColumnProfile, Profile
from solvent.errors import InvalidInput


def frame(rows: int = 5_000) -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "real": random.normal(40, 10, rows),
            "few": random.integers(0, 5, rows),
            "many": random.integers(0, 10**6, rows),
            "constant": 2.5,
            "city": random.choice(["Rome", "Oslo", "日本"], rows),
            "key": [f"user-{n}" for n in range(rows)],
            "truth": random.random(rows) < 0.3,
            "empty": pd.Series([None] * rows, dtype="float64"),
        }
    )


def columns(found: Profile) -> dict[str, ColumnProfile]:
    return {column.name: column for column in found.columns}


def test_each_column_is_described() -> None:
    found = profile(frame())
    by_name = columns(found)
    assert (found.version, found.rows, found.sampled) == (VERSION, 5_000, None)
    assert found.engine.startswith("duckdb ")
    real, few, city = by_name["real"], by_name["few"], by_name["city"]
    assert real.counts is not None
    assert len(real.counts.edges) == BINS + 1
    assert sum(real.counts.counts) == 5_000
    assert real.categories is None
    assert few.counts is not None
    assert few.counts.edges == [0.0, 1.0, 2.0, 3.0, 4.0, 4.5]
    assert (few.distinct, few.distinct_exact, few.sketch) == (5, True, None)
    assert city.categories is not None
    assert sorted(text for text, _ in city.categories.top) == ["Oslo", "Rome", "日本"]
    assert by_name["constant"].counts is not None
    assert by_name["constant"].counts.counts == [0, 5_000, 0]
    key = by_name["key"]
    assert key.categories is not None
    assert not key.categories.complete
    assert sum(count for _, count in key.categories.top) + key.categories.others == 5_000
    assert key.distinct == pytest.approx(5_000, rel=0.13)
    assert by_name["empty"].counts is None
    assert by_name["empty"].distinct == 0


def test_a_profile_is_the_same_each_time_and_survives_json() -> None:
    one, other = profile(frame()), profile(frame())
    assert write(one) == write(other)
    assert read(write(one)) == one


def test_fifty_columns_of_the_worst_kind_are_at_most_100_kb() -> None:
    random = np.random.default_rng(1)
    rows = 2_000
    texts = ["日本" * 5_000 + str(n) for n in range(rows)]
    worst: dict[str, object] = {f"a column with quite a name {n}": random.normal(0, 1e-17, rows) for n in range(20)}
    worst |= {f"another column with a name {n}": texts for n in range(20)}
    worst |= {f"and one with a few texts {n}": [f"{'é' * 300}{m % 25}" for m in range(rows)] for n in range(5)}
    worst |= {f"whole {n}": random.integers(-(2**62), 2**62, rows) for n in range(5)}
    found = profile(pd.DataFrame(worst))
    assert len(found.columns) == 50
    assert all(column.failed is None for column in found.columns)
    assert len(write(found)) <= 100_000


def test_the_edges_of_another_profile_make_both_comparable() -> None:
    reference = profile(frame())
    shifted = profile(frame().assign(real=frame()["real"] + 50), edges=edges_of(reference))
    assert edges_of(shifted) == edges_of(reference)
    counts = columns(shifted)["real"].counts
    assert counts is not None
    assert counts.counts[-1] > 100


def test_a_sample_says_so() -> None:
    found = profile(frame(), sample=1_000)
    assert found.rows == 5_000
    assert found.sampled is not None
    assert 400 < found.sampled <= 1_000
    assert columns(found)["real"].scalars is not None
    assert f"{found.sampled:,} of 5,000 rows were looked at" in found.notes
    assert profile(frame(), sample=5_000).sampled is None
    assert write(profile(frame(), sample=1_000)) == write(found)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_next_to_no_rows(rows: int) -> None:
    found = profile(frame().head(rows))
    assert found.rows == rows
    assert [column.failed for column in found.columns] == [None] * 8


def test_nested_columns_are_looked_at_by_length_and_it_is_said() -> None:
    table = pa.table({"list": [[1, 2], None, []], "struct": [{"a": 1}] * 3, "bytes": [b"", b"ab", b"c"]})
    found = profile(table)
    assert found.notes == [
        "looked at by length and nulls alone: list, bytes",
        "looked at by nulls and distinct values alone: struct",
    ]
    scalars = columns(found)["list"].scalars
    assert scalars is not None
    assert (scalars.nulls, scalars.least, scalars.most) == (1, 0.0, 2.0)
    assert columns(found)["list"].failed is None
    assert columns(found)["struct"].failed is None


def test_infinities_are_counted_apart() -> None:
    found = columns(profile(pa.table({"x": [1.0, float("inf"), float("-inf"), float("nan"), None]})))["x"]
    scalars = found.scalars
    assert scalars is not None
    assert (scalars.nulls, scalars.nans, scalars.positive_infinite, scalars.negative_infinite) == (1, 1, 1, 1)
    assert found.counts is not None
    assert sum(found.counts.counts) == 1


def test_a_column_that_fails_is_in_the_profile_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from solvent.data.engine.duck.table import DuckTable

    scalars = DuckTable.scalars

    def one_fails(self: DuckTable, names: list[str]) -> dict[str, Scalars | Failed]:
        return scalars(self, names) | {"real": Failed("the page is damaged")}

    monkeypatch.setattr(DuckTable, "scalars", one_fails)
    found = columns(profile(frame()))
    assert found["real"].failed == "the page is damaged"
    assert found["real"].scalars is None
    assert found["few"].failed is None


def test_a_newer_profile_is_refused_and_garbage_too() -> None:
    newer = msgspec.json.encode({"version": VERSION + 1, "something": "new"})
    with pytest.raises(InvalidInput, match="a newer Solvent wrote it"):
        read(newer)
    with pytest.raises(InvalidInput, match="expected a profile"):
        read(b"{}")


def test_progress_is_told(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    profile(frame(10), progress=lambda *step: steps.append(step))
    assert [step for step, _, _ in steps] == list(make.STEPS)
    assert steps[-1][1:] == (5, 5)


def test_top_values_are_limited() -> None:
    found = columns(profile(pd.DataFrame({"x": [str(n) for n in range(100)] * 2})))["x"]
    assert found.categories is not None
    assert len(found.categories.top) <= MOST_TOP
    assert isinstance(found.sketch, Sketch)


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = np.random.default_rng(0).permutation(1_500_000)
    pa.parquet.write_table(pa.table({"key": [f"user-{n}" for n in rows]}), tmp_path / "x.parquet")
    profile(str(tmp_path / "x.parquet"))
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")


def test_numbers_near_the_largest_have_a_histogram() -> None:
    found = profile(pd.DataFrame({"a": np.r_[np.full(500, 1.7e308), np.full(500, -1.7e308)]})).columns[0]
    assert found.failed is None
    assert found.counts is not None
    assert sum(found.counts.counts) == 1_000
