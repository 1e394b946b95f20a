"""Use case of moving a version from stage to stage."""

from __future__ import annotations

from solvent.errors import Conflict, InvalidInput
from solvent.registry import lookup
from solvent.registry.announce import record
from solvent.registry.entities import version_response
from solvent.registry.moving import before_move
from solvent.registry.validation import stage_number
from solvent.store import model_versions, registered_models
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.operations import writes
from solvent.store.transaction import Transaction
from solvent.wire.registry import ModelVersionResponse, TransitionModelVersionStage

_ARCHIVED = STAGES.index("Archived")
_ACTIVE = ("Staging", "Production")


@writes(TransitionModelVersionStage)
def transition_stage(tx: Transaction, request: TransitionModelVersionStage) -> ModelVersionResponse:
    """Move a version to a stage; ``archive_existing_versions`` moves those that were there to Archived.

    Moves happen one after the other. One that names ``expected_stage`` is refused if somebody else
    was first.

    Raises:
        Conflict: the version is not in the expected stage.
    """
    stage = stage_number(request.stage)
    archive = bool(request.archive_existing_versions)
    if archive and STAGES[stage] not in _ACTIVE:
        raise InvalidInput(
            "Model version transition cannot archive existing model versions because "
            f"'{request.stage}' is not an Active stage. Valid stages are {list(_ACTIVE)}"
        )
    model, version = lookup.version(tx, request.name, request.version)
    _check_expected(version, request.expected_stage)
    before_move(tx, model, version, STAGES[stage], request)
    now = tx.now()
    _move(tx, version.id, version.model_id, version.version, version.stage, stage, now)
    if archive:
        for version_id, number in model_versions.in_stage(tx, model.id, stage):
            if version_id != version.id:
                _move(tx, version_id, model.id, number, stage, _ARCHIVED, now, replaced_by=str(version.version))
    registered_models.touch(tx, model.id, now)
    return version_response(tx, model.id, version.version)


def _check_expected(version: VersionRow, expected: str | None) -> None:
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
