"""Searching logged models, on a real store."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.wire.base import to_number
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.models import (
    CreateLoggedModel,
    DatasetFilter,
    DeleteLoggedModel,
    FinalizeLoggedModel,
    ModelOrder,
    ModelParam,
    SearchLoggedModels,
)
from solvent.wire.runs import CreateRun, LogBatch

NAN = float("nan")


@pytest.fixture
def made(backend: EmbeddedBackend) -> EmbeddedBackend:
    """a (f1 0.5 on wine, then 0.8 on beer), b (f1 0.6 on wine), c (f1 NaN), d (nothing), and a deleted one."""
    run_id = backend.call(CreateRun(experiment_id="0", start_time=1)).run.info.run_id
    points: dict[str, list[tuple[float, str]]] = {
        "a": [(0.5, "wine"), (0.8, "beer")],
        "b": [(0.6, "wine")],
        "c": [(NAN, "tea")],
    }
    for name in "abcde":
        request = CreateLoggedModel(
            experiment_id="0",
            name=name,
            source_run_id=run_id,
            params=[ModelParam(key="depth", value=str(len(points.get(name, ()))))],
            tags=[Tag(key="t", value=name.upper())],
        )
        model_id = backend.call(request).model.info.model_id
        metrics = [
            Metric(
                key="f1",
                value=to_number(value),
                timestamp=step,
                step=step,
                model_id=model_id,
                dataset_name=dataset,
                dataset_digest="1",
            )
            for step, (value, dataset) in enumerate(points.get(name, ()))
        ]
        if metrics:
            backend.call(LogBatch(run_id=run_id, metrics=metrics))
        if name == "a":
            backend.call(FinalizeLoggedModel(model_id=model_id, status="LOGGED_MODEL_READY"))
    backend.call(DeleteLoggedModel(model_id=model_id))
    return backend


def names(backend: EmbeddedBackend, request: SearchLoggedModels) -> str:
    return "".join(model.info.name for model in backend.call(request).models)


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("", "abcd"),
        ("metrics.f1 > 0.7", "a"),
        ("metrics.f1 < 0.6", "a"),
        ("metrics.f1 != 0.6", "ac"),
        ("metrics.f1 IS NULL", "d"),
        ("status = 'READY'", "a"),
        ("status = 'LOGGED_MODEL_READY' OR tags.t = 'D'", "ad"),
        ("status IN ('PENDING', '2') AND name != 'b'", "acd"),
        ("params.depth = 1", "bc"),
        ("source_run_id IS NOT NULL AND model_id LIKE 'm-%'", "abcd"),
        ("artifact_location LIKE '%/models/m-%/artifacts'", "abcd"),
    ],
)
def test_filters(made: EmbeddedBackend, filter: str, found: str) -> None:
    order = [ModelOrder(field_name="name")]
    assert names(made, SearchLoggedModels(experiment_ids=["0"], filter=filter, order_by=order)) == found


def test_data_sets(made: EmbeddedBackend) -> None:
    def found(filter: str, *datasets: DatasetFilter) -> str:
        request = SearchLoggedModels(experiment_ids=["0"], filter=filter, datasets=list(datasets))
        return "".join(sorted(names(made, request)))

    wine = DatasetFilter(dataset_name="wine", dataset_digest="1")
    beer = DatasetFilter(dataset_name="beer")
    assert found("", wine) == "ab"
    assert found("", beer) == "a"
    assert found("", DatasetFilter(dataset_name="wine", dataset_digest="2")) == ""
    assert found("metrics.f1 > 0.55", wine) == "b"
    assert found("metrics.f1 > 0.55", wine, beer) == "ab"
    with pytest.raises(InvalidInput, match="`dataset_name` in the `datasets` clause must be specified"):
        found("", DatasetFilter())


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (ModelOrder(field_name="name", ascending=False), "dcba"),
        (ModelOrder(field_name="metrics.f1"), "bacd"),
        (ModelOrder(field_name="metrics.f1", ascending=False), "abcd"),
        (ModelOrder(field_name="metrics.`f1`", dataset_name="wine"), "ab"),
        (ModelOrder(field_name="status", ascending=False), "a"),
    ],
)
def test_orders_and_pages(made: EmbeddedBackend, order: ModelOrder, found: str) -> None:
    whole = SearchLoggedModels(experiment_ids=["0"], order_by=[order, ModelOrder(field_name="name")])
    assert names(made, whole).startswith(found)
    pages = ""
    whole.max_results = 1
    for _ in range(4):
        answer = made.call(whole)
        pages += answer.models[0].info.name
        whole.page_token = answer.next_page_token
    assert whole.page_token is None
    whole.max_results = None
    assert pages == names(made, whole)


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (SearchLoggedModels(), "Missing value for required parameter 'experiment_ids'"),
        (
            SearchLoggedModels(experiment_ids=["0"], filter="metrics.`f1`.min > 1"),
            "metrics of logged models have no .min",
        ),
        (SearchLoggedModels(experiment_ids=["0"], filter="foo = 'x'"), "logged models have no attribute 'foo'"),
        (SearchLoggedModels(experiment_ids=["0"], order_by=[ModelOrder(field_name="params.a")]), "are ordered by"),
        (SearchLoggedModels(experiment_ids=["0"], order_by=[ModelOrder(field_name="")]), "expected a key"),
        (
            SearchLoggedModels(experiment_ids=["0"], order_by=[ModelOrder(field_name="name", dataset_digest="1")]),
            "expected a dataset_name beside",
        ),
    ],
)
def test_what_is_refused(made: EmbeddedBackend, request_: SearchLoggedModels, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        made.call(request_)
