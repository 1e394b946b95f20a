"""The one way by which versions move to stages and aliases move to versions."""

from __future__ import annotations

from solvent.registry.gates import gate
from solvent.store import registered_models
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.registered_models import ModelRow
from solvent.store.transaction import Transaction
from solvent.wire.registry import SetRegisteredModelAlias, TransitionModelVersionStage


def before_move(
    tx: Transaction,
    model: ModelRow,
    version: VersionRow,
    target: str,
    request: TransitionModelVersionStage | SetRegisteredModelAlias,
) -> None:
    """Hold a move against its gate. What is there already does not move.

    Args:
        target: a stage, or ``@`` and an alias.

    Raises:
        GateRefused: something is missing (docs/gates.md).
    """
    if target.startswith("@"):
        there = registered_models.alias_version(tx, model.id, target[1:]) == version.version
    else:
        there = STAGES[version.stage] == target
    if not there:
        gate.hold(tx, model, version, target, override=request.override, reason=request.reason, origin=request.origin)
