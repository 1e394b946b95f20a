"""The OpenAPI document: valid, complete, and true of what the server answers to generated requests."""

from __future__ import annotations

import os
import re
import uuid
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from solvent.server.openapi import document
from solvent.server.router import MLFLOW_PREFIXES
from solvent.wire.base import Number
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.metrics import Metric
from solvent.wire.models import CreateLoggedModel
from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel, SetRegisteredModelAlias
from solvent.wire.runs import CreateRun, LogBatch, LogInputs, Param
from solvent.wire.views import CreateView
from tests.server.api_page import PAGE, written
from tests.server.conftest import Web

EXAMPLES = int(os.environ.get("SOLVENT_API_EXAMPLES", "5"))
DOCUMENT = document()
OPERATIONS = sorted((method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods)
SECONDS = 30


def test_it_is_served_as_it_is_made(web: Web) -> None:
    answer = web.get("/api/solvent/v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == DOCUMENT


def test_it_is_valid_by_the_published_schema() -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_every_address_is_in_it(web: Web) -> None:
    documented = {(method, re.sub(r"{(\w+)}", "{}", path)) for method, path in OPERATIONS}
    answered = set()
    for method, path in web.app._router.addresses():
        for prefix in MLFLOW_PREFIXES[1:]:
            path = re.sub(f"^{prefix}", MLFLOW_PREFIXES[0], path)
        answered.add((method, re.sub(r"{\w+(:path)?}", "{}", path)))
    assert answered == documented


def test_the_page_on_the_interface_names_every_endpoint() -> None:
    page = PAGE.read_text("utf-8")
    assert page == written(page), "write it anew: python -m tests.server.api_page"
    assert [entry for entry in OPERATIONS if f"| {entry[0]} | `{entry[1]}` |" not in page] == []


def test_operations_have_names_of_their_own() -> None:
    names = [entry["operationId"] for methods in DOCUMENT["paths"].values() for entry in methods.values()]
    assert len(set(names)) == len(names) == len(OPERATIONS)


@lru_cache(maxsize=1)
def schema() -> Any:
    import schemathesis

    return schemathesis.openapi.from_dict(DOCUMENT)


FREE = {"filter", "page_token", "order_by", "max_results", "view_type", "run_view_type", "dataset_name", "group_by"}
"""Left out where a request is to be answered: what is made up there is refused."""


@pytest.fixture
def there(web: Web) -> dict[str, Any]:
    """Objects that are there, by the names of the fields that mean them."""
    backend, name = web.backend, uuid.uuid4().hex
    experiment_id = backend.call(CreateExperiment(name=name)).experiment_id
    run_id = backend.call(CreateRun(experiment_id=experiment_id, tags=[Tag(key="a", value="1")])).run.info.run_id
    values: list[Number] = [1.0, "NaN", 3.0]
    metrics = [Metric(key="m", value=value, timestamp=step, step=step) for step, value in enumerate(values)]
    backend.call(LogBatch(run_id=run_id, metrics=metrics, params=[Param(key="p", value="1")]))
    dataset = Dataset(name="rows", digest="1", source_type="local", source="x", schema="{}")
    backend.call(LogInputs(run_id=run_id, datasets=[DatasetInput(dataset=dataset, tags=[Tag(key="a", value="1")])]))
    model_id = backend.call(
        CreateLoggedModel(experiment_id=experiment_id, name="tree", source_run_id=run_id)
    ).model.info.model_id
    backend.call(CreateRegisteredModel(name=name, description="text"))
    backend.call(CreateModelVersion(name=name, source=f"models:/{model_id}", model_id=model_id))
    backend.call(SetRegisteredModelAlias(name=name, alias="best", version="1"))
    view_id = backend.call(CreateView(name=name, experiment_id=experiment_id, state={"a": [1]})).view.view_id
    return {
        "run_id": run_id, "run_uuid": run_id, "run_ids": [run_id], "experiment_id": experiment_id,
        "experiment_ids": [experiment_id], "model_id": model_id, "view_id": view_id, "name": name, "version": "1",
        "experiment_name": name, "alias": "best", "metric_key": "m", "metrics": ["metrics.m"], "tag_key": "a",
    }  # fmt: skip


def name_what_is_there(case: Any, there: dict[str, Any]) -> None:
    """Put real objects where the request names some; what else it holds stays as it was made up."""
    for values in (case.path_parameters, case.query, case.body):
        if isinstance(values, dict):
            for name in FREE & values.keys():
                del values[name]
            for name in there.keys() & values.keys():
                if name != "metrics" or "aggregate" in case.path:
                    values[name] = there[name]


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part)
def test_answers_are_as_documented(web: Web, there: dict[str, Any], method: str, path: str) -> None:
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [status_code_conformance, content_type_conformance, response_schema_conformance]

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])  # fmt: skip
    @given(case=schema()[path][method].as_strategy(), real=st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real:
            name_what_is_there(case, there)
        response = case.call(base_url=web.url, timeout=SECONDS)
        assert response.status_code < 500 or response.status_code in (501, 503), response.text
        case.validate_response(response, checks=checks)

    ask()
