"""The trash: what is in it, and removing it for good.

Removal goes in three steps, so that it can be broken off and begun again at any moment: the rows are
*claimed* (nobody can restore them any more), whoever collects deletes the files, and the rows are
*purged*. Then the store is *swept* of what nobody uses any longer.
"""

from __future__ import annotations

import msgspec

from solvent.wire.base import Request, Wire, route


class Trashed(Wire):
    """One thing in the trash.

    ``kind`` is ``run``, ``logged_model`` or ``experiment``. ``location`` is its experiment's address,
    ``folder`` its own folder of files below that (empty for an experiment). ``deleted_time`` in
    milliseconds since 1970 (UTC). ``with_experiment``: it was not deleted itself and goes with its experiment. ``kept`` says why it can't be removed, empty if it can.
    """

    kind: str
    id: str
    name: str = ""
    experiment_id: str = ""
    location: str = ""
    folder: str = ""
    deleted_time: int | None = None
    with_experiment: bool = False
    kept: str = ""


class ListTrashResponse(Wire):
    items: list[Trashed] = msgspec.field(default_factory=list)
    next_page_token: str | None = None


@route("POST", "solvent/v1/trash/search")
class ListTrash(Request[ListTrashResponse]):
    """What was deleted at or before ``before`` (milliseconds since 1970; None: at any time).

    With any of the lists only what they name, and the runs and models of those experiments. Things
    that were claimed already are always part of it. Experiments come last.
    """

    before: int | None = None
    run_ids: list[str] | None = None
    experiment_ids: list[str] | None = None
    logged_model_ids: list[str] | None = None
    max_results: int | None = None
    page_token: str | None = None


class ClaimTrashResponse(Wire):
    """The ids that are claimed now, and what must stay, with the reason in ``kept``."""

    claimed: list[str] = msgspec.field(default_factory=list)
    kept: list[Trashed] = []


@route("POST", "solvent/v1/trash/claim")
class ClaimTrash(Request[ClaimTrashResponse]):
    """Take things out of reach: from now on they can't be restored. An experiment takes all that is in it along."""

    before: int | None = None
    run_ids: list[str] = []
    experiment_ids: list[str] = []
    logged_model_ids: list[str] = []


class PurgeTrashResponse(Wire):
    """``rows`` were removed; not ``done``: there is more to remove, ask again."""

    done: bool
    rows: int = 0


@route("POST", "solvent/v1/trash/purge")
class PurgeTrash(Request[PurgeTrashResponse]):
    """Remove the rows of claimed things; what is not claimed is left alone."""

    run_ids: list[str] = []
    experiment_ids: list[str] = []
    logged_model_ids: list[str] = []


class SweepStoreResponse(Wire):
    """Names and data sets that nobody used any more. Sizes in bytes; ``unused`` is room inside the file."""

    keys: int = 0
    datasets: int = 0
    size_before: int = 0
    size: int = 0
    unused: int = 0


@route("POST", "solvent/v1/trash/sweep")
class SweepStore(Request[SweepStoreResponse]):
    """Remove what nothing refers to; with ``vacuum`` the file is rewritten without unused room.

    A rewrite needs as much free disk as the file is large, and lets writers wait.
    """

    vacuum: bool = False


class SweepUploadsResponse(Wire):
    files: int = 0
    bytes: int = 0


@route("POST", "solvent/v1/trash/uploads")
class SweepUploads(Request[SweepUploadsResponse]):
    """Delete what broken-off uploads left, if it is at least ``min_age`` seconds old; with ``dry_run`` only count."""

    min_age: float = 86_400.0
    dry_run: bool = False
