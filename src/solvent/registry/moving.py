"""The one door through which versions enter stages and aliases come to point to versions.

Each of these moves is asked about here, in its own transaction, before anything is written: so no client can go
around a gate, and what the gate saw is what holds when the version moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from solvent.registry.announce import record
from solvent.registry.gates import gate
from solvent.registry.gates.errors import GateRefused
from solvent.registry.validation import MAX_TEXT
from solvent.store.model_versions import VersionRow
from solvent.store.registered_models import ModelRow
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.tracking.validation import check_length
from solvent.wire.base import Empty, Request, Wire
from solvent.wire.registry import SetRegisteredModelAlias, TransitionModelVersionStage
from solvent.wire.registry_moves import RollbackModel

Move = TransitionModelVersionStage | SetRegisteredModelAlias | RollbackModel
Q = TypeVar("Q", bound=Request[Any])
R = TypeVar("R", bound=Wire)


class _Refusal(Request[Empty]):
    model_id: int
    body: dict[str, Any]


def before_move(tx: Transaction, model: ModelRow, version: VersionRow, target: str, request: Move) -> None:
    """Return if the version may move to ``target`` (a stage, or ``@alias``); it is not there yet.

    What is recorded here is kept with the move.

    Raises:
        GateRefused: it may not; the message lists all that is missing (docs/gates.md).
    """
    said = told(request)
    gate.hold(tx, model, version, target, override=request.override, said=said)


def moved(store: Store, use_case: Callable[[Transaction, Q], R], request: Q, actor: str) -> R:
    """The answer of a use case that moves something.

    A refused move is rolled back with all that it wrote, so the event that it was refused is written afterwards.
    """
    try:
        return store.write(use_case, request, actor)
    except GateRefused as refused:
        store.write(_record_refusal, _Refusal(model_id=refused.model_id, body=refused.body), actor)
        raise


def told(request: Any) -> dict[str, str]:
    """What a request says of itself for the history: why, from where, and past which gate; without what it leaves out."""
    given = {name: getattr(request, name, None) for name in ("reason", "origin", "override")}
    return {name: check_length(name, text, MAX_TEXT) for name, text in given.items() if text}


def _record_refusal(tx: Transaction, refusal: _Refusal) -> Empty:
    record(tx, "gate.refused", refusal.model_id, tx.now(), refusal.body)
    return Empty()
