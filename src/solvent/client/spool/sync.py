"""Sending what processes that are gone have left: ``solvent sync``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from solvent.client.spool.errors import RunNotThere
from solvent.client.spool.lane import Lane, adopt
from solvent.client.spool.spool import SUFFIX
from solvent.errors import SolventError


class SyncReport(NamedTuple):
    """What a sync did.

    ``spools`` were looked at, of which ``failed`` could not be delivered, each with the reason, and
    ``live`` belong to processes that are running and send for themselves. ``records`` and ``files``
    were delivered, ``rejected`` were refused by the store and lie beside the spool. ``lost`` runs, whose
    process had died without ending them, were ended as FAILED.
    """

    spools: int
    live: int
    records: int
    files: int
    rejected: int
    lost: int
    failed: dict[str, str]


Progress = Callable[[str, int], None]


def sync(*homes: Path, to: str | None = None, progress: Progress | None = None) -> SyncReport:
    """Deliver all spools in ``<home>/spool`` whose process is gone, oldest first.

    Args:
        homes: the folder that ``SOLVENT_HOME`` names, ``.solvent`` by default, and others that may hold a spool.
        to: the destination of all of them, instead of the one that each is addressed to.
        progress: called after each batch with the spool's name and the records delivered of it so far.
    """
    failed: dict[str, str] = {}
    lanes: dict[str, Lane] = {}
    total = 0
    for folder in (home / "spool" for home in homes):
        total += sum("." not in path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))
        lanes |= adopt(folder, (), failed, to=to)
    live = total - len(lanes) - len(failed)
    waiting = lanes
    mark = -1
    while waiting and mark != (mark := _delivered(lanes)):
        waiting = _turn(waiting, progress, failed, patient=True)
    # Only a running process could still open the runs that the rest is waiting for.
    for name, lane in _turn(waiting, progress, failed, patient=live > 0).items():
        failed[name] = str(lane.error)
        lane.close()
    deliveries = [lane.delivery for lane in lanes.values()]
    return SyncReport(
        spools=total,
        live=live,
        records=sum(delivery.sent for delivery in deliveries),
        files=sum(delivery.files_done for delivery in deliveries),
        rejected=sum(delivery.rejected for delivery in deliveries),
        lost=sum(lane.lost for lane in lanes.values()),
        failed=failed,
    )


def _turn(
    lanes: dict[str, Lane], progress: Progress | None, failed: dict[str, str], *, patient: bool
) -> dict[str, Lane]:
    """Deliver what can be; the lanes that wait for a run that another spool opens, which may come later."""
    waiting = {}
    for name, lane in lanes.items():
        try:
            while lane.delivery.step(patient=patient):
                if progress is not None:
                    progress(name, lane.delivery.sent)
            lane.conclude()
            lane.remove_if_finished()
        except RunNotThere as error:
            lane.error = error
            waiting[name] = lane
        except (SolventError, OSError) as error:
            failed[name] = str(error)
            lane.close()
    return waiting


def _delivered(lanes: dict[str, Lane]) -> int:
    return sum(lane.delivery.sent + lane.delivery.files_done for lane in lanes.values())
