"""What is wrong with an address that leads to no model: an error for each link that can be broken."""

from __future__ import annotations

from difflib import get_close_matches

from solvent.errors import InvalidInput, NotFound
from solvent.registry.announce import subject_of
from solvent.store import events, model_versions, models, registered_models
from solvent.store.model_versions import STAGES
from solvent.store.registered_models import ModelRow
from solvent.store.runs import RunRef
from solvent.store.transaction import Transaction

_SHOWN = 10
_NEAR = 3
_FORMS = (
    "models:/name/3, models:/name/Production, models:/name/latest, models:/name@alias, models:/m-... or runs:/id/path"
)


def no_address(uri: str) -> InvalidInput:
    return InvalidInput(f"'{uri[:200]}' is no address of a model: expected {_FORMS}")


def no_model(tx: Transaction, name: str) -> NotFound:
    near = get_close_matches(name, registered_models.readable_names(tx), _NEAR)
    hint = f"did you mean {_listed(near)}?" if near else "see 'solvent models list'"
    return NotFound(f"model '{name[:100]}' not found: {hint}")


def no_version(tx: Transaction, model: ModelRow, number: int, given: str) -> NotFound:
    if 1 <= number <= model.last_version:
        return NotFound(f"version {number} of '{model.name}' was deleted: {_there_are(tx, model)}")
    return NotFound(f"version {given[:64]} of '{model.name}' not found: {_there_are(tx, model)}")


def no_stage(model: ModelRow, given: str) -> InvalidInput:
    stages = ", ".join(STAGES)
    return InvalidInput(
        f"'{given[:100]}' is no version or stage of '{model.name}': expected a number, latest, {stages}"
    )


def empty_stage(tx: Transaction, model: ModelRow, stage: str) -> NotFound:
    """No version is in a stage, or, without a stage, there is none at all."""
    newest = model_versions.latest(tx, [model.id]).get(model.id, [])
    if not newest:
        return NotFound(f"'{model.name}' has no versions: register one")
    others = ", ".join(f"{version.current_stage} has version {version.version}" for version in newest)
    return NotFound(f"no version of '{model.name}' is in stage {stage}: {others}")


def no_alias(tx: Transaction, model: ModelRow, alias: str) -> NotFound:
    """An alias that is not there: it may have gone with its version, as the history knows."""
    there = [entry.alias for entry in registered_models.aliases(tx, [model.id]).get(model.id, [])]
    has = f"it has {_listed(there)}" if there else "it has none"
    for event in events.newest(tx, subject_of(model.id), kind="model_version.deleted", limit=1_000):
        if alias in event.body.get("aliases", ()):
            return NotFound(
                f"the alias '{alias}' of '{model.name}' pointed to version {event.body['version']}, which was deleted: "
                f"point it to another version ({has})"
            )
    return NotFound(f"'{model.name}' has no alias '{alias[:100]}': {has}")


def alias_to_nothing(model: ModelRow, alias: str, number: int) -> NotFound:
    return NotFound(
        f"the alias '{alias}' of '{model.name}' points to version {number}, which is not there: point it to another one"
    )


def deleted_run(run: RunRef) -> NotFound:
    return NotFound(f"run '{run.uuid}' is deleted: restore it first (solvent runs restore --run-id {run.uuid})")


def no_model_in_run(tx: Transaction, run: RunRef, path: str, folders: list[str]) -> NotFound:
    """No model lies at a path of a run. ``folders``: what does lie in the run."""
    logged = models.names_of_run(tx, run.uuid, run.experiment_id, _SHOWN + 1)
    there = list(dict.fromkeys([*logged, *folders]))
    holds = f"it has {_listed(there)}" if there else "it has no files"
    where = f"at '{path}' of run {run.uuid}" if path else f"at the root of run {run.uuid}"
    return NotFound(f"no model (no MLmodel file) {where}: {holds}")


def _there_are(tx: Transaction, model: ModelRow) -> str:
    numbers = model_versions.newest_numbers(tx, model.id, _SHOWN + 1)
    if not numbers:
        return "it has none"
    more = ", ..." if len(numbers) > _SHOWN else ""
    return f"there {'is' if len(numbers) == 1 else 'are'} {', '.join(map(str, numbers[:_SHOWN]))}{more}"


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
