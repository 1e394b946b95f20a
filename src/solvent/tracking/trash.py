"""Use cases of the trash: listing it, claiming what is in it, removing the rows, sweeping what is left over."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from solvent.errors import InvalidInput, NotFound
from solvent.store import experiments, model_files, models, runs, trash
from solvent.store.addresses import join
from solvent.store.operations import outside, reads, writes
from solvent.store.store import Store
from solvent.store.transaction import Row, Transaction
from solvent.store.trash import Choice
from solvent.tracking.validation import experiment_number, invalid
from solvent.wire.trash import (
    ClaimTrash,
    ClaimTrashResponse,
    ListTrash,
    ListTrashResponse,
    PurgeTrash,
    PurgeTrashResponse,
    SweepStore,
    SweepStoreResponse,
    Trashed,
)

MAX_LISTED = 1_000
MAX_CLAIMED = 1_000
_ALWAYS = 2**62
_PATIENCE_SECONDS = 1.0
"""How long one request removes rows before it answers that there are more."""
_KEYS_AT_ONCE = 100
_TOKEN = re.compile(r"([rme])(\d{1,18})")
_KINDS = {"r": "run", "m": "logged_model", "e": "experiment"}
_LISTINGS = {"r": trash.runs, "m": trash.logged_models, "e": trash.experiments}


@reads(ListTrash)
def list_trash(tx: Transaction, request: ListTrash) -> ListTrashResponse:
    choice = _choice(request)
    if not request.page_token:
        _check_named(tx, choice)
    limit = MAX_LISTED if request.max_results is None else request.max_results
    if not 0 < limit <= MAX_LISTED:
        raise invalid("max_results", limit, f"it must be from 1 to {MAX_LISTED}")
    order, after = _place(request.page_token)
    found: list[Trashed] = []
    for kind in "rme"["rme".index(order) :]:
        rows = _LISTINGS[kind](tx, choice, after, limit - len(found))
        found += _entities(tx, kind, rows)
        if len(found) == limit:
            return ListTrashResponse(items=_with_reasons(tx, found), next_page_token=f"{kind}{rows[-1][0]}")
        after = -1
    return ListTrashResponse(items=_with_reasons(tx, found))


@writes(ClaimTrash)
def claim_trash(tx: Transaction, request: ClaimTrash) -> ClaimTrashResponse:
    """What is not in the trash any more, or must stay, is not claimed."""
    if len(request.run_ids) + len(request.logged_model_ids) + len(request.experiment_ids) > MAX_CLAIMED:
        raise InvalidInput(f"at most {MAX_CLAIMED:,} things are claimed at once: ask in parts")
    choice = _choice(request)
    items = [
        item
        for kind, rows in (
            ("r", trash.runs(tx, choice._replace(experiment_ids=()), -1, MAX_CLAIMED)),
            ("m", trash.logged_models(tx, choice._replace(experiment_ids=()), -1, MAX_CLAIMED)),
            ("e", trash.experiments(tx, choice, -1, MAX_CLAIMED)),
        )
        for item in _entities(tx, kind, rows)
        if not item.with_experiment
    ]
    items = _with_reasons(tx, items)
    free = [item for item in items if not item.kept]
    trash.claim_runs(tx, _ids(free, "run"))
    trash.claim_models(tx, _ids(free, "logged_model"))
    for experiment in _ids(free, "experiment"):
        trash.claim_experiment(tx, int(experiment))
    return ClaimTrashResponse(claimed=[item.id for item in free], kept=[item for item in items if item.kept])


@outside(PurgeTrash)
def purge_trash(store: Store, request: PurgeTrash, _: str) -> PurgeTrashResponse:
    """The rows go in slices, between which others write."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    rows = 0
    for removed in _slices(store, request):
        rows += removed
        if time.monotonic() > deadline:
            return PurgeTrashResponse(done=False, rows=rows)
        time.sleep(0.001)  # lets the thread that waits for the lock have it
    return PurgeTrashResponse(done=True, rows=rows)


@outside(SweepStore)
def sweep_store(store: Store, request: SweepStore, _: str) -> SweepStoreResponse:
    before = store.size()
    datasets = store.maintain(trash.remove_unused_datasets)
    unused = store.snapshot(trash.unused_keys)
    keys = 0
    for start in range(0, len(unused), _KEYS_AT_ONCE):
        part = unused[start : start + _KEYS_AT_ONCE]
        keys += store.maintain(partial(trash.remove_unused_keys, keys=part))
    if request.vacuum:
        store.vacuum()
    size = store.size()
    return SweepStoreResponse(keys=keys, datasets=datasets, size_before=before.file, size=size.file, unused=size.unused)


def _slices(store: Store, request: PurgeTrash) -> Iterator[int]:
    """Removes one slice after the other; how many rows each had."""
    while removed := store.maintain(
        lambda tx: trash.remove_points(tx, trash.claimed_rows(tx, "runs", request.run_ids), trash.SLICE_ROWS)
    ):
        yield removed
    for table, ids in (("runs", request.run_ids), ("logged_models", request.logged_model_ids)):
        if removed := store.maintain(partial(_remove_claimed, table=table, ids=ids)):
            yield removed
    if removed := store.maintain(lambda tx: _remove_experiments(tx, request.experiment_ids)):
        yield removed


def _remove_claimed(tx: Transaction, table: str, ids: Sequence[str]) -> int:
    rows = trash.claimed_rows(tx, table, ids)
    if table == "logged_models":
        model_files.forget(tx, [info.info.model_id for info in models.load_models(tx, rows)])
    return trash.remove(tx, table, rows)


def _remove_experiments(tx: Transaction, ids: Sequence[str]) -> int:
    """Those in which nothing is left."""
    numbers = [experiment_number(given) for given in ids]
    empty = [
        row
        for row in trash.claimed_rows(tx, "experiments", [str(number) for number in numbers])
        if not trash.has_runs_or_models(tx, row)
    ]
    return trash.remove(tx, "experiments", empty)


def _choice(request: ListTrash | ClaimTrash) -> Choice:
    numbers = request.experiment_ids
    return Choice(
        before=_ALWAYS if request.before is None else request.before,
        run_ids=request.run_ids,
        model_ids=request.logged_model_ids,
        experiment_ids=None if numbers is None else [experiment_number(given) for given in numbers],
    )


def _check_named(tx: Transaction, choice: Choice) -> None:
    """Whoever names a thing is told if it is not there, alive, or not old enough."""
    due = choice._replace(run_ids=choice.run_ids or (), model_ids=choice.model_ids or ())
    for what, ids, find, rows in (
        ("Run", choice.run_ids, runs.find, trash.runs),
        ("Logged model", choice.model_ids, models.find, trash.logged_models),
        ("Experiment", choice.experiment_ids, experiments.by_id, trash.experiments),
    ):
        if not ids:
            continue
        found = {str(row[1]) for row in rows(tx, due, -1, -1)}
        for given in map(str, ids):
            if given not in found and (what, given) != ("Experiment", "0"):
                raise _not_due(tx, what, given, find)


def _not_due(tx: Transaction, what: str, given: str, find: Any) -> InvalidInput | NotFound:
    thing = find(tx, int(given) if what == "Experiment" else given)
    if thing is None:
        return NotFound(f"{what} with id={given} not found: it may have been removed already")
    alive = not thing.deleted if what != "Experiment" else thing.lifecycle_stage == "active"
    if alive:
        return InvalidInput(
            f"{what} {given} is not in the trash, and only what is in the trash is removed: delete it first"
        )
    if what == "Experiment" and (run := trash.active_run(tx, int(given))):
        return InvalidInput(f"Experiment {given} is in the trash, but its run {run} is not: delete that run first")
    return InvalidInput(f"{what} {given} has not been in the trash for that long: wait, or ask for a shorter time")


def _place(token: str | None) -> tuple[str, int]:
    if not token:
        return "r", -1
    matched = _TOKEN.fullmatch(token)
    if not matched:
        raise invalid("page_token", token, "give the next_page_token of the page before")
    return matched[1], int(matched[2])


def _entities(tx: Transaction, kind: str, rows: Iterable[Row]) -> list[Trashed]:
    return [
        Trashed(
            kind=_KINDS[kind],
            id=str(uuid),
            name=name,
            experiment_id=str(experiment),
            location=location or f"{tx.artifact_root}{experiment}",
            folder={"r": f"{uuid}/artifacts", "m": f"models/{uuid}/artifacts", "e": ""}[kind],
            deleted_time=deleted,
            with_experiment=bool(implied),
            kept=f"its files are at {own}, not in a folder of its own" if own else "",
        )
        for _, uuid, name, experiment, location, own, deleted, implied in rows
    ]


def _ids(items: Iterable[Trashed], kind: str) -> list[str]:
    return [item.id for item in items if item.kind == kind]


def _with_reasons(tx: Transaction, items: list[Trashed]) -> list[Trashed]:
    """The same items; those whose files somebody alive still needs say so in ``kept``."""
    holders: dict[str, str] = {}
    for versions, kind in ((trash.versions_of_runs, "run"), (trash.versions_of_models, "logged_model")):
        places = {item.id: join(item.location, item.folder) for item in items if item.kind == kind}
        for owner, name, version, place in versions(tx, places):
            if _lies_in(place, places[owner], kind, owner):
                holders[owner] = (
                    f"version {version} of the registered model '{name}' keeps its files there: delete the version first"
                )
    inside = _folders_above_experiments(tx)
    for item in items:
        if item.kind == "experiment":
            held = trash.version_in_experiment(tx, int(item.id))
            if held:
                item.kept = f"version {held[1]} of the registered model '{held[0]}' keeps its files there: delete the version first"
        elif item.id in holders:
            item.kept = holders[item.id]
        elif other := inside.get(join(item.location, item.folder)):
            item.kept = f"experiment {other} keeps its files inside its folder"
    return items


def _lies_in(place: str, folder: str, kind: str, owner: str) -> bool:
    if kind == "run" and re.match(rf"runs:/+{re.escape(owner)}(/|$)", place):
        return True
    if kind == "logged_model" and place.partition("?")[0].rstrip("/") == f"models:/{owner}":
        return True
    return place == folder or place.startswith(folder + "/")


def _folders_above_experiments(tx: Transaction) -> dict[str, int]:
    """Every folder in which an experiment's own location lies, with that experiment."""
    above: dict[str, int] = {}
    for number, location in trash.locations(tx):
        parts = location.rstrip("/").split("/")
        for length in range(1, len(parts) + 1):
            above["/".join(parts[:length])] = number
    return above
