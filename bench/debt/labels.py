"""Labelled spots of real projects: what is debt there and what only looks like it, judged by reading.

``labels/<project>.yaml`` was committed before the rules that it judges; the files named under ``read`` were read
whole for every rule, so that what is not labelled there is no debt. ``judged/<project>.yaml`` holds verdicts on single
spots that were shown, among others, without saying what a rule thinks of them.

A project is *found* if it was taken because rules report something there, and not before anybody knew what they say.
It tells how often they are right and not what they overlook.

Half of the projects, chosen by their names' hashes, are *held out*: nobody looks at what rules get wrong there, so that
their numbers say how rules do on code that they were not made for.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

T = TypeVar("T")

LABELS = Path(__file__).with_name("labels")
JUDGED = Path(__file__).with_name("judged")
EVERYWHERE = "."
SOUGHT = frozenset(
    [
        "CFG102",
        "CFG106",
        "COD201",
        "COD203",
        "COD207",
        "COD208",
        "DAT301",
        "DAT307",
        "DAT309",
        "DAT314",
        "MOD401",
        "MOD402",
        "MOD408",
        "MOD409",
        "MON601",
        "NBK902",
        "NBK903",
        "PIP501",
        "PIP504",
        "TST803",
    ]
)
"""Rules that are rare in the labelled projects: more of their hits were sought in others."""


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``lines``: the first and last line in which a finding may stand; None: anywhere in the file, or the cell."""

    code: str
    path: str
    debt: bool = False
    why: str = ""
    lines: tuple[int, int] | None = None
    cell: int | None = None

    def fits(self, code: str, path: str, line: int, end_line: int, cell: int | None) -> bool:
        """Whether a finding is about this spot."""
        if self.code != code or (self.path not in (path, EVERYWHERE)):
            return False
        if self.cell is not None and cell is not None and self.cell != cell:
            return False
        if self.lines is None or line == 0:
            return True
        return self.lines[0] <= max(line, end_line) and line <= self.lines[1]


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The labels of one project. ``root`` is the folder of the unpacked archive that is looked at.

    ``found``: taken into the corpus because rules of ``SOUGHT`` report something there; it counts for their precision alone.
    """

    project: str
    version: str
    sha256: str
    size: int
    root: str
    read: list[str]
    labels: list[Label]
    unsure: list[Label] = []
    found: bool = False

    @property
    def name(self) -> str:
        return f"{self.project}-{self.version}"

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.project.encode()).digest()[0] % 2 == 1


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Later verdicts on one project."""

    project: str
    labels: list[Label]
    unsure: list[Label] = []


def all_labels() -> list[Labels]:
    """The labels of all projects, with later verdicts added."""
    found = []
    for path in sorted(LABELS.glob("*.yaml")):
        labels = _read(path, Labels)
        later = JUDGED / path.name
        if later.exists():
            judged = _read(later, Judged)
            labels = msgspec.structs.replace(
                labels, labels=[*labels.labels, *judged.labels], unsure=[*labels.unsure, *judged.unsure]
            )
        found.append(labels)
    return found


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(yaml.safe_load(path.read_text()), kind)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise SystemExit(f"{path}: {error}") from error
