"""Summaries of a million lines in little memory: what a file's summary says again and again is kept once.

Decoding makes a text of its own for each path and name, and a structure for each use of a value.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import force_setattr

from solvent.debt.findings import Spot
from solvent.debt.project.summary import FileSummary


class Shared:
    """The texts that were met so far, in whatever file."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def share(self, summary: FileSummary) -> None:
        """Let equal parts of a summary that was just decoded be one object. Nothing else holds it yet."""
        known = self._known.setdefault
        spots: dict[Spot, Spot] = {}
        path = summary.path
        force_setattr(summary, "names", tuple([known(name, name) for name in summary.names]))
        for function in summary.functions:
            force_setattr(function.spot, "path", path)
            force_setattr(function, "parameters", known(function.parameters, function.parameters))
            for call in function.calls:
                force_setattr(call, "name", known(call.name, call.name))
                force_setattr(call, "kinds", known(call.kinds, call.kinds))
                self._share_spot(call, path, spots)
            for value in function.values:
                force_setattr(value, "name", known(value.name, value.name))
                force_setattr(value, "kinds", known(value.kinds, value.kinds))
                force_setattr(value, "uses", [known(use, use) for use in value.uses])

        self._share_items(list(summary.extras.values()))

    def _share_items(self, items: list[Any]) -> None:
        """The same for plain data that rules collected, in place."""
        known = self._known.setdefault
        for number, item in enumerate(items):
            if isinstance(item, str):
                items[number] = known(item, item)
            elif isinstance(item, list):
                self._share_items(item)

    @staticmethod
    def _share_spot(holder: Any, path: str, spots: dict[Spot, Spot]) -> None:
        spot = holder.spot
        force_setattr(spot, "path", path)
        force_setattr(holder, "spot", spots.setdefault(spot, spot))
