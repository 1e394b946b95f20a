"""Where a finding about a whole program stands: in the file in which the program begins.

What a program lacks is mended, or at least decided, where it begins; the fit that lacks it may stand in a library that
other programs use as well.
"""

from __future__ import annotations

from collections import deque

from solvent.debt.findings import Spot
from solvent.debt.project.project import Place, Project


def at_entry(project: Project, start: Place, target: Place, spot: Spot) -> tuple[Place, Spot]:
    """The target itself if it is in the entry's file; else the first call there that leads to it; else the file."""
    if target.file.path == start.file.path:
        return target, spot
    seen = {start.key}
    todo = deque([start])
    while todo:
        place = todo.popleft()
        for call, callee in project.calls(place):
            if callee.file.path == start.file.path:
                if callee.key not in seen:
                    seen.add(callee.key)
                    todo.append(callee)
            elif target.key in project.reach(callee):
                return place, call.spot
    return start, Spot(start.file.path)


def elsewhere(start: Place, spot: Spot) -> str:
    """What a message adds about a place in another file; empty if it is the entry's own."""
    if spot.path == start.file.path:
        return ""
    cell = f", cell {spot.cell}" if spot.cell is not None else ""
    return f" ({spot.path}{cell}, line {spot.line})"
