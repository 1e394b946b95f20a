"""A documented feature as it is read from a project's files, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

Kind = Literal[
    "missing-description",
    "missing-owner",
    "missing-inputs",
    "unreadable-argument",
    "unknown-input",
    "duplicate",
    "cycle",
    "invalid-file",
    "undocumented-column",
]

_WILD = frozenset("*?[")


class Feature(msgspec.Struct, frozen=True):
    """One feature. ``inputs`` None: none are declared, which is not the same as none being needed.

    ``symbol`` is the function that makes it, empty for one of features.yaml. ``version`` is '' where there is no source.
    In a notebook ``cell`` counts all cells from 0 and ``line`` is that within the cell. ``unread`` names the
    arguments that can't be known without running the code.
    """

    name: str
    description: str
    owner: str
    inputs: tuple[str, ...] | None
    outputs: tuple[str, ...]
    version: str
    file: str
    line: int
    cell: int | None = None
    symbol: str = ""
    dtype: str = ""
    source: str = ""
    unread: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        cell = "" if self.cell is None else f"cell {self.cell}:"
        return f"{self.file}:{cell}{self.line}"

    def makes(self, column: str) -> bool:
        """Whether a column, or a feature by its name, is this one's."""
        return column == self.name or any(fnmatchcase(column, output) for output in self.outputs)


class Makers:
    """Which features make a column: fast for many, as only names with ``*``, ``?`` or ``[`` are tried one by one."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self._exact: dict[str, list[Feature]] = {}
        self._patterns: list[Feature] = []
        for feature in features:
            for name in dict.fromkeys((feature.name, *feature.outputs)):
                self._exact.setdefault(name, []).append(feature)
            if any(set(output) & _WILD for output in feature.outputs):
                self._patterns.append(feature)

    def of(self, column: str) -> list[Feature]:
        found = self._exact.get(column, [])
        wild = [each for each in self._patterns if each.makes(column) and all(each is not other for other in found)]
        return [*found, *wild]


class Problem(msgspec.Struct, frozen=True):
    """What keeps a feature from being documented. ``place`` is ``file:line``; empty for a column of a run."""

    kind: Kind
    subject: str
    message: str
    place: str = ""
