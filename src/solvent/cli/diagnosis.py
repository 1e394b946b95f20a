"""What ``solvent doctor`` looks at: one function per subject, each of which changes nothing."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from solvent import __version__, settings
from solvent.cli.output import readable_size
from solvent.errors import SolventError

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend

OK, WARN, FAIL = "OK", "WARN", "FAIL"

LEAST_FREE = 100 << 20
LITTLE_FREE = 1 << 30
LARGE_LOG = 256 << 20
SLOW_SYNC_SECONDS = 0.05
STALE_SECONDS = 24 * 3600.0
CLOCK_SECONDS = 5.0
_EXTRAS = {
    "data": ("duckdb", "numpy", "scipy"),
    "debt": ("ruff", "libcst"),
    "postgres": ("psycopg",),
    "s3": ("obstore",),
}
_MOST_RUNS = 1_000


class Check(NamedTuple):
    """One thing that was looked at. ``remedy`` says what to do, empty if nothing."""

    name: str
    verdict: str
    says: str
    remedy: str = ""


def diagnose(uri: str | None, *, mark_lost: bool = False) -> Iterator[Check]:
    """All checks, in the order in which they are shown. ``mark_lost`` ends the runs whose runner has died."""
    yield Check("version", OK, f"Solvent {__version__}, Python {sys.version.split()[0]}")
    yield from extras()
    yield page()
    yield from environments()
    yield from spool(settings.home() / "spool")
    address = settings.tracking_uri(uri)
    if address and address.startswith(("http://", "https://")):
        yield from server(address, mark_lost=mark_lost)
        return
    try:
        from solvent.backend.resolve import database_file

        database = database_file(address)
    except SolventError as error:
        yield Check("tracking URI", FAIL, str(error), "set SOLVENT_TRACKING_URI or --tracking-uri")
        return
    yield from folder(database.parent)
    yield from store(database, mark_lost=mark_lost)


def extras() -> Iterator[Check]:
    installed = [name for name, modules in _EXTRAS.items() if all(map(find_spec, modules))]
    others = [name for name in _EXTRAS if name not in installed]
    says = f"installed: {', '.join(installed) or 'none'}"
    yield Check("extras", OK, f"{says}; for more: pip install 'solvent[{','.join(others)}]'" if others else says)


def page() -> Check:
    from solvent.server.page import built_page

    if (built_page() / "index.html").is_file():
        return Check("page", OK, "built")
    return Check(
        "page", WARN, "not built in this installation", "pip install . in a checkout, or install a released wheel"
    )


def environments() -> Iterator[Check]:
    """The cache of project environments."""
    from solvent.settings import cache_folder

    place = cache_folder()
    if not place.exists():
        yield Check("environment cache", OK, f"{place} is not there yet: the first project that needs it makes it")
    elif not os.access(place, os.W_OK | os.X_OK):
        yield Check(
            "environment cache",
            FAIL,
            f"{place} can't be written",
            "change its permissions, or name another with SOLVENT_CACHE",
        )
    else:
        count = sum(1 for entry in os.scandir(place) if entry.is_dir())
        yield Check("environment cache", OK, f"{place} holds {count} folders and can be deleted at any time")


def spool(place: Path) -> Iterator[Check]:
    """What was logged and is not delivered, and what was refused."""
    waiting = [file for file in _files(place) if file.suffix == ".jsonl" and not file.name.endswith(".rejected.jsonl")]
    refused = [file for file in _files(place) if file.name.endswith(".rejected.jsonl")]
    idle = [file for file in waiting if not _is_held(file)]
    if idle:
        size = readable_size(sum(file.stat().st_size for file in idle))
        yield Check(
            "spool",
            WARN,
            f"{len(idle)} spools ({size}) in {place} are not delivered, and their processes have ended",
            "run 'solvent sync'",
        )
    else:
        yield Check("spool", OK, "nothing waits" if not waiting else f"{len(waiting)} spools are being written or sent")
    if refused:
        says = f"{len(refused)} files of records that the store refused lie in {place}"
        yield Check("refused records", WARN, says, f"read why in {refused[0].name}, then delete them")


def folder(place: Path) -> Iterator[Check]:
    """Permissions, room and speed of the folder that holds the store."""
    if not place.exists():
        yield Check("folder", OK, f"{place} is not there yet: the first command that needs it makes it")
        return
    if not os.access(place, os.W_OK | os.X_OK):
        yield Check("folder", FAIL, f"{place} can't be written", f"change its owner or permissions: ls -ld {place}")
        return
    open_to_all = place.stat().st_mode & 0o002
    yield (
        Check("folder", WARN, f"anybody on this machine may write to {place}", f"chmod o-w {place}")
        if open_to_all
        else Check("folder", OK, f"{place} can be written")
    )
    free = shutil.disk_usage(place).free
    verdict = FAIL if free < LEAST_FREE else WARN if free < LITTLE_FREE else OK
    yield Check(
        "disk",
        verdict,
        f"{readable_size(free)} free",
        "" if verdict == OK else "free some space: 'solvent gc --vacuum'",
    )
    seconds = _sync_seconds(place)
    slow = seconds > SLOW_SYNC_SECONDS
    yield Check(
        "sync",
        WARN if slow else OK,
        f"a sync to the disk takes {seconds * 1000:.1f} ms",
        "use a faster disk, or SOLVENT_STORE_SYNCHRONOUS=NORMAL if a power cut may take the last moments"
        if slow
        else "",
    )
    newest = max((entry.stat().st_mtime for entry in os.scandir(place)), default=0.0)
    if newest > time.time() + CLOCK_SECONDS:
        yield Check("clock", WARN, "files of the store are from the future", "set this machine's clock (NTP)")
    else:
        yield Check("clock", OK, time.strftime("%Y-%m-%d %H:%M:%S %z"))


def store(database: Path, *, mark_lost: bool = False) -> Iterator[Check]:
    """The database: whose it is, whether it is sound, how large it is, and its runs."""
    from solvent.backend.resolve import open_embedded
    from solvent.store.backup import verify
    from solvent.store.database import migrations

    if not database.exists():
        yield Check("database", OK, f"{database} is not there yet: the first command that needs it makes it")
        return
    try:
        version = verify(database)
    except SolventError as error:
        yield Check("database", FAIL, str(error), "'solvent db restore BACKUP' puts a backup in its place")
        return
    known = len(migrations())
    if version < known:
        yield Check(
            "database",
            WARN,
            f"{database} has schema version {version}, this Solvent {known}",
            "run 'solvent db upgrade'",
        )
        return
    try:
        backend = open_embedded(str(database))
    except SolventError as error:
        yield Check("database", FAIL, str(error))
        return
    try:
        size = backend.store.size()
        yield Check("database", OK, f"{database}, schema version {version}, {readable_size(size.file)}, sound")
        if size.log > LARGE_LOG:
            says = f"the write-ahead log has {readable_size(size.log)}: something reads for very long"
            yield Check("write-ahead log", WARN, says, "look for a command that hangs, then start the server again")
        if size.unused > size.file // 2 and size.unused > LARGE_LOG:
            says = f"{readable_size(size.unused)} inside the database are unused"
            yield Check("unused room", WARN, says, "'solvent gc --vacuum' gives them back")
        yield lost_runs(backend, mark=mark_lost)
        yield stale_runs(backend)
    finally:
        backend.close()


def server(address: str, *, mark_lost: bool = False) -> Iterator[Check]:
    """Whether the server answers, what it is, and how far apart the clocks are."""

    from solvent.backend.resolve import connect
    from solvent.http import HttpSession

    session = HttpSession(address, read_seconds=10)
    try:
        session.send("GET", "/health")
        answer = session.send("GET", "/version")
        yield Check("tracking URI", OK, f"{session.url} answers, version {answer.decode('utf-8', 'replace')[:40]}")
    except SolventError as error:
        yield Check("tracking URI", FAIL, str(error), "start the server, or set SOLVENT_TRACKING_URI to one that runs")
        return
    finally:
        session.close()
    backend = connect(address)
    try:
        yield lost_runs(backend, mark=mark_lost)
        yield stale_runs(backend)
    except SolventError as error:
        yield Check("access", FAIL, str(error), "set SOLVENT_TRACKING_TOKEN, or the user and password")
    finally:
        backend.close()


def lost_runs(backend: Backend, *, mark: bool) -> Check:
    """Project runs whose runner has died without ending them."""
    from solvent.projects.lost import end_lost, find_lost

    lost = find_lost(backend)
    if not lost:
        return Check("lost runs", OK, "no runner of a run has died")
    if mark:
        ended = sum(end_lost(backend, one) for one in lost)
        return Check(
            "lost runs", OK, f"{ended} were ended as FAILED, such as {lost[0].run.info.run_id}: {lost[0].reason}"
        )
    says = f"{len(lost)} say that they run, such as {lost[0].run.info.run_id}: {lost[0].reason}"
    return Check("lost runs", WARN, says, "'solvent doctor --mark-lost' ends them as FAILED")


def stale_runs(backend: Backend) -> Check:
    """Runs that say they are running and have been silent for a day."""
    from solvent.projects.runner import last_alive
    from solvent.wire.experiments import SearchExperiments
    from solvent.wire.runs import SearchRuns

    ids = [one.experiment_id for one in backend.call(SearchExperiments(max_results=_MOST_RUNS)).experiments]
    running = backend.call(
        SearchRuns(experiment_ids=ids, filter="attributes.status = 'RUNNING'", max_results=_MOST_RUNS)
    ).runs
    border = (time.time() - STALE_SECONDS) * 1000
    silent = [
        run.info.run_id
        for run in running
        if max(
            [run.info.start_time or 0, last_alive(run) or 0, *(metric.timestamp or 0 for metric in run.data.metrics)]
        )
        < border
    ]
    if not silent:
        return Check("running runs", OK, f"{len(running)} are running")
    says = f"{len(silent)} of {len(running)} runs that are RUNNING have logged nothing for a day, such as {silent[0]}"
    return Check("running runs", WARN, says, "their processes have probably died: end or delete them")


def _files(place: Path) -> list[Path]:
    return sorted(file for file in place.iterdir() if file.is_file()) if place.is_dir() else []


def _is_held(spool: Path) -> bool:
    """Whether its process lives."""
    from solvent.client.spool.spool import try_lock

    descriptor = os.open(spool, os.O_RDONLY)
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


def _sync_seconds(place: Path) -> float:
    """The median time of five small synced writes."""
    import tempfile

    times = []
    with tempfile.TemporaryFile(dir=place) as file:
        for _ in range(5):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return sorted(times)[2]
