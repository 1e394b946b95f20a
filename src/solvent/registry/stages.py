"""Use case of moving a version from stage to stage."""

from __future__ import annotations

from solvent.errors import Conflict, InvalidInput
from solvent.registry import lookup
from solvent.registry.announce import record
from solvent.registry.entities import version_response
from solvent.registry.moving import Move, before_move, moved, told
from solvent.registry.validation import stage_number
from solvent.store import model_versions, registered_models
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.operations import outside
from solvent.store.registered_models import ModelRow
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.registry import ModelVersionResponse, TransitionModelVersionStage

_ARCHIVED = STAGES.index("Archived")
_ACTIVE = ("Staging", "Production")


@outside(TransitionModelVersionStage)
def transition_stage(store: Store, request: TransitionModelVersionStage, actor: str) -> ModelVersionResponse:
    """Move a version to a stage; ``archive_existing_versions`` moves those that were there to Archived.

    Moves happen one after the other. One that names ``expected_stage`` or ``expected_current`` is refused if
    somebody else was first.

    Raises:
        Conflict: the version is not in the expected stage, or another one than expected is where it is to go.
        GateRefused: a gate asks for more than is known of the version.
    """
    return moved(store, _transition, request, actor)


def _transition(tx: Transaction, request: TransitionModelVersionStage) -> ModelVersionResponse:
    stage = stage_number(request.stage)
    archive = bool(request.archive_existing_versions)
    if archive and STAGES[stage] not in _ACTIVE:
        raise InvalidInput(
            "Model version transition cannot archive existing model versions because "
            f"'{request.stage}' is not an Active stage. Valid stages are {list(_ACTIVE)}"
        )
    model, version = lookup.version(tx, request.name, request.version)
    _check_stage(version, request.expected_stage)
    check_current(tx, model, stage, request.expected_current)
    return enter(tx, model, version, stage, request, archive=archive)


def enter(
    tx: Transaction, model: ModelRow, version: VersionRow, stage: int, request: Move, *, archive: bool, **why: str
) -> ModelVersionResponse:
    """Move a version to a stage, past the gate that stands before it; ``archive`` those that were there, for ``why``."""
    if version.stage != stage:
        before_move(tx, model, version, STAGES[stage], request)
    now, more = tx.now(), told(request)
    _move(tx, version.id, model.id, version.version, version.stage, stage, now, **more)
    if archive:
        for version_id, number in model_versions.in_stage(tx, model.id, stage):
            if version_id != version.id:
                replaced = {"replaced_by": str(version.version), **why, **more}
                _move(tx, version_id, model.id, number, stage, _ARCHIVED, now, **replaced)
    registered_models.touch(tx, model.id, now)
    return version_response(tx, model.id, version.version)


def check_current(tx: Transaction, model: ModelRow, stage: int, expected: str | None) -> None:
    """Refuse if another version than ``expected`` (empty: none) is the newest in a stage; None expects nothing."""
    if expected is None:
        return
    there = model_versions.in_stage(tx, model.id, stage)
    newest = str(there[-1][1]) if there else ""
    if newest != expected.strip():
        found = f"version {newest}" if newest else "no version"
        wanted = f"version {expected}" if expected.strip() else "none"
        raise Conflict(
            f"{found} of '{model.name}' is in {STAGES[stage]} now, not {wanted}: "
            "somebody was first; look at it again before you move anything"
        )


def _check_stage(version: VersionRow, expected: str | None) -> None:
    if expected is not None and stage_number(expected) != version.stage:
        raise Conflict(
            f"Version {version.version} of '{version.name}' is in stage {STAGES[version.stage]}, not in "
            f"{STAGES[stage_number(expected)]}: somebody moved it; look at it again before you move it"
        )


def _move(
    tx: Transaction, version_id: int, model_id: int, number: int, old: int, new: int, now: int, **more: str
) -> None:
    model_versions.set_stage(tx, version_id, new, now)
    if old != new:
        body = {"version": str(number), "from": STAGES[old], "to": STAGES[new], **more}
        record(tx, "model_version.stage", model_id, now, body)
