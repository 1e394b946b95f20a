"""What was done to data before it was split, over all functions: the records of ``practice.before_split``, joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from solvent.debt.practice.before_split import Event, Passed, Prepared, Split
from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import FileSummary

_DEEPEST = 12
Key = tuple[str, str]
CUT = ("", "", 0)
"""Stands among events for a part of a split."""


class Leak(NamedTuple):
    """An event, and the split that came after it (None: what was fitted is applied to the parts of a split)."""

    place: Place
    event: Event
    split_place: Place
    split: Split | None


class Preparation:
    """``records`` are what a rule collected by ``prepared`` in each file."""

    def __init__(self, project: Project, records: Iterable[tuple[FileSummary, Any]]) -> None:
        self.project = project
        self._records: dict[Key, tuple[FileSummary, Prepared]] = {}
        for file, item in records:
            record = msgspec.convert(item, Prepared)
            self._records[file.path, record.qualname] = file, record
        self._stored: dict[tuple[str, str | None, str], list[tuple[Key, list[str]]]] = {}
        for key, (file, record) in self._records.items():
            for name, origins in record.stored:
                self._stored.setdefault((file.path, record.class_name, name), []).append((key, origins))

    def leaks(self, kinds: Iterable[str]) -> Iterator[Leak]:
        """Events of these kinds that were done to rows before they were split; each with one split."""
        wanted = frozenset(kinds)
        told: set[tuple[str, str, int]] = set()
        for key, (_, record) in self._records.items():
            for split in record.splits:
                for path, qualname, number in sorted(self._events(key, split.origins)):
                    event = self._records[path, qualname][1].events[number] if path else None
                    if event is None or event.kind not in wanted or (path, qualname, number) in told:
                        continue
                    if self._is_whole((path, qualname), event):
                        told.add((path, qualname, number))
                        yield Leak(self.project.functions[path, qualname], event, self.project.functions[key], split)
            for number in record.direct:
                event = record.events[number]
                if event.kind in wanted and (*key, number) not in told and self._is_whole(key, event):
                    told.add((*key, number))
                    place = self.project.functions[key]
                    yield Leak(place, event, place, None)

    def shuffled(self, kinds: Iterable[str]) -> Iterator[tuple[Place, Split, Event]]:
        """Splits that shuffle what such an event was done to, each with the first of its events."""
        for key, (_, record) in self._records.items():
            for split in record.splits:
                if not split.shuffles:
                    continue
                events = [
                    event
                    for path, qualname, number in sorted(self._events(key, split.origins))
                    if path and (event := self._records[path, qualname][1].events[number]).kind in kinds
                ]
                if events:
                    yield self.project.functions[key], split, events[0]

    def _is_whole(self, key: Key, event: Event) -> bool:
        """Whether an event was done to all rows: not to a part of a split, nor to what is called a training part."""
        return not event.named_train and CUT not in self._events(key, event.whole)

    def _events(self, key: Key, origins: Iterable[str]) -> set[tuple[str, str, int]]:
        """All events that origins name, through calls and callers."""
        found: set[tuple[str, str, int]] = set()
        self._follow(key, origins, found, set(), 0)
        return found

    def _follow(
        self, key: Key, origins: Iterable[str], found: set[tuple[str, str, int]], seen: set[tuple[Key, str]], depth: int
    ) -> None:
        """Add the events of origins in a function; what its own parameters were given is asked of its callers."""
        if depth > _DEEPEST:
            return
        for origin in origins:
            if (key, origin) in seen:
                continue
            seen.add((key, origin))
            kind, _, rest = origin.partition(":")
            if origin == "s":
                found.add(CUT)
            elif kind == "e":
                found.add((*key, int(rest)))
            elif kind == "c":
                number, _, part = rest.partition(":")
                passed = self._records[key][1].calls[int(number)]
                self._follow(key, self._returned(key, passed, part, found, seen, depth), found, seen, depth + 1)
            elif kind == "p":
                self._from_callers(key, rest, found, seen, depth)
            elif kind == "a":
                file, record = self._records[key]
                for other, given in self._stored.get((file.path, record.class_name, rest), ()):
                    self._follow(other, given, found, seen, depth + 1)

    def _returned(
        self,
        key: Key,
        passed: Passed,
        part: str,
        found: set[tuple[str, str, int]],
        seen: set[tuple[Key, str]],
        depth: int,
    ) -> list[str]:
        """The origins, in the caller, of what a call returns; the events of what was called are added."""
        file = self._records[key][0]
        callee = self.project.callee(passed.name, file)
        if callee is None:  # foreign: made of all that it was given
            return [origin for _, origins in passed.given for origin in origins]
        if callee.key not in self._records:
            return []
        _, record = self._records[callee.key]
        chosen = [origins for number, origins in record.returned if not part or number in (-1, int(part))]
        inner = [origin for origins in chosen for origin in origins]
        self._follow(callee.key, (each for each in inner if not each.startswith("p:")), found, seen, depth + 1)
        return [
            origin
            for each in inner
            if each.startswith("p:")
            for origin in _given(passed, record, each.removeprefix("p:"))
        ]

    def _from_callers(
        self, key: Key, parameter: str, found: set[tuple[str, str, int]], seen: set[tuple[Key, str]], depth: int
    ) -> None:
        record = self._records[key][1]
        for place, _ in self.project.callers.get(key, ()):
            known = self._records.get(place.key)
            if known is None or place.file.role == "test":
                continue
            for passed in known[1].calls:
                callee = self.project.callee(passed.name, place.file)
                if callee is not None and callee.key == key:
                    self._follow(place.key, _given(passed, record, parameter), found, seen, depth + 1)


def _given(passed: Passed, record: Prepared, parameter: str) -> list[str]:
    """The origins of what a call gives to a parameter."""
    names = [name for name in record.parameters if name not in ("self", "cls")]
    return [
        origin
        for position, origins in passed.given
        if position == parameter or (isinstance(position, int) and names[position : position + 1] == [parameter])
        for origin in origins
    ]
