"""Recording the features that were declared, with each run that is open."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Lock
from types import ModuleType

from solvent.client.process.active import ActiveRun


class FeatureRecords:
    """Knows which features each open run has on record."""

    def __init__(self) -> None:
        self._recorded: dict[str, int] = {}
        self._lock = Lock()

    def keep(self, run: ActiveRun) -> None:
        """Record the features that are declared by now, unless that is done already."""
        registered = _registered()
        if registered is None or not registered.registry.all():
            return
        changes = registered.registry.changes
        with self._lock:
            if self._recorded.get(run.info.run_id, 0) == changes:
                return
            self._recorded[run.info.run_id] = changes
            from solvent.data.features.record import FILE, TAG, document_of

            content, digest = document_of(registered.registry.all(), Path.cwd())
            run.log.stage(FILE, content)
            run.log.tag(TAG, digest)

    def forget(self, run: ActiveRun) -> None:
        """The run has ended."""
        self._recorded.pop(run.info.run_id, None)


def _registered() -> ModuleType | None:
    """The module of ``@solvent.feature``, if anybody has used it: nothing is loaded for those who don't."""
    return sys.modules.get("solvent.data.features.registered")
