"""What happens beside a run: its provenance is captured, the machine is sampled. One thread for all runs."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from solvent.client.clock import now
from solvent.client.process.active import ActiveRun
from solvent.client.process.features import FeatureRecords
from solvent.client.say import say

if TYPE_CHECKING:
    from solvent.client.process.system_metrics import Sampler
    from solvent.provenance.capture import Provenance

START_SECONDS = 0.5
FIRST_SAMPLE_SECONDS = 1.0
PRIME_SECONDS = 0.5
"""What the first sample's processor use is measured over."""
SAMPLE_SECONDS = 10.0
CAPTURE_HOLDS_SECONDS = 10.0
MAX_SAMPLED_RUNS = 50
_WORK = {
    "_capture": "capturing where the run comes from",
    "_keep_cells": "keeping the notebook's cells",
    "_keep_features": "recording the declared features",
    "_end_features": "recording the declared features",
    "_sample": "sampling the machine",
}


class Background:
    """Works on the runs of ``open_runs``; never makes them wait."""

    def __init__(self, open_runs: dict[str, ActiveRun]) -> None:
        self._open_runs = open_runs
        self._tasks: queue.SimpleQueue[tuple[Callable[..., None], tuple[object, ...]] | None] = queue.SimpleQueue()
        self._sampled: set[str] = set()
        self._urgent = threading.Event()
        self._done = threading.Event()
        self._failed: set[str] = set()
        self._captured: tuple[float, Path, Provenance] | None = None
        self._sampler: Sampler | None = None
        self._features = FeatureRecords()
        threading.Thread(target=self._run, name="solvent-background", daemon=True).start()

    def started(self, run: ActiveRun, *, captured: bool, sampled: bool | None) -> None:
        """A run has begun in this working folder."""
        if sampled if sampled is not None else _wanted("SOLVENT_SYSTEM_METRICS"):
            self._sampled.add(run.info.run_id)
        if captured and _wanted("SOLVENT_PROVENANCE"):
            self._tasks.put((self._capture, (run, Path.cwd())))
        self._tasks.put((self._keep_features, (run,)))

    def ended(self, run: ActiveRun) -> None:
        """A run is about to end: the cells that were executed since its start are kept too, and new features."""
        self._sampled.discard(run.info.run_id)
        self._guarded(self._end_features, run)
        if not run.joined and _wanted("SOLVENT_PROVENANCE"):
            self._guarded(self._keep_cells, run)

    def finish(self, seconds: float) -> bool:
        """Complete what was begun; False if that takes longer."""
        self._tasks.put(None)
        self._urgent.set()
        return self._done.wait(seconds)

    def _run(self) -> None:
        self._urgent.wait(START_SECONDS)
        sample_at = time.monotonic() + FIRST_SAMPLE_SECONDS - START_SECONDS - PRIME_SECONDS
        while True:
            try:
                task = self._tasks.get(timeout=max(sample_at - time.monotonic(), 0.0))
            except queue.Empty:
                begins = self._sampler is None and bool(self._sampled)
                sample_at = time.monotonic() + (PRIME_SECONDS if begins else SAMPLE_SECONDS)
                self._guarded(self._sample)
                for run in list(self._open_runs.values()):
                    self._guarded(self._keep_features, run)
                continue
            if task is None:
                break
            self._guarded(task[0], *task[1])
        self._done.set()

    def _guarded(self, work: Callable[..., None], *arguments: object) -> None:
        """Do something beside the run; its failure is told once and is not the run's."""
        try:
            work(*arguments)
        except Exception as error:
            if work.__name__ not in self._failed:
                self._failed.add(work.__name__)
                say(f"{_WORK[work.__name__]} failed, the run goes on: {error or type(error).__name__}")

    def _keep_cells(self, run: ActiveRun) -> None:
        from solvent.provenance.notebook import executed_cells

        cells = executed_cells()
        if cells:
            run.log.stage("solvent/cells.py", cells)

    def _keep_features(self, run: ActiveRun) -> None:
        if run.info.run_id in self._open_runs:  # else its end has kept them
            self._features.keep(run)

    def _end_features(self, run: ActiveRun) -> None:
        self._features.keep(run)
        self._features.forget(run)

    def _capture(self, run: ActiveRun, folder: Path) -> None:
        provenance = self._provenance(folder)
        tags, files = provenance.tags(), provenance.files()
        if run.joined:  # whoever opened the run has captured the code; we know the environment it runs in
            tags = {key: tags[key] for key in ("solvent.python", "solvent.host")}
            files = {path: files[path] for path in ("solvent/packages.txt",) if path in files}
        own = run.data.tags
        for key, value in tags.items():
            if key not in own:
                run.log.tag(key, value)
        for path, content in files.items():
            run.log.stage(path, content)

    def _provenance(self, folder: Path) -> Provenance:
        """The capture of a folder; many runs in a row share one."""
        from solvent.provenance.capture import capture

        if self._captured is None or self._captured[1] != folder or time.monotonic() > self._captured[0]:
            captured = capture(folder)
            self._captured = (time.monotonic() + CAPTURE_HOLDS_SECONDS, folder, captured)
        return self._captured[2]

    def _sample(self) -> None:
        runs = [run for run in list(self._open_runs.values()) if run.info.run_id in self._sampled][:MAX_SAMPLED_RUNS]
        if not runs:
            return
        if self._sampler is None:
            from solvent.client.process.system_metrics import Sampler

            self._sampler = Sampler(Path.cwd())
            return
        taken = now()
        sample = self._sampler.sample()
        for run in runs:
            step = run.next_sample()
            for key, value in sample.items():
                run.log.metric(key, value, step, taken)


def _wanted(variable: str) -> bool:
    return os.environ.get(variable, "true").strip().lower() not in ("false", "0", "no", "off")
