"""The door that each move goes through."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import PermissionDenied
from solvent.registry import aliases, stages
from solvent.registry.announce import record
from solvent.registry.gates.errors import GateRefused
from solvent.store.transaction import Transaction
from solvent.wire.registry import SetRegisteredModelAlias
from solvent.wire.registry_moves import RollbackModel
from tests.registry.helpers import history, make_model, move, version


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The (version, target) of each move that was asked about; all are let through."""
    seen: list[tuple[str, str]] = []

    def look(_: Transaction, __: Any, version: Any, target: str, ___: Any) -> None:
        seen.append((str(version.version), target))

    monkeypatch.setattr(stages, "before_move", look)
    monkeypatch.setattr(aliases, "before_move", look)
    return seen


def test_each_move_is_asked_about_once(backend: EmbeddedBackend, asked: list[tuple[str, str]]) -> None:
    make_model(backend, versions=2)
    for number in "12":
        move(backend, number, "production", archive_existing_versions=True)
        backend.call(SetRegisteredModelAlias(name="m", alias="champion", version=number))
    backend.call(RollbackModel(name="m"))
    moves = [("1", "Production"), ("1", "@champion"), ("2", "Production"), ("2", "@champion"), ("1", "Production")]
    assert asked == moves


def test_what_is_there_already_is_not_asked_about(backend: EmbeddedBackend, asked: list[tuple[str, str]]) -> None:
    make_model(backend, versions=1)
    for _ in range(2):
        move(backend, "1", "Staging")
        backend.call(SetRegisteredModelAlias(name="m", alias="a", version="1"))
    assert asked == [("1", "Staging"), ("1", "@a")]


def test_a_refusal_moves_nothing_and_is_recorded(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(tx: Transaction, model: Any, version: Any, target: str, _: Any) -> None:
        record(tx, "gate.missing", model.id, 1, {})
        body = {"version": str(version.version), "target": target}
        raise GateRefused("a card is missing", model.id, body)

    make_model(backend, versions=1)
    before = history(backend)
    monkeypatch.setattr(stages, "before_move", refuse)
    with pytest.raises(PermissionDenied, match=r"^a card is missing$"):
        move(backend, "1", "Production")
    assert version(backend).current_stage == "None"
    assert history(backend) == [*before, ("gate.refused", {"version": "1", "target": "Production"})]
