"""Paths of a recorded run in its repetition: into the fresh folder, into copies, or as they are, which is then said."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from solvent.projects.parameters import is_address

MOST_COPIED = 64 * 1024 * 1024
MOST_FILES = 1_000
_TOKEN = re.compile(r"""(?<![^\s:,;'"=\[({])((?:file://)?)(/[^/\s:,;'"\])}][^\s:,;'"\])}]*)""")
_OF_THE_SYSTEM = ("/dev/", "/proc/", "/sys/")


@dataclass
class Places:
    """``root`` is where the code lay, ``rebuilt`` the folder that stands for it now, ``project`` the project's in it.

    What lies outside is copied to ``copies`` if the run names it as a path. ``notes`` tells of what a repetition reads, and may write, where it lies.
    """

    root: Path | None
    rebuilt: Path
    project: Path
    copies: Path
    notes: list[str] = field(default_factory=list)

    def of_path(self, name: str, value: str) -> str:
        """The value of a parameter of type ``path``. A relative one starts at the project's folder."""
        if is_address(value):
            return value
        if not Path(value).is_absolute():
            return str(self.project / value) if value and (self.project / value).exists() else value
        return self._moved(value) or self._copied(name, Path(value)) or value

    def of_text(self, what: str, value: str) -> str:
        """Any other value, in which paths may stand."""
        if (whole := self._moved(value)) is not None:
            return whole
        return _TOKEN.sub(lambda found: found[1] + self._place(what, found[2]), value)

    def _place(self, what: str, text: str) -> str:
        if (moved := self._moved(text)) is not None:
            return moved
        if os.path.exists(text) and not text.startswith(_OF_THE_SYSTEM):  # noqa: PTH110 - any text
            self._tell(f"{what} names {text}, which is not kept with the run: it is read, or written, as it is now")
        return text

    def _moved(self, text: str) -> str | None:
        """The path in the fresh folder; None if it is not there."""
        if self.root is None or not text.startswith("/") or "\0" in text:
            return None
        path = Path(text)
        for way, root in ((path, self.root), (path.resolve(), self.root.resolve())):
            if ".." not in way.parts and way.is_relative_to(root):
                inner = self.rebuilt / way.relative_to(root)
                return str(inner) if inner.exists() else None
        return None

    def _copied(self, name: str, source: Path) -> str | None:
        """A copy of what lies outside: a run may write its results there, and they are not to be lost."""
        if not source.exists() or str(source).startswith(_OF_THE_SYSTEM):
            return None
        if not _is_small(source):
            self._tell(
                f"parameter '{name}': {source} is too much to copy, so a repetition that writes there changes it"
            )
            return None
        target = self.copies / name.replace("/", "_") / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
        return str(target)

    def _tell(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def written_since(place: Path, since: int | None, until: int | None) -> bool:
    """Whether a file or folder was last written between two times, in milliseconds since 1970."""
    if since is None or until is None:
        return False
    times = [file.stat().st_mtime_ns // 1_000_000 for file in _files(place)]
    return bool(times) and since <= max(times) <= until


def _is_small(place: Path) -> bool:
    total = 0
    for number, file in enumerate(_files(place)):
        total += file.lstat().st_size
        if number >= MOST_FILES or total > MOST_COPIED or file.is_symlink() or not file.is_file():
            return False
    return not (place.is_dir() and any(each.is_symlink() for each in place.rglob("*") if each.is_dir()))


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    for parent, _, names in os.walk(place):
        yield from (Path(parent) / name for name in names)
