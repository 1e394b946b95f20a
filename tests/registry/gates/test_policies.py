"""Applying policies and asking gates, as requests."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, InvalidInput, NotFound
from solvent.store.operations import operation_of
from solvent.wire.accounts import CreateUser, SetGrant
from solvent.wire.gates import ApplyGatePolicies, CheckGate, GatePolicy, GetGatePolicies
from solvent.wire.registry import DeleteRegisteredModel, RenameRegisteredModel
from tests.registry.gates.helpers import apply, ask, make_versions
from tests.registry.helpers import make_model, move

TWO = 'level = "record"\n[models.m]\nlevel = "strict"\n'


def shown(backend: EmbeddedBackend, actor: str = "") -> dict[str, GatePolicy]:
    operation = operation_of(GetGatePolicies)
    assert operation is not None
    found = backend.store.read(operation.run, GetGatePolicies(), actor).policies
    return {one.model: one for one in found}


def test_what_was_applied_is_shown(backend: EmbeddedBackend) -> None:
    assert shown(backend) == {}
    apply(backend, TWO)
    found = shown(backend)
    assert {name: one.policy for name, one in found.items()} == {"": {"level": "record"}, "m": {"level": "strict"}}
    assert found[""].digest == found["m"].digest
    assert found[""].applied > 0
    backend.call(ApplyGatePolicies())
    assert shown(backend) == {}


def test_a_document_that_can_not_hold_changes_nothing(backend: EmbeddedBackend) -> None:
    apply(backend, TWO)
    before = shown(backend)
    with pytest.raises(InvalidInput):
        backend.call(ApplyGatePolicies(document={"level": "none"}))
    assert shown(backend) == before


def test_of_two_who_apply_at_once_one_is_told(backend: EmbeddedBackend) -> None:
    backend.call(ApplyGatePolicies(document={"level": "strict"}, expected=""))
    with pytest.raises(Conflict, match="somebody has applied another policy meanwhile"):
        backend.call(ApplyGatePolicies(document={"level": "record"}, expected=""))
    now = shown(backend)[""].digest
    backend.call(ApplyGatePolicies(document={"level": "record"}, expected=now))


def test_a_gate_is_asked_without_moving(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    apply(backend, 'level = "strict"')
    report = ask(backend, target="production")
    assert (report.target, report.level, report.passes) == ("Production", "strict", False)
    assert [check.need for check in report.checks] == ["from"]
    move(backend, "1", "Staging")
    assert ask(backend).passes
    assert ask(backend, target="@production").passes
    assert ask(backend, target="@other").checks == []
    with pytest.raises(InvalidInput, match="Invalid Model Version stage"):
        ask(backend, target="Prod")
    with pytest.raises(InvalidInput, match="Missing value"):
        backend.call(CheckGate(name="m", version="1"))
    with pytest.raises(NotFound):
        ask(backend, "9")


def test_a_models_own_policy_goes_with_its_new_name(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    apply(backend, TWO)
    backend.call(RenameRegisteredModel(name="m", new_name="n"))
    assert set(shown(backend)) == {"", "n"}
    backend.call(RenameRegisteredModel(name="n", new_name="m"))
    assert ask(backend).level == "strict"


def test_a_new_name_is_no_way_to_another_policy(backend: EmbeddedBackend) -> None:
    make_model(backend, "strict")
    apply(backend, 'level = "strict"\n[models.lenient]\nlevel = "record"')
    with pytest.raises(Conflict, match="'lenient' has a gate policy of its own"):
        backend.call(RenameRegisteredModel(name="strict", new_name="lenient"))


def test_a_policy_stays_when_its_model_is_deleted(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    apply(backend, TWO)
    backend.call(DeleteRegisteredModel(name="m"))
    make_model(backend, versions=1)
    assert ask(backend).level == "strict"


def test_the_policy_of_a_hidden_model_is_hidden(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    apply(backend, TWO)
    backend.call(CreateUser(name="root", password="long enough", admin=True))
    backend.call(CreateUser(name="rita", password="long enough", role="reader"))
    assert set(shown(backend, "rita")) == {"", "m"}
    backend.call(SetGrant(user="rita", role="none", model="m"))
    assert set(shown(backend, "rita")) == {""}
    assert set(shown(backend, "root")) == {"", "m"}
