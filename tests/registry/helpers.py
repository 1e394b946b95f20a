"""What the registry's tests share: short ways to make models, versions and what they come from."""

from __future__ import annotations

from typing import Any

from solvent.backend.embedded import EmbeddedBackend
from solvent.registry.announce import subject_of
from solvent.store import events, registered_models
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty, Request, Wire
from solvent.wire.models import CreateLoggedModel, LoggedModelInfo
from solvent.wire.registry import (
    CreateModelVersion,
    CreateRegisteredModel,
    GetModelVersion,
    ModelVersion,
    TransitionModelVersionStage,
)
from solvent.wire.runs import CreateRun, RunInfo


def make_model(backend: EmbeddedBackend, name: str = "m", versions: int = 0) -> None:
    backend.call(CreateRegisteredModel(name=name))
    for number in range(versions):
        make_version(backend, name, source=f"s3://bucket/{number + 1}")


def make_version(
    backend: EmbeddedBackend, name: str = "m", source: str = "s3://bucket/model", **more: Any
) -> ModelVersion:
    return backend.call(CreateModelVersion(name=name, source=source, **more)).model_version


def version(backend: EmbeddedBackend, number: str = "1", name: str = "m") -> ModelVersion:
    return backend.call(GetModelVersion(name=name, version=number)).model_version


def move(backend: EmbeddedBackend, number: str, stage: str, **more: Any) -> ModelVersion:
    return backend.call(TransitionModelVersionStage(name="m", version=number, stage=stage, **more)).model_version


def make_run(backend: EmbeddedBackend) -> RunInfo:
    return backend.call(CreateRun(experiment_id="0", start_time=1)).run.info


def make_logged_model(backend: EmbeddedBackend, run_id: str | None = None) -> LoggedModelInfo:
    return backend.call(CreateLoggedModel(experiment_id="0", name="lm", source_run_id=run_id)).model.info


class _Ask(Request[Empty]):
    name: str = ""


class _History(Wire):
    events: list[events.Event] = []


def history(backend: EmbeddedBackend, name: str = "m") -> list[tuple[str, dict[str, Any]]]:
    """The (kind, body) of all events of a model that is there, oldest first."""

    def read(tx: Transaction, _: _Ask) -> _History:
        model = registered_models.by_name(tx, name)
        assert model is not None
        return _History(events=events.of_subject(tx, subject_of(model.id)))

    return [(event.kind, event.body) for event in backend.store.read(read, _Ask()).events]


def execute(backend: EmbeddedBackend, sql: str) -> None:
    """Change rows behind the back of the registry."""

    def run(tx: Transaction, _: _Ask) -> Empty:
        tx.execute(sql)
        return Empty()

    backend.store.write(run, _Ask())
