"""Searching runs, on a real store."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.store.transaction import Transaction
from solvent.wire.base import to_number
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import (
    CountRuns,
    CreateRun,
    DeleteRun,
    LogBatch,
    Param,
    SearchRuns,
    SearchRunsResponse,
    UpdateRun,
)

NAN, INF = float("nan"), float("inf")


def make_run(
    backend: EmbeddedBackend,
    experiment: str,
    name: str,
    start: int,
    metrics: dict[str, float | list[float]] | None = None,
    params: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
) -> str:
    """A run with these parts; a list is a history. Its id."""
    tagged = [Tag(key=key, value=value) for key, value in (tags or {}).items()]
    request = CreateRun(experiment_id=experiment, user_id="ann", run_name=name, start_time=start, tags=tagged)
    run_id = backend.call(request).run.info.run_id
    points = [
        Metric(key=key, value=to_number(value), timestamp=1, step=step)
        for key, history in (metrics or {}).items()
        for step, value in enumerate(history if isinstance(history, list) else [history])
    ]
    logged = [Param(key=key, value=value) for key, value in (params or {}).items()]
    backend.call(LogBatch(run_id=run_id, metrics=points, params=logged))
    return run_id


@pytest.fixture
def experiment(backend: EmbeddedBackend) -> str:
    """Four runs, r1 the oldest."""
    experiment_id = backend.call(CreateExperiment(name="search")).experiment_id
    first = make_run(
        backend,
        experiment_id,
        "r1",
        10,
        {"loss": [3.0, 0.5, 1.0], "val.min": 7.0},
        {"model": "tree", "lr": "0.1", "two words": "it's"},
        {"team": "Red"},
    )
    make_run(backend, experiment_id, "r2", 20, {"loss": [0.2, NAN]}, {"model": "Tree"}, {"team": "blue"})
    make_run(backend, experiment_id, "r3", 30, {"loss": INF}, {"model": "net"})
    make_run(backend, experiment_id, "r4", 40)
    backend.call(UpdateRun(run_id=first, status="FINISHED", end_time=50))
    return experiment_id


def names(backend: EmbeddedBackend, experiment: str, filter: str = "", *order_by: str) -> str:
    found = backend.call(SearchRuns(experiment_ids=[experiment], filter=filter, order_by=list(order_by))).runs
    counted = backend.call(CountRuns(experiment_ids=[experiment], filter=filter)).count
    assert counted == len(found)
    return " ".join(run.info.run_name for run in found)


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("", "r4 r3 r2 r1"),
        ("metrics.loss > 0", "r3 r1"),
        ("metrics.loss != 1", "r3 r2"),
        ("metrics.loss = 1e999", "r3"),
        ("metrics.loss IS NULL", "r4"),
        ("metrics.loss IN (1, 2)", "r1"),
        ("metrics.loss NOT IN (1, 2)", "r3 r2"),
        ("metrics.loss.min < 0.4", "r2"),
        ("metrics.loss.max >= 3", "r3 r1"),
        ("metrics.loss.mean = 1.5", "r1"),
        ("metrics.loss.last = 1", "r1"),
        ("metrics.loss.count >= 2", "r2 r1"),
        ("metrics.val.min = 7", "r1"),
        ("metrics.`val.min` = 7", "r1"),
        ("metrics.`val`.min = 7", ""),
        ("metrics.`loss.min` < 9", ""),
        ("params.model = 'tree'", "r1"),
        ("params.model != 'tree'", "r3 r2"),
        ("NOT params.model = 'tree'", "r4 r3 r2"),
        ("params.model LIKE 'tr%'", "r1"),
        ("params.model NOT LIKE 'tr%'", "r3 r2"),
        ("params.model ILIKE 'TR_E'", "r2 r1"),
        ("params.model IN ('tree', 'net',)", "r3 r1"),
        ("params.model IS NULL", "r4"),
        ("params.`two words` = 'it''s'", "r1"),
        ("tags.team = 'Red' OR metrics.loss > 5", "r3 r1"),
        ("(tags.team = 'Red' OR metrics.loss > 5) AND NOT status = 'FINISHED'", "r3"),
        ("tags.mlflow.runName = 'r2'", "r2"),
        ("run_name ILIKE 'R%' AND user_id = 'ann' AND start_time >= 30", "r4 r3"),
        ("`Run name` = 'r1'", "r1"),
        ("end_time > 0", "r1"),
        ("NOT end_time > 0", "r4 r3 r2"),
        ("end_time IS NULL AND created < 25.5", "r2"),
        ("status IN ('FINISHED', 'FAILED')", "r1"),
        ("artifact_uri LIKE '%/artifacts'", "r4 r3 r2 r1"),
        ("params.model GLOB 'x'", "GLOB"),
        ("metrics.loss = 'x'", "expected a number for metrics.loss"),
        ("params.lr = 0.1", "write '0.1'"),
        ("params.lr > '0.1'", "it is compared as text"),
        ("lifecycle_stage = 'active'", "expected one of run_id, run_name"),
        ("params.model = ('a')", "use IN"),
        ("params.model IN 'a'", "expected a list"),
        (f"params.model LIKE '{'%' * 8_001}'", "at most 8000 characters"),
        ("datasets.foo = 'x'", "expected datasets.name, datasets.digest, datasets.context"),
    ],
)
def test_filters(backend: EmbeddedBackend, experiment: str, filter: str, found: str) -> None:
    if all(word.startswith("r") and word[1:].isdecimal() for word in found.split()):
        assert names(backend, experiment, filter) == found
    else:
        with pytest.raises(InvalidInput, match=found):
            names(backend, experiment, filter)


@pytest.mark.parametrize(
    ("order_by", "found"),
    [
        (["metrics.loss"], "r1 r3 r2 r4"),
        (["metrics.loss DESC"], "r3 r1 r2 r4"),
        (["metrics.loss.min"], "r2 r1 r3 r4"),
        (["metrics.loss.count DESC"], "r1 r2 r3 r4"),
        (["params.model"], "r2 r3 r1 r4"),
        (["params.model DESC"], "r1 r3 r2 r4"),
        (["tags.team"], "r1 r2 r4 r3"),
        (["status", "start_time"], "r1 r2 r3 r4"),
        (["end_time DESC"], "r1 r4 r3 r2"),
        (["run_name DESC"], "r4 r3 r2 r1"),
        (["artifact_uri", "metrics.loss"], None),
        (["metrics.loss", "metric.loss DESC"], "duplicate fields"),
        (["start_time", "created"], "duplicate fields"),
        (["datasets.name"], "runs are ordered by"),
        (["metrics.m"] * 21, "at most 20 keys"),
    ],
)
def test_orders(backend: EmbeddedBackend, experiment: str, order_by: list[str], found: str | None) -> None:
    if found is None:
        assert len(names(backend, experiment, "", *order_by).split()) == 4
    elif found.startswith("r") and found[1:2].isdecimal():
        assert names(backend, experiment, "", *order_by) == found
    else:
        with pytest.raises(InvalidInput, match=found):
            names(backend, experiment, "", *order_by)


def test_views_and_experiments(backend: EmbeddedBackend, experiment: str) -> None:
    other = backend.call(CreateExperiment(name="other")).experiment_id
    gone = make_run(backend, other, "r9", 25)
    backend.call(DeleteRun(run_id=gone))

    def found(view: str | None, *experiments: str) -> str:
        request = SearchRuns(experiment_ids=list(experiments), run_view_type=view)
        return " ".join(run.info.run_name for run in backend.call(request).runs)

    assert found(None, experiment, other) == "r4 r3 r2 r1"
    assert found("DELETED_ONLY", other, experiment) == "r9"
    assert found("ALL", experiment, other, other) == "r4 r3 r9 r2 r1"
    assert found("ALL", "77") == ""
    assert found("ALL") == ""
    with pytest.raises(InvalidInput, match="Invalid view type 'OLD': expected one of ACTIVE_ONLY"):
        found("OLD", other)
    with pytest.raises(InvalidInput, match=r"Invalid experiment ID 'x'\. Experiment ID must be a valid integer"):
        found("ALL", "x")


def test_datasets(backend: EmbeddedBackend, experiment: str) -> None:
    def add(tx: Transaction, request: SearchRuns) -> SearchRunsResponse:
        dataset = tx.insert(
            "INSERT INTO datasets (experiment_id, name, digest, source_type, source) VALUES (?, 'wine', 'd1', '', '')",
            request.experiment_ids or (),
        )
        sql = "INSERT INTO run_datasets SELECT id, ?, ? FROM runs WHERE name = 'r1'"
        tx.execute(sql, (dataset, '{"mlflow.data.context": "train"}'))
        return SearchRunsResponse()

    backend.store.write(add, SearchRuns(experiment_ids=[experiment]))
    for text in ("datasets.name = 'wine'", "dataset.digest LIKE 'd%'", "datasets.context IN ('train', 'eval')"):
        assert names(backend, experiment, text) == "r1"
    assert names(backend, experiment, "datasets.name != 'wine'") == ""
    assert names(backend, experiment, "datasets.name IS NULL") == "r4 r3 r2"


def test_projection_and_limits(backend: EmbeddedBackend, experiment: str) -> None:
    request = SearchRuns(
        experiment_ids=[experiment], filter="run_name = 'r1'", metric_keys=["loss"], param_keys=[], tag_keys=["team"]
    )
    data = backend.call(request).runs[0].data
    assert ([m.key for m in data.metrics], data.params, [t.key for t in data.tags]) == (["loss"], [], ["team"])
    for size, problem in ((0, "must be a positive integer"), (50_001, "must be at most 50000")):
        with pytest.raises(
            InvalidInput, match=f"Invalid value {size} for parameter 'max_results' supplied. It {problem}"
        ):
            backend.call(SearchRuns(experiment_ids=[experiment], max_results=size))


def test_page_tokens_are_bound_to_their_query(backend: EmbeddedBackend, experiment: str) -> None:
    request = SearchRuns(experiment_ids=[experiment], order_by=["metrics.loss"], max_results=2)
    first = backend.call(request)
    token = first.next_page_token
    assert token
    request.page_token = token
    second = backend.call(request)
    assert [run.info.run_name for run in first.runs + second.runs] == ["r1", "r3", "r2", "r4"]
    assert second.next_page_token is None
    for broken in ("x", "é", token[:-4], token + "AAAA", token.swapcase(), "A" * 200_000, "=", " "):
        request.page_token = broken
        with pytest.raises(InvalidInput, match="Invalid page token: expected the next_page_token"):
            backend.call(request)
    request.page_token, request.order_by = token, ["metrics.loss DESC"]
    with pytest.raises(InvalidInput, match="Invalid page token: it belongs to a search with other"):
        backend.call(request)


@pytest.mark.parametrize(
    ("filter", "order_by"),
    [
        (" OR ".join(f"params.a{number} = 'x'" for number in range(500)), []),
        (" AND ".join(f"metrics.a{number}.mean != 1" for number in range(500)), []),
        ("(" * 49 + "tags.a = 'x'" + " OR tags.b = 'x')" * 49, []),
        (f"run_id IN ({', '.join(f'{number!r}' for number in map(str, range(5_000)))})", []),
        (f"params.a IN ({', '.join(f'{number!r}' for number in map(str, range(4_999)))})", ["params.a"]),
        (f"params.a LIKE '{'é' * 8_000}'", []),
        ("params.zz = 'x'", [f"metrics.a{number} DESC" for number in range(20)]),
    ],
)
def test_the_largest_searches_are_answered(
    backend: EmbeddedBackend, experiment: str, filter: str, order_by: list[str]
) -> None:
    assert names(backend, experiment, filter, *order_by) == ""


def test_many_experiments_are_searched_at_once(backend: EmbeddedBackend, experiment: str) -> None:
    request = SearchRuns(experiment_ids=[str(number) for number in range(10_000)], order_by=["metrics.loss"])
    assert [run.info.run_name for run in backend.call(request).runs] == ["r1", "r3", "r2", "r4"]
    with pytest.raises(InvalidInput, match="at most 10000 experiment ids, found 10001"):
        backend.call(SearchRuns(experiment_ids=["1"] * 10_001))
