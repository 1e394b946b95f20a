"""Text in names, notes and tags."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.search.errors import SearchError
from solvent.wire.experiments import CreateExperiment, SearchExperiments, SetExperimentTag, Tag
from solvent.wire.models import CreateLoggedModel, SearchLoggedModels
from solvent.wire.runs import CountRuns, CreateRun, SearchRuns

NOTE = "mlflow.note.content"
TAGS: dict[str, dict[str, str]] = {
    "plain": {},
    "noted": {NOTE: "Learns *slowly*, see the wiki"},
    "tagged": {"baseline": "yes", "mlflow.user": "ada"},
}


@pytest.fixture
def filled(backend: EmbeddedBackend) -> EmbeddedBackend:
    for name, tags in TAGS.items():
        listed = [Tag(key=key, value=value) for key, value in tags.items()]
        backend.call(CreateRun(experiment_id="0", run_name=name, tags=listed))
        experiment_id = backend.call(CreateExperiment(name=name)).experiment_id
        for tag in listed:
            backend.call(SetExperimentTag(experiment_id=experiment_id, key=tag.key, value=tag.value))
        backend.call(CreateLoggedModel(experiment_id="0", name=name, tags=listed))
    return backend


QUESTIONS: list[tuple[str, set[str]]] = [
    ("text ILIKE '%SLOWLY%'", {"noted"}),
    ("text LIKE '%SLOWLY%'", set()),
    ("text ILIKE '%tagge%'", {"tagged"}),
    ("text LIKE 'base%'", {"tagged"}),
    ("text ILIKE 'yes'", {"tagged"}),
    ("text LIKE 'mlflow%'", set()),
    ("text ILIKE '%ada%'", {"tagged"}),
    ("NOT text ILIKE '%e%'", {"plain"}),
    ("text NOT ILIKE '%e%'", {"plain"}),
    ("text NOT LIKE '%wiki%' AND text NOT LIKE 'pl%'", {"tagged"}),
]


@pytest.mark.parametrize(("question", "found"), QUESTIONS)
def test_text_is_found_in_names_notes_and_tags(filled: EmbeddedBackend, question: str, found: set[str]) -> None:
    runs = filled.call(SearchRuns(experiment_ids=["0"], filter=question)).runs
    assert {run.info.run_name for run in runs} == found
    assert filled.call(CountRuns(experiment_ids=["0"], filter=question)).count == len(found)
    models = filled.call(SearchLoggedModels(experiment_ids=["0"], filter=question)).models
    assert {model.info.name for model in models} == found
    experiments = filled.call(SearchExperiments(filter=f"({question}) AND name != 'Default'")).experiments
    assert {experiment.name for experiment in experiments} == found


@pytest.mark.parametrize(("filter_", "order_by"), [("text = 'a'", None), ("text IN ('a')", None), (None, ["text"])])
def test_it_is_for_patterns_alone(filled: EmbeddedBackend, filter_: str | None, order_by: list[str] | None) -> None:
    with pytest.raises(SearchError, match=r"expected one of LIKE|several texts"):
        filled.call(SearchRuns(experiment_ids=["0"], filter=filter_, order_by=order_by))
