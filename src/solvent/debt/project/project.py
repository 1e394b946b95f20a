"""All files at once: who calls whom, from where a program begins, and what it reaches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from solvent.debt.findings import Found, Severity, Spot
from solvent.debt.project.summary import CallSummary, FileSummary, FunctionSummary
from solvent.debt.settings import DebtSettings
from solvent.debt.sources.roles import Role

MAX_TEXT = 2_000_000


class Place(NamedTuple):
    """A function of a file."""

    file: FileSummary
    function: FunctionSummary

    @property
    def key(self) -> tuple[str, str]:
        return self.file.path, self.function.qualname

    def found(
        self,
        spot: Spot,
        message: str,
        *,
        subject: str = "",
        severity: Severity | None = None,
        minutes: int | None = None,
    ) -> Found:
        """A finding in this function."""
        return Found(spot, message, self.function.qualname, subject, severity, minutes)


class Entry(NamedTuple):
    """Where a program begins: a script's or a notebook's own code, or a function that is a command."""

    place: Place
    kind: str


class Project:
    """What project rules see.

    ``paths`` are all files of the project, also those that are no Python; ``tracked`` those that git tracks, None
    without a repository.
    """

    def __init__(
        self,
        root: Path,
        files: Mapping[str, FileSummary],
        paths: Iterable[str] = (),
        tracked: frozenset[str] | None = None,
        settings: DebtSettings | None = None,
    ) -> None:
        self.root = root
        self.files = files
        self.paths = list(paths) or sorted(files)
        self.tracked = tracked
        self.settings = settings or DebtSettings()
        self._texts: dict[str, str | None] = {}

    # --- files ---

    def of_roles(self, roles: Iterable[Role]) -> Iterator[FileSummary]:
        wanted = frozenset(roles)
        return (file for file in self.files.values() if file.role in wanted)

    def places(self, *roles: Role) -> Iterator[Place]:
        """All functions of the files of these roles (default: source and notebooks)."""
        for file in self.of_roles(roles or ("source", "notebook")):
            for function in file.functions:
                yield Place(file, function)

    def extras(self, code: str, *roles: Role) -> Iterator[tuple[FileSummary, Any]]:
        """What the rule of that code collected in each file."""
        for file in self.of_roles(roles or ("source", "notebook")):
            for item in file.extras.get(code, ()):
                yield file, item

    def text(self, path: str) -> str | None:
        """The text of a file of the project; None if it is not there, too large or no text."""
        if path not in self._texts:
            try:
                with (self.root / path).open("rb") as file:
                    content = file.read(MAX_TEXT + 1)
                self._texts[path] = content.decode("utf-8-sig") if len(content) <= MAX_TEXT else None
            except (OSError, UnicodeDecodeError):
                self._texts[path] = None
        return self._texts[path]

    def with_texts(self, texts: Mapping[str, str]) -> Project:
        """The same project with other texts in some of the files that are no Python."""
        other = Project(self.root, self.files, self.paths, self.tracked, self.settings)
        other._texts = {**self._texts, **texts}
        return other

    def limit(self, code: str, default: float) -> float:
        """The number that a rule compares with, which a team may set."""
        given = self.settings.rules.get(code)
        return given.limit if given is not None and given.limit is not None else default

    # --- calls ---

    @cached_property
    def functions(self) -> dict[tuple[str, str], Place]:
        """By path and qualified name; a name that is defined twice in a file is its last definition."""
        return {
            (f.path, function.qualname): Place(f, function) for f in self.files.values() for function in f.functions
        }

    @cached_property
    def _modules(self) -> dict[str, list[FileSummary]]:
        """Files by each end of their dotted name: ``src.pkg.train`` is also ``pkg.train`` and ``train``."""
        found: dict[str, list[FileSummary]] = {}
        for file in self.files.values():
            parts = file.name.split(".")
            for start in range(len(parts)):
                found.setdefault(".".join(parts[start:]), []).append(file)
        return found

    def module(self, name: str, near: FileSummary) -> FileSummary | None:
        """The file that a dotted name means where ``near`` says it; None if it is foreign or could be several."""
        found = self._modules.get(name)
        if not found:
            return None
        if len(found) == 1:
            return found[0]
        for each in found:
            if each.name == name:
                return each
        folder = near.path.rpartition("/")[0]
        beside = [each for each in found if each.path.rpartition("/")[0] == folder]
        if len(beside) == 1:
            return beside[0]
        top = near.name.partition(".")[0]
        same = [each for each in found if each.name.partition(".")[0] == top]
        return same[0] if len(same) == 1 else None

    def callee(self, name: str, near: FileSummary, depth: int = 0) -> Place | None:
        """The project's function that a resolved name means: a function, a method, or a class's ``__init__``.

        A name that a package's ``__init__`` takes from elsewhere is followed there; a bare name is looked for in
        what is imported with a star.
        """
        parts = name.split(".")
        if len(parts) == 1:
            return self._from_star(name, near, depth)
        for end in range(len(parts) - 1, 0, -1):
            file = self.module(".".join(parts[:end]), near)
            if file is None:
                continue
            inner = ".".join(parts[end:])
            for qualname in (inner, f"{inner}.__init__"):
                place = self.functions.get((file.path, qualname))
                if place is not None:
                    return place
            if depth < 5 and (other := self._passed_on(file, parts[end:])):
                return self.callee(other, file, depth + 1)
            return None
        return None

    def _from_star(self, name: str, near: FileSummary, depth: int) -> Place | None:
        bases = [imported[:-2] for imported in near.imports if imported.endswith(".*")] if depth < 5 else []
        found = (self.callee(f"{base}.{name}", near, depth + 1) for base in bases if self.module(base, near))
        return next((place for place in found if place is not None), None)

    @staticmethod
    def _passed_on(file: FileSummary, parts: list[str]) -> str | None:
        """What a file imports under the first of these names, with the rest behind it."""
        if not file.is_package:
            return None
        for imported in file.imports:
            if imported.rpartition(".")[2] == parts[0] and imported != f"{file.name}.{parts[0]}":
                return ".".join([imported, *parts[1:]])
        return None

    @cached_property
    def _called(self) -> dict[tuple[str, str], list[tuple[CallSummary, Place]]]:
        return {}

    def calls(self, place: Place) -> list[tuple[CallSummary, Place]]:
        """The project's own functions that a function calls."""
        known = self._called.get(place.key)
        if known is None:
            known = self._called[place.key] = [
                (call, callee)
                for call in place.function.calls
                if (callee := self.callee(call.name, place.file)) is not None
            ]
        return known

    @cached_property
    def callers(self) -> dict[tuple[str, str], list[tuple[Place, CallSummary]]]:
        """Who calls a function, by its key; tests are callers too."""
        found: dict[tuple[str, str], list[tuple[Place, CallSummary]]] = {}
        for place in self.functions.values():
            for call, callee in self.calls(place):
                found.setdefault(callee.key, []).append((place, call))
        return found

    def reach(self, start: Place) -> dict[tuple[str, str], Place]:
        """All that may run when a function runs: what it calls, and the own code of what its files import."""
        reached = {start.key: start}
        todo = deque([start])
        while todo:
            for each in self.following(todo.popleft()):
                if each.key not in reached:
                    reached[each.key] = each
                    todo.append(each)
        return reached

    def following(self, place: Place) -> list[Place]:
        """What may run when a function runs, one step far."""
        found = [callee for _, callee in self.calls(place)]
        if place.function.qualname != "<module>":
            return [*found, Place(place.file, place.file.functions[0])]
        return found + self._imported(place.file)

    def _imported(self, file: FileSummary) -> list[Place]:
        found = []
        for name in file.imports:
            parent = name.rpartition(".")[0]
            other = self.module(name, file) or (self.module(parent, file) if parent else None)
            if other is not None and other is not file:
                found.append(Place(other, other.functions[0]))
        return found

    def reached_calls(self, start: Place, *kinds: str) -> list[tuple[Place, CallSummary]]:
        """The calls of these kinds that may happen when a function runs."""
        wanted = frozenset(kinds)
        return [
            (place, call)
            for place in self.reach(start).values()
            for call in place.function.calls
            if not wanted.isdisjoint(call.kinds)
        ]

    @cached_property
    def entries(self) -> list[Entry]:
        """Where programs begin: notebooks; scripts (a main guard, or own code that works with data or models, or
        calls a function that does) and their commands that they don't call by name, as those of typer and click."""
        found: list[Entry] = []
        for file in self.of_roles(("source", "notebook")):
            own = Place(file, file.functions[0])
            if file.role == "notebook" or file.path.endswith(".ipynb"):
                found.append(Entry(own, "notebook"))
                continue
            if file.main_guard or _works(own) or any(_works(callee) for _, callee in self.calls(own)):
                found.append(Entry(own, "script"))
            called = {callee.key for _, callee in self.calls(own)}
            commands = [Place(file, f) for f in file.functions[1:] if _is_command(f)]
            found += [Entry(place, "command") for place in commands if place.key not in called]
        return found


_WORKING = frozenset({"trains", "splits", "reads_data", "predicts", "fits_transform", "starts_run", "saves_model"})
_COMMANDS = (
    "click.",
    "typer.",
    "?.command",
    "prefect.",
    "airflow.",
    "dagster.",
    "kedro.",
    "zenml.",
    "metaflow.",
    "hydra.",
)


def _works(own: Place) -> bool:
    return any(not _WORKING.isdisjoint(call.kinds) for call in own.function.calls)


def _is_command(function: FunctionSummary) -> bool:
    return any(name.startswith(_COMMANDS) or name.endswith(".command") for name in function.decorators)
