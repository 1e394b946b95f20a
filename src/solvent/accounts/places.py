"""How the experiment or registered model that a request is about is found in it.

Each function here makes a rule: a function of a transaction and a request that yields demands.
What names a run or a logged model that is not there demands nothing: the use case says so itself,
and their ids can't be guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from solvent.accounts.demands import In, NewPlace
from solvent.store import experiments, models, registered_models, runs
from solvent.store.transaction import Transaction
from solvent.tracking.validation import experiment_number
from solvent.wire.base import Request
from solvent.wire.experiments import GetExperimentByName
from solvent.wire.ingest import Ingest, RunRecord

Rule = Callable[[Transaction, Any], Iterable[Any]]

_RUN_FIELDS = ("run_id", "run_uuid")
DEFAULT_EXPERIMENT = "0"


def both(*rules: Rule) -> Rule:
    """All that each of the rules demands."""

    def rule(tx: Transaction, request: Request[Any]) -> Iterator[Any]:
        for one in rules:
            yield from one(tx, request)

    return rule


def experiment(role: int) -> Rule:
    """``role`` in the experiment of the field ``experiment_id``; the default one if it is not given."""

    def rule(_: Transaction, request: Any) -> Iterator[In]:
        yield in_experiment(role, request.experiment_id or DEFAULT_EXPERIMENT)

    return rule


def experiment_by_name(role: int) -> Rule:
    def rule(tx: Transaction, request: GetExperimentByName) -> Iterator[In]:
        name = request.experiment_name or ""
        found = experiments.by_name(tx, name)
        yield In(role, "experiment", int(found.experiment_id) if found else None, f"experiment {name[:100]}")

    return rule


def run(role: int, *fields: str) -> Rule:
    """``role`` in the experiment of the run of the fields (default: ``run_id`` and ``run_uuid``)."""
    names = fields or _RUN_FIELDS

    def rule(tx: Transaction, request: Any) -> Iterator[In]:
        for name in names:
            if given := getattr(request, name, None):
                yield from in_runs(tx, role, [given])

    return rule


def runs_of(role: int, field: str = "run_ids") -> Rule:
    """``role`` in the experiments of all the runs of a list."""

    def rule(tx: Transaction, request: Any) -> Iterator[In]:
        yield from in_runs(tx, role, getattr(request, field) or ())

    return rule


def logged_model(role: int) -> Rule:
    """``role`` in the experiment of the logged model of the field ``model_id``."""

    def rule(tx: Transaction, request: Any) -> Iterator[In]:
        yield from in_logged_models(tx, role, [request.model_id])

    return rule


def logged_models(role: int, field: str) -> Rule:
    """``role`` in the experiments of the logged models that the items of a list name."""

    def rule(tx: Transaction, request: Any) -> Iterator[In]:
        yield from in_logged_models(tx, role, [item.model_id for item in getattr(request, field) or ()])

    return rule


def model(role: int) -> Rule:
    """``role`` in the registered model of the field ``name``."""

    def rule(tx: Transaction, request: Any) -> Iterator[In]:
        yield in_model(tx, role, request.name or "")

    return rule


def ingested(role: int) -> Rule:
    """``role`` in the experiments of all runs of a batch, also of those that it opens."""

    def rule(tx: Transaction, request: Ingest) -> Iterator[In | NewPlace]:
        seen: set[int] = set()
        names: set[str] = set()
        for run_id in {record.run_id for record in request.records}:
            if (found := runs.find(tx, run_id)) is not None:
                seen.add(found.experiment_id)
        for record in request.records:
            if isinstance(record, RunRecord) and runs.find(tx, record.run_id) is None:
                if record.experiment_id is not None or not record.experiment:
                    seen.add(experiment_number(record.experiment_id or DEFAULT_EXPERIMENT))
                else:
                    names.add(record.experiment)
        for name in names:
            if (existing := experiments.by_name(tx, name)) is None:
                yield NewPlace()
            else:
                seen.add(int(existing.experiment_id))
        for number in seen:
            yield _experiment(role, number)

    return rule


def in_experiment(role: int, experiment_id: str) -> In:
    return _experiment(role, experiment_number(experiment_id))


def in_runs(tx: Transaction, role: int, run_ids: Iterable[str]) -> Iterator[In]:
    found = (runs.find(tx, run_id) for run_id in set(run_ids))
    for number in {ref.experiment_id for ref in found if ref is not None}:
        yield _experiment(role, number)


def in_logged_models(tx: Transaction, role: int, model_ids: Sequence[str | None]) -> Iterator[In]:
    found = (models.experiment_of(tx, model_id) for model_id in set(model_ids) if model_id)
    for number in {number for number in found if number is not None}:
        yield _experiment(role, number)


def in_model(tx: Transaction, role: int, name: str) -> In:
    found = registered_models.by_name(tx, name)
    return In(role, "model", found.id if found else None, f"registered model {name[:100]}")


def _experiment(role: int, number: int) -> In:
    return In(role, "experiment", number, f"experiment {number}")
