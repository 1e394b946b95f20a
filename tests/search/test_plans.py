"""What the scans touch: SQLite's own account of its plans, on the real schema with no statistics."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.search import runs
from solvent.search.query import read_filter, read_orders
from solvent.store.transaction import Transaction
from solvent.wire.runs import CountRuns, CountRunsResponse


def plans(
    backend: EmbeddedBackend, filter: str, order_by: list[str], experiments: tuple[int, ...] = (0,)
) -> list[list[str]]:
    """The plan of each scan that leads to a page; the text of no value stands in the SQL."""
    found: list[list[str]] = []

    def explain(tx: Transaction, _: CountRuns) -> CountRunsResponse:
        query = runs.RunQuery(
            experiments,
            (0,),
            read_filter(filter, runs.RUNS, lambda _: False),
            read_orders(order_by, runs.RUNS, lambda _: False),
        )
        for segment in runs.segments(tx, query):
            for scan in segment.scans:
                sql = scan.select(None, 10)
                assert "secret" not in sql.text
                found.append([row[3] for row in tx.all(f"EXPLAIN QUERY PLAN {sql.text}", sql.args)])
        return CountRunsResponse(count=0)

    backend.store.read(explain, CountRuns())
    return found


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every comparison held for many runs."""
    monkeypatch.setattr(runs, "FEW", -1)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_a_metric_is_filtered_and_ordered_along_its_index(backend: EmbeddedBackend, direction: str) -> None:
    (plan,) = plans(backend, "metrics.m > 0.5 AND params.p = 'secret'", [f"metrics.m {direction}"])
    assert plan[0] == (
        "SEARCH o0 USING COVERING INDEX metric_summaries_by_value (experiment_id=? AND key_id=? AND value>?)"
    )
    assert "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)" in plan
    assert plan[-1] == "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"  # ties of one value alone are sorted
    assert not any(line.startswith("SCAN") for line in plan)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("key", ["metrics.m", "params.p", "tags.t"])
def test_runs_without_the_key_follow_by_start(backend: EmbeddedBackend, key: str) -> None:
    *along, missing = plans(backend, "", [key])
    assert all("_by_value (experiment_id=? AND key_id=?" in plan[0] for plan in along)
    assert missing[0] == "SEARCH r USING COVERING INDEX runs_by_start (experiment_id=? AND deleted=?)"
    assert not any("TEMP B-TREE" in line for line in missing)


def test_the_default_order_is_an_index(backend: EmbeddedBackend) -> None:
    assert plans(backend, "", []) == [["SEARCH r USING COVERING INDEX runs_by_start (experiment_id=? AND deleted=?)"]]


def test_each_of_some_experiments_is_walked_and_many_are_sorted(backend: EmbeddedBackend) -> None:
    assert len(plans(backend, "", [], (1, 2, 3))) == 3
    (sorted_plan,) = plans(backend, "", [], tuple(range(200)))
    assert sorted_plan[-1] == "USE TEMP B-TREE FOR ORDER BY"


@pytest.mark.parametrize(
    ("filter", "index"),
    [
        ("params.p = 'secret'", "params_by_value (experiment_id=? AND key_id=? AND <expr>=?)"),
        (f"params.p = 'secret{'x' * 200}'", "params_by_value (experiment_id=? AND key_id=? AND <expr>=?)"),
        ("tags.t IN ('secret', 'b')", "tags_by_value (experiment_id=? AND key_id=? AND <expr>=?)"),
        ("metrics.m <= 3", "metric_summaries_by_value (experiment_id=? AND key_id=? AND value<?)"),
        ("run_id IN ('secret')", "sqlite_autoindex_runs_1 (uuid=?)"),
    ],
)
def test_what_few_runs_satisfy_is_read_first(backend: EmbeddedBackend, filter: str, index: str) -> None:
    (plan,) = plans(backend, f"{filter} AND status LIKE '%'", ["metrics.other"])
    assert plan[0] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
    assert any(line.endswith(index) for line in plan)
    assert not any(line.startswith("SCAN") for line in plan)


def test_a_like_is_looked_for_in_the_order_of_the_runs(backend: EmbeddedBackend) -> None:
    (plan,) = plans(backend, "params.p LIKE '%secret%'", ["metrics.m"])
    assert plan[0] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
    assert any("json_each" in line for line in plan)


@pytest.mark.usefixtures("many")
def test_a_like_that_many_runs_hold_follows_the_order(backend: EmbeddedBackend) -> None:
    along = plans(backend, "params.p LIKE '%secret%'", ["metrics.m"])[0]
    assert "metric_summaries_by_value" in along[0]
