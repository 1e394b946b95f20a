"""Use case of a registered model's history: who moved what, when, from where, and why."""

from __future__ import annotations

from solvent.errors import InvalidInput
from solvent.registry import lookup
from solvent.registry.announce import subject_of
from solvent.registry.search_parts import limit
from solvent.registry.validation import version_number
from solvent.search.token import decode_token, encode_token, fingerprint
from solvent.store import events
from solvent.store.events import Event
from solvent.store.operations import reads
from solvent.store.registered_models import ModelRow
from solvent.store.transaction import Transaction
from solvent.wire.model_history import GetModelHistory, GetModelHistoryResponse, ModelEvent

MAX_RESULTS_DEFAULT = 100
MAX_RESULTS = 1_000


@reads(GetModelHistory)
def get_model_history(tx: Transaction, request: GetModelHistory) -> GetModelHistoryResponse:
    """The events of a model, or of one version of it, newest first; those of a deleted version are kept.

    Raises:
        NotFound: there is no such model, or it never had that version.
    """
    size = limit(request.max_results, MAX_RESULTS_DEFAULT, MAX_RESULTS)
    model = lookup.model(tx, request.name)
    version = _version(tx, model, request.version) if request.version else None
    asked = fingerprint("model history", model.id, version)
    before = _place(request.page_token, asked)
    found = events.newest(tx, subject_of(model.id), before=before, limit=size + 1, version=version)
    token = encode_token(asked, [found[size - 1].id]) if len(found) > size else None
    return GetModelHistoryResponse(events=[_entity(event) for event in found[:size]], next_page_token=token)


def _version(tx: Transaction, model: ModelRow, given: str) -> str:
    number = version_number(given)
    if not 1 <= number <= model.last_version:
        lookup.version(tx, model.name, given)
    return str(number)


def _place(token: str | None, asked: bytes) -> int | None:
    if not token:
        return None
    (before,) = decode_token(token, asked, 1)
    if not isinstance(before, int):
        raise InvalidInput("Invalid page token: expected the next_page_token of an earlier answer")
    return before


def _entity(event: Event) -> ModelEvent:
    said = {name: str(text) for name in ("version", "origin", "reason") if (text := event.body.get(name)) is not None}
    return ModelEvent(id=event.id, time=event.time, kind=event.kind, actor=event.actor, body=event.body, **said)
