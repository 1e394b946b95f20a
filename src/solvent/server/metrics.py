"""What Prometheus reads at ``/metrics``: counts and times of requests and commits, and the sizes of things.

With several worker processes each one leaves its counts in a file of a common folder every second,
and whoever is asked adds them up; the counts of a worker that died stay part of the sum.
"""

from __future__ import annotations

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil

import solvent
from solvent.store.store import Store

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
GROUP_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SHARE_SECONDS = 1.0


class Histogram(msgspec.Struct):
    """``counts`` per bucket, the last one for what is beyond all bounds; ``total`` is the sum of all values."""

    counts: list[int]
    total: float = 0.0

    def add(self, bounds: tuple[float, ...], value: float) -> None:
        self.counts[bisect_left(bounds, value)] += 1
        self.total += value

    def merge(self, other: Histogram) -> None:
        self.counts = [mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True)]
        self.total += other.total


def _histogram(bounds: tuple[float, ...]) -> Histogram:
    return Histogram([0] * (len(bounds) + 1))


class Counts(msgspec.Struct):
    """What one process has counted. Requests by "method route status", times by route."""

    requests: dict[str, int] = {}
    bytes: int = 0
    running: int = 0
    waiting: int = 0
    seconds: dict[str, Histogram] = {}
    groups: Histogram = msgspec.field(default_factory=lambda: _histogram(GROUP_SIZES))
    commits: Histogram = msgspec.field(default_factory=lambda: _histogram(SECONDS))
    memory: int = 0
    processor: float = 0.0

    def merge(self, other: Counts) -> None:
        for key, count in other.requests.items():
            self.requests[key] = self.requests.get(key, 0) + count
        for route, histogram in other.seconds.items():
            self.seconds.setdefault(route, _histogram(SECONDS)).merge(histogram)
        self.groups.merge(other.groups)
        self.commits.merge(other.commits)
        self.bytes += other.bytes
        self.running += other.running
        self.waiting += other.waiting
        self.memory += other.memory
        self.processor += other.processor


class Metrics:
    """Counts of this process. Requests are counted in the event loop, groups in the thread that wrote them, one at a time.

    ``folder`` is where the workers of one server share theirs; None if there is only this one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.counts = Counts()
        self._started = time.time()
        self._process = psutil.Process()
        self._folder = folder
        self._own = f"{os.getpid()}.json"
        self._stopped = threading.Event()
        if folder is not None:
            threading.Thread(target=self._share, name="solvent-metrics", daemon=True).start()

    def request(self, method: str, route: str, status: int, seconds: float, size: int) -> None:
        counts = self.counts
        key = f"{method if method in _METHODS else 'other'} {route} {status}"
        counts.requests[key] = counts.requests.get(key, 0) + 1
        counts.bytes += size
        histogram = counts.seconds.get(route)
        if histogram is None:
            histogram = counts.seconds[route] = _histogram(SECONDS)
        histogram.add(SECONDS, seconds)

    def group(self, size: int, seconds: float) -> None:
        """A group of ``size`` writes was committed; the commit took ``seconds``."""
        self.counts.groups.add(GROUP_SIZES, size)
        self.counts.commits.add(SECONDS, seconds)

    def text(self, store: Store, waiting: int) -> bytes:
        """The answer to Prometheus; ``waiting`` writes are in this process's queue."""
        counts = self._now(waiting)
        whole = Counts()
        whole.merge(counts)
        for other in self._others():
            whole.merge(other)
        size = store.size()
        lines = [
            *_family(
                "solvent_build_info", "gauge", "The version that runs.", [(f'{{version="{solvent.__version__}"}}', 1)]
            ),
            *_requests(whole),
            *_family("solvent_response_bytes_total", "counter", "Bytes of answers' bodies.", [("", whole.bytes)]),
            *_family("solvent_requests_running", "gauge", "Requests that are being answered.", [("", whole.running)]),
            *_family("solvent_writer_queue", "gauge", "Writes that wait for the writer.", [("", whole.waiting)]),
            *_distribution("solvent_writer_group_size", "Writes per commit.", GROUP_SIZES, {"": whole.groups}),
            *_distribution(
                "solvent_commit_seconds", "Time of a commit, its sync included.", SECONDS, {"": whole.commits}
            ),
            *_family("solvent_database_bytes", "gauge", "Size of the database file.", [("", size.file)]),
            *_family(
                "solvent_database_unused_bytes", "gauge", "Room inside the file for new rows.", [("", size.unused)]
            ),
            *_family("solvent_wal_bytes", "gauge", "Size of the write-ahead log.", [("", size.log)]),
            *_family("process_resident_memory_bytes", "gauge", "Memory of all processes.", [("", whole.memory)]),
            *_family(
                "process_cpu_seconds_total", "counter", "Processor time of all processes.", [("", whole.processor)]
            ),
            *_family("process_start_time_seconds", "gauge", "When this process started.", [("", self._started)]),
        ]
        return ("\n".join(lines) + "\n").encode()

    def close(self) -> None:
        self._stopped.set()

    def _now(self, waiting: int = 0) -> Counts:
        self.counts.waiting = waiting
        self.counts.memory = self._process.memory_info().rss
        times = self._process.cpu_times()
        self.counts.processor = times.user + times.system
        return self.counts

    def _share(self) -> None:
        assert self._folder is not None
        while not self._stopped.wait(_SHARE_SECONDS):
            with suppress(OSError, RuntimeError):  # the folder is gone at the end; a route was met just now
                draft = self._folder / f"{self._own}.part"
                draft.write_bytes(msgspec.json.encode(self._now(self.counts.waiting)))
                draft.replace(self._folder / self._own)

    def _others(self) -> Iterable[Counts]:
        if self._folder is None:
            return
        for file in self._folder.glob("*.json"):
            if file.name != self._own:
                with suppress(OSError, msgspec.MsgspecError):
                    counts = msgspec.json.decode(file.read_bytes(), type=Counts)
                    if not psutil.pid_exists(int(file.stem)):
                        counts.running = counts.waiting = counts.memory = 0
                    yield counts


def _requests(counts: Counts) -> Iterable[str]:
    rows = []
    for key, count in sorted(counts.requests.items()):
        method, route, status = key.split(" ")
        rows.append((f'{{method="{method}",route="{_escaped(route)}",status="{status}"}}', count))
    yield from _family("solvent_requests_total", "counter", "Requests answered.", rows)
    by_route = {f'route="{_escaped(route)}"': histogram for route, histogram in sorted(counts.seconds.items())}
    yield from _distribution(
        "solvent_request_seconds", "Time from a request's head to its answer's end.", SECONDS, by_route
    )


def _family(name: str, kind: str, explanation: str, rows: Iterable[tuple[str, float]]) -> Iterable[str]:
    yield f"# HELP {name} {explanation}"
    yield f"# TYPE {name} {kind}"
    for labels, value in rows:
        yield f"{name}{labels} {value}"


def _distribution(name: str, explanation: str, bounds: tuple[float, ...], rows: dict[str, Histogram]) -> Iterable[str]:
    yield f"# HELP {name} {explanation}"
    yield f"# TYPE {name} histogram"
    for labels, histogram in rows.items():
        so_far = 0
        before = f"{labels}," if labels else ""
        for bound, count in zip((*bounds, "+Inf"), histogram.counts, strict=True):
            so_far += count
            yield f'{name}_bucket{{{before}le="{bound}"}} {so_far}'
        shown = f"{{{labels}}}" if labels else ""
        yield f"{name}_sum{shown} {histogram.total}"
        yield f"{name}_count{shown} {so_far}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
