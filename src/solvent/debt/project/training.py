"""Programs that train: their entries, and all that they reach."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from solvent.debt.project.project import Entry, Place, Project
from solvent.debt.project.summary import CallSummary

Key = tuple[str, str]
_KNOWN: WeakKeyDictionary[Project, list[tuple[Entry, dict[Key, Place]]]] = WeakKeyDictionary()


def training(project: Project) -> list[tuple[Entry, dict[Key, Place]]]:
    """The entries that reach a fit of a model, each with all that it reaches; found once per project."""
    found = _KNOWN.get(project)
    if found is None:
        reached = [(entry, project.reach(entry.place)) for entry in project.entries]
        found = [(entry, places) for entry, places in reached if any(map(trains, places.values()))]
        _KNOWN[project] = found
    return found


def trains(place: Place) -> bool:
    return any("trains" in call.kinds for call in place.function.calls)


def feeds_training(project: Project) -> set[Key]:
    """Functions that a training program reaches, and those of files that fit a model themselves."""
    found = {key for _, places in training(project) for key in places}
    for place in project.places():
        if trains(place):
            found |= {(place.file.path, function.qualname) for function in place.file.functions}
    return found


def calls_of(places: dict[Key, Place], *kinds: str) -> list[tuple[Place, CallSummary]]:
    wanted = frozenset(kinds)
    return [
        (place, call) for place in places.values() for call in place.function.calls if not wanted.isdisjoint(call.kinds)
    ]
