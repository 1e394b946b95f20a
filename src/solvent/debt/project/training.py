"""Programs that train: their entries, and all that they reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


def _descends(place: Place) -> bool:
    """Whether a function holds a training loop of its own: gradients, and steps along them."""
    called = {call.name.rpartition(".")[2] for call in place.function.calls}
    return {"backward", "step"} <= called


def feeds_training(project: Project) -> set[Key]:
    """Functions that a training program reaches, and those of files that fit a model themselves.

    What calls a fit, over however many steps, is a program too, though a scheduler of others starts it.
    """
    found = {key for _, places in training(project) for key in places}
    fits = [place for place in project.places() if trains(place) or _descends(place)]
    found |= {(place.file.path, function.qualname) for place in fits for function in place.file.functions}
    programs = _spread(fits, lambda place: [other for other, _ in project.callers.get(place.key, ()) if _counts(other)])
    return found | _spread(programs.values(), project.following).keys()


def _counts(place: Place) -> bool:
    return place.file.role in ("source", "notebook")


def _spread(places: Iterable[Place], following: Callable[[Place], Iterable[Place]]) -> dict[Key, Place]:
    """These places, and all that are found from them, step by step."""
    found = {place.key: place for place in places}
    todo = list(found.values())
    while todo:
        for each in following(todo.pop()):
            if each.key not in found:
                found[each.key] = each
                todo.append(each)
    return found


def calls_of(places: dict[Key, Place], *kinds: str) -> list[tuple[Place, CallSummary]]:
    wanted = frozenset(kinds)
    return [
        (place, call) for place in places.values() for call in place.function.calls if not wanted.isdisjoint(call.kinds)
    ]
