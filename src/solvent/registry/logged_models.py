"""Use case of finishing a logged model: its files are there now, so they are looked at."""

from __future__ import annotations

from solvent.registry.inspection import Looked, check_safe, look
from solvent.registry.places import Place, of_logged_model
from solvent.store import model_files, models
from solvent.store.operations import outside
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import any_model
from solvent.tracking.models import final_status, finalize
from solvent.wire.base import Request, Wire
from solvent.wire.models import FinalizeLoggedModel, LoggedModelResponse

_READY = models.STATUSES["LOGGED_MODEL_READY"]


class _Planned(Wire):
    place: Place


class _Finalize(Request[LoggedModelResponse]):
    asked: FinalizeLoggedModel
    looked: Looked


@outside(FinalizeLoggedModel)
def finalize_logged_model(store: Store, request: FinalizeLoggedModel, actor: str) -> LoggedModelResponse:
    """Set the status; of a model that is READY, record what its files are.

    Raises:
        UnsafeModel: it runs code when it is loaded, and the server takes no such models.
    """
    if final_status(request) != _READY:
        return store.write(finalize, request, actor)
    looked = look(store.files, [store.read(_plan, request, actor).place])
    if looked.files or looked.facts.bytes:  # a model may be logged without files, as one that lives elsewhere
        check_safe(looked, f"the logged model {request.model_id}")
    return store.write(_finalize, _Finalize(asked=request, looked=looked), actor)


def _plan(tx: Transaction, request: FinalizeLoggedModel) -> _Planned:
    found = any_model(tx, request.model_id)
    return _Planned(place=of_logged_model(models.load_models(tx, [found.id])[0].info))


def _finalize(tx: Transaction, request: _Finalize) -> LoggedModelResponse:
    answer = finalize(tx, request.asked)
    looked = request.looked
    model_files.keep(tx, answer.model.info.model_id, looked.files, looked.facts, tx.now())
    return answer
