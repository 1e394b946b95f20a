"""What the scans touch: SQLite's own account of its plans, on the real schema with no statistics."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.search import runs
from solvent.search.nearest import Nearest
from solvent.search.query import read_filter, read_orders
from solvent.search.selection import least
from solvent.search.sql import Sql
from solvent.store.transaction import Transaction
from solvent.wire.experiments import Tag
from solvent.wire.runs import CountRuns, CountRunsResponse, CreateRun


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
    by_value = [plan for plan in along if "_by_value (experiment_id=? AND key_id=?" in plan[0]]
    by_prefix = [plan for plan in along if "_by_prefix (experiment_id=? AND key_id=?" in plan[0]]
    assert len(by_value) == (2 if key == "metrics.m" else 1)
    assert len(by_prefix) == (0 if key == "metrics.m" else 1)
    assert all("COVERING INDEX" in plan[0] for plan in by_value)
    assert along[0][-1] == "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"
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
        ("params.p = 'secret'", "COVERING INDEX params_by_value (experiment_id=? AND key_id=? AND value=?)"),
        (f"params.p = 'secret{'x' * 200}'", "INDEX params_by_prefix (experiment_id=? AND key_id=? AND <expr>=?)"),
        ("tags.t IN ('secret', 'b')", "COVERING INDEX tags_by_value (experiment_id=? AND key_id=? AND value=?)"),
        ("metrics.m <= 3", "metric_summaries_by_value (experiment_id=? AND key_id=? AND value<?)"),
        ("run_id IN ('secret')", "sqlite_autoindex_runs_1 (uuid=?)"),
    ],
)
def test_what_few_runs_satisfy_is_read_first(backend: EmbeddedBackend, filter: str, index: str) -> None:
    (plan,) = plans(backend, f"{filter} AND status LIKE '%'", ["metrics.other"])
    assert plan[0] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
    assert any(line.endswith(index) for line in plan)
    assert not any(line.startswith("SCAN") for line in plan)


def test_the_order_by_name_is_an_index(backend: EmbeddedBackend) -> None:
    for order in ("run_name", "run_name DESC"):
        (plan,) = plans(backend, "", [order])
        assert plan[0] == "SEARCH r USING INDEX runs_by_name (experiment_id=? AND deleted=?)"
        assert plan[-1] == "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"


@pytest.mark.parametrize("order", ["metrics.m.min", "metrics.m.max DESC"])
def test_the_smallest_and_largest_value_are_picked_in_the_value_index(backend: EmbeddedBackend, order: str) -> None:
    def explain(tx: Transaction, _: CountRuns) -> CountRunsResponse:
        orders = read_orders([order], runs.RUNS, lambda _: False)
        (nearest,) = runs.segments(tx, runs.RunQuery((0,), (0,), None, orders))[0].scans
        assert isinstance(nearest, Nearest)
        sql = nearest.picking(None, 10)
        plan = [row[3] for row in tx.all(f"EXPLAIN QUERY PLAN {sql.text}", sql.args)]
        place = "SEARCH o0 USING COVERING INDEX metric_summaries_by_value (experiment_id=? AND key_id=?)"
        assert plan[int(order.endswith("DESC"))] == place  # downwards in a subquery: met in about that order
        assert [line for line in plan if "TEMP B-TREE" in line] == ["USE TEMP B-TREE FOR ORDER BY"]
        sql = nearest.among(Sql("SELECT value FROM json_each('[1]')")).select(None, 10)
        plan = [row[3] for row in tx.all(f"EXPLAIN QUERY PLAN {sql.text}", sql.args)]
        assert plan[0] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
        return CountRunsResponse(count=0)

    backend.store.read(explain, CountRuns())


@pytest.mark.parametrize("filter", ["params.p = 'secret'", "params.p LIKE '%secret%'", "metrics.n.min < 3"])
@pytest.mark.parametrize("order", ["metrics.m", "metrics.m.min", "params.q", "run_name", "start_time"])
def test_what_many_runs_satisfy_is_a_set_that_is_asked_on_the_way(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch, filter: str, order: str
) -> None:
    monkeypatch.setattr(runs, "FEW", -1)
    for plan in plans(backend, filter, [order]):
        assert "_by_" in plan[0]
        assert any(line.startswith("LIST SUBQUERY") for line in plan)
        assert not any(line.startswith("SCAN r") for line in plan)


@pytest.mark.parametrize(
    ("filter", "index"),
    [
        ("params.p LIKE '%secret%'", "COVERING INDEX params_by_value (experiment_id=? AND key_id=?)"),
        ("tags.t ILIKE 'secret'", "COVERING INDEX tags_by_value (experiment_id=? AND key_id=?)"),
        ("metrics.m.max > 3", "COVERING INDEX metric_summaries_by_value (experiment_id=? AND key_id=?)"),
    ],
)
def test_what_no_index_finds_is_looked_for_in_the_index_alone(
    backend: EmbeddedBackend, filter: str, index: str
) -> None:
    seen: list[str] = []

    class Reads:
        def __init__(self, tx: Transaction) -> None:
            self.tx = tx

        def all(self, sql: str, args: Sequence[object] = ()) -> list[tuple[object, ...]]:
            seen.extend(row[3] for row in self.tx.all(f"EXPLAIN QUERY PLAN {sql}", args))
            return self.tx.all(sql, args)

    def look(tx: Transaction, _: CountRuns) -> CountRunsResponse:
        least(Reads(tx), read_filter(filter, runs.RUNS, lambda _: False), (0,), 10)
        return CountRunsResponse(count=0)

    backend.store.read(look, CountRuns())
    assert any(line.endswith(index) for line in seen)


def test_a_like_that_the_newest_runs_hold_is_met_on_the_way(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking through all values would cost more than the page."""
    for _ in range(20):
        backend.call(CreateRun(run_name="n", start_time=1, tags=[Tag(key="t", value="secret")]))
    (plan,) = plans(backend, "tags.t LIKE '%secret%'", [])
    assert plan[0] == "SEARCH r USING COVERING INDEX runs_by_start (experiment_id=? AND deleted=?)"
    assert not any("json_each" in line for line in plan)
    monkeypatch.setattr(runs, "DENSE", 1)
    (plan,) = plans(backend, "tags.t LIKE '%secret%'", [])
    assert any("json_each" in line for line in plan)


def test_a_few_runs_of_many_are_sorted_and_a_share_of_them_is_met_on_the_way(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run of three is 'secret': that is thin for one in two, and dense for one in four."""
    for number in range(3):
        backend.call(CreateRun(run_name="n", tags=[Tag(key="t", value="secret" if number == 1 else "other")]))
    monkeypatch.setattr(runs, "DENSE", 2)
    assert plans(backend, "tags.t = 'secret'", ["metrics.m"])[0][0] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
    monkeypatch.setattr(runs, "DENSE", 4)
    assert "metric_summaries_by_value" in plans(backend, "tags.t = 'secret'", ["metrics.m"])[0][0]


def test_a_like_is_looked_for_in_the_order_of_the_runs(backend: EmbeddedBackend) -> None:
    (plan,) = plans(backend, "params.p LIKE '%secret%'", ["metrics.m"])
    assert plan[0] == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"
    assert any("json_each" in line for line in plan)


@pytest.mark.usefixtures("many")
def test_a_like_that_many_runs_hold_follows_the_order(backend: EmbeddedBackend) -> None:
    along = plans(backend, "params.p LIKE '%secret%'", ["metrics.m"])[0]
    assert "metric_summaries_by_value" in along[0]
