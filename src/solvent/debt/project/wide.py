"""What a program may run, seen generously: for rules that speak of what is missing everywhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary, proxy

from solvent.debt.project.project import Place, Project

_EVERYWHERE = frozenset(
    {"fit", "get", "append", "items", "keys", "values", "update", "format", "join", "split", "copy", "run", "close"}
    | {"read", "write", "load", "mean", "sum", "step", "add", "info", "error", "predict", "transform", "to", "forward"}
)
"""Methods that so many classes have that a call of an unknown object's says nothing."""


def wide_of(project: Project) -> Wide:
    """The one answerer of a project, which all rules share."""
    found = _WIDE.get(project)
    if found is None:
        found = _WIDE[project] = Wide(project)
    return found


class Wide:
    """Answers by start, and remembers them.

    Beyond ``Project.reach`` a method of an object of unknown class is any method of that name in the project, and a
    class that is made may run any of its methods. So a call that is *not* among these happens nowhere in the program.
    """

    def __init__(self, project: Project) -> None:
        self._project = proxy(project)  # or it would keep what it is kept by
        self._known: dict[tuple[str, str], dict[tuple[str, str], Place]] = {}
        self._next: dict[tuple[str, str], list[Place]] = {}
        self._methods: dict[str, list[Place]] = {}
        self._classes: dict[tuple[str, str], list[Place]] = {}
        for place in project.functions.values():
            if place.function.class_name is not None:
                name = place.function.qualname.rpartition(".")[2]
                self._methods.setdefault(name, []).append(place)
                self._classes.setdefault((place.file.path, place.function.class_name), []).append(place)

    def reach(self, start: Place) -> dict[tuple[str, str], Place]:
        """All that may run when a function runs, by key."""
        known = self._known.get(start.key)
        if known is not None:
            return known
        reached = {start.key: start}
        todo = deque([start])
        while todo:
            for each in self._following(todo.popleft()):
                if each.key not in reached:
                    reached[each.key] = each
                    todo.append(each)
        self._known[start.key] = reached
        return reached

    def _following(self, place: Place) -> list[Place]:
        known = self._next.get(place.key)
        if known is None:
            found = {each.key: each for each in (*self._project.following(place), *self._beyond(place))}
            known = self._next[place.key] = list(found.values())
        return known

    def _beyond(self, place: Place) -> Iterator[Place]:
        if place.function.class_name is not None:
            yield from self._classes.get((place.file.path, place.function.class_name), ())
        for call in place.function.calls:
            name = call.name.rpartition(".")[2]
            common = name not in self._methods or name in _EVERYWHERE or "." not in call.name or name.startswith("__")
            if not common and self._project.callee(call.name, place.file) is None:
                yield from self._methods[name]


_WIDE: WeakKeyDictionary[Project, Wide] = WeakKeyDictionary()


def programs(project: Project, working: Iterable[tuple[str, str]]) -> list[Place]:
    """Where programs begin: the project's entries, and the own code of files where it does such work itself.

    ``working`` are the keys of functions that do it.
    """
    found = {entry.place.key: entry.place for entry in project.entries}
    for key in working:
        place = project.functions.get(key)
        if place is not None and key[1] == "<module>" and place.file.role in ("source", "notebook"):
            found.setdefault(key, place)
    return list(found.values())


def beginnings(project: Project, working: Iterable[tuple[str, str]] = ()) -> list[Place]:
    """Programs, and functions that nobody in the project calls and that both read data and train: a scheduler, a
    service or a notebook that is not here calls them."""
    found = {place.key: place for place in programs(project, working)}
    begun = {path for path, _ in found}
    for place in project.places("source"):
        function = place.function
        alone = "." not in function.qualname and not function.qualname.startswith(("_", "<"))
        new = alone and place.file.path not in begun and _reads_and_trains(project, place)
        if new and not project.callers.get(place.key):
            found[place.key] = place
    return list(found.values())


def _reads_and_trains(project: Project, place: Place) -> bool:
    near = [place, *(callee for _, callee in project.calls(place))]
    kinds = {kind for each in near for call in each.function.calls for kind in call.kinds}
    return "reads_data" in kinds and "trains" in kinds
