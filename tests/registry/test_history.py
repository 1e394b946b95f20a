"""The history of a model: who moved what, when, from where, and why."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.model_history import GetModelHistory, ModelEvent
from solvent.wire.registry import (
    DeleteModelVersion,
    DeleteRegisteredModel,
    DeleteRegisteredModelAlias,
    RenameRegisteredModel,
    SetRegisteredModelAlias,
)
from tests.registry.helpers import make_model, make_version, move


def events(backend: EmbeddedBackend, **more: Any) -> list[ModelEvent]:
    return backend.call(GetModelHistory(name=more.pop("name", "m"), **more)).events


def test_the_newest_comes_first_with_reason_and_origin(backend: EmbeddedBackend) -> None:
    make_model(backend)
    make_version(backend, origin="a notebook")
    move(backend, "1", "Staging", reason="the tests passed", origin="ci")
    newest, gate, created, _ = events(backend)
    assert (newest.kind, newest.version, newest.reason, newest.origin) == (
        "model_version.stage",
        "1",
        "the tests passed",
        "ci",
    )
    assert (newest.body["from"], newest.body["to"]) == ("None", "Staging")
    assert (created.kind, created.origin, created.reason) == ("model_version.created", "a notebook", None)
    assert (gate.kind, gate.reason, gate.origin) == ("gate.missing", "the tests passed", "ci")
    assert newest.id > created.id
    assert newest.time >= created.time


def test_what_was_replaced_has_the_same_reason(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    move(backend, "1", "Production")
    move(backend, "2", "Production", archive_existing_versions=True, reason="better", override="urgent")
    (archived,) = events(backend, max_results=1)
    assert (archived.version, archived.reason, archived.body["replaced_by"]) == ("1", "better", "2")
    assert archived.body["override"] == "urgent"


def test_of_one_version_also_the_aliases_that_left_it(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    for number in "12":
        backend.call(SetRegisteredModelAlias(name="m", alias="a", version=number, reason=f"for {number}", origin="x"))
    kinds = [(event.kind, event.reason) for event in events(backend, version="1")]
    assert kinds == [("alias.set", "for 2"), ("alias.set", "for 1"), ("model_version.created", None)]
    backend.call(DeleteRegisteredModelAlias(name="m", alias="a", reason="done", origin="y"))
    deleted = events(backend, version="02")[0]
    assert (deleted.kind, deleted.reason, deleted.origin) == ("alias.deleted", "done", "y")


def test_pages_hold_together_while_more_happens(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    for stage in ("Staging", "Production", "Archived"):
        move(backend, "1", stage)
    first = backend.call(GetModelHistory(name="m", max_results=3))
    move(backend, "1", "None")
    second = backend.call(GetModelHistory(name="m", max_results=3, page_token=first.next_page_token))
    third = backend.call(GetModelHistory(name="m", max_results=3, page_token=second.next_page_token))
    told = [event.body.get("to") or event.kind for answer in (first, second, third) for event in answer.events]
    assert told == [
        *("Archived", "Production", "gate.missing", "Staging", "gate.missing"),
        *("model_version.created", "registered_model.created"),
    ]
    assert third.next_page_token is None


def test_a_page_token_is_of_its_own_question(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    token = backend.call(GetModelHistory(name="m", max_results=1)).next_page_token
    with pytest.raises(InvalidInput, match="page token"):
        events(backend, version="1", page_token=token)
    with pytest.raises(InvalidInput, match="page token"):
        events(backend, page_token="nonsense")


def test_the_history_of_a_deleted_version_is_kept(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    backend.call(DeleteModelVersion(name="m", version="1", reason="wrong data", origin="x"))
    assert [event.kind for event in events(backend, version="1")] == ["model_version.deleted", "model_version.created"]
    assert events(backend, version="1")[0].reason == "wrong data"


def test_a_model_made_anew_has_none_of_the_old_history(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    backend.call(DeleteRegisteredModel(name="m"))
    make_model(backend)
    assert [event.kind for event in events(backend)] == ["registered_model.created"]


def test_a_renamed_model_keeps_its_history(backend: EmbeddedBackend) -> None:
    make_model(backend)
    backend.call(RenameRegisteredModel(name="m", new_name="n"))
    assert [event.kind for event in events(backend, name="n")] == [
        "registered_model.renamed",
        "registered_model.created",
    ]


def test_what_never_was_has_no_history(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    with pytest.raises(NotFound, match="Registered Model with name=n not found"):
        events(backend, name="n")
    with pytest.raises(NotFound, match=r"Model Version \(name=m, version=2\) not found"):
        events(backend, version="2")
    with pytest.raises(InvalidInput, match="must be an integer"):
        events(backend, version="x")
    with pytest.raises(InvalidInput, match="max_results"):
        events(backend, max_results=0)


def test_a_reason_has_a_length(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    with pytest.raises(InvalidInput, match="reason"):
        move(backend, "1", "Staging", reason="x" * 5_001)
