"""Searching experiments, on a real store."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.wire.experiments import CreateExperiment, DeleteExperiment, SearchExperiments, Tag


@pytest.fixture
def made(backend: EmbeddedBackend) -> EmbeddedBackend:
    """alpha (team red), Beta (team blue), gone (deleted), beside Default."""
    for name, team in (("alpha", "red"), ("Beta", "blue"), ("gone", "red")):
        tags = [Tag(key="team", value=team)]
        experiment_id = backend.call(CreateExperiment(name=name, tags=tags)).experiment_id
    backend.call(DeleteExperiment(experiment_id=experiment_id))
    return backend


def names(backend: EmbeddedBackend, request: SearchExperiments) -> set[str]:
    return {experiment.name for experiment in backend.call(request).experiments}


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("", {"Default", "alpha", "Beta"}),
        ("name ILIKE '%A'", {"alpha", "Beta"}),
        ("tags.team = 'red' OR name = 'Default'", {"alpha", "Default"}),
        ("tags.team IS NULL", {"Default"}),
        ("experiment_id IN ('1', '0')", {"alpha", "Default"}),
        ("NOT experiment_id = '1'", {"Default", "Beta"}),
        ("creation_time > 0 AND last_update_time > 0 AND name LIKE 'B%'", {"Beta"}),
    ],
)
def test_filters(made: EmbeddedBackend, filter: str, found: set[str]) -> None:
    assert names(made, SearchExperiments(filter=filter)) == found


@pytest.mark.parametrize(
    ("filter", "order_by", "problem"),
    [
        ("metrics.m > 1", [], "experiments have no metrics: expected a key of attributes, tags"),
        ("status = 'x'", [], "expected one of name, experiment_id, creation_time, last_update_time"),
        ("experiment_id = 'q'", [], "Experiment ID must be a valid integer"),
        ("experiment_id LIKE '1'", [], "expected one of =, !=, IN, NOT IN"),
        ("creation_time = 'x'", [], "expected a number"),
        ("", ["tags.team"], "experiments are ordered by attributes, found tags.team"),
    ],
)
def test_what_is_refused(made: EmbeddedBackend, filter: str, order_by: list[str], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        made.call(SearchExperiments(filter=filter, order_by=order_by))


def test_views(made: EmbeddedBackend) -> None:
    assert names(made, SearchExperiments(view_type="DELETED_ONLY")) == {"gone"}
    assert names(made, SearchExperiments(view_type="ALL")) == {"Default", "alpha", "Beta", "gone"}


def test_pages(made: EmbeddedBackend) -> None:
    request = SearchExperiments(order_by=["name DESC"], max_results=1)
    found: list[str] = []
    for _ in range(3):
        answer = made.call(request)
        found += [experiment.name for experiment in answer.experiments]
        request.page_token = answer.next_page_token
    assert (found, request.page_token) == (["alpha", "Default", "Beta"], None)
