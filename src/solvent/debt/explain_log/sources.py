"""The frames of a traceback in the source of a project: read and parsed, never imported."""

from __future__ import annotations

from collections import deque
from pathlib import Path, PurePosixPath

from solvent.debt.explain_log.failures import Failure, Frame
from solvent.debt.facts.facts import Facts
from solvent.debt.findings import Spot
from solvent.debt.project.project import Project
from solvent.debt.project.summary import FileSummary, summarize
from solvent.debt.sources.discover import list_files
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.read import read_file
from solvent.debt.sources.roles import role_of
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.parse import parse

_MOST_FILES = 300
"""So many files are read to follow names from the frames."""
_FOREIGN = ("site-packages", "dist-packages", "<frozen", "/lib/python3")
_NEAR = 60
"""So many lines around the one that the log names are searched for its text, if the code has moved."""


class Level:
    """A frame that was found in the project. ``moved`` says that the line was found by its text."""

    def __init__(self, module: Module, line: int, function: Function, *, moved: bool) -> None:
        self.module = module
        self.line = line
        self.function = function
        self.moved = moved

    @property
    def spot(self) -> Spot:
        return self.module.spot(self.line)

    @property
    def text(self) -> str:
        lines = self.module.lines
        return lines[self.line - 1].strip() if 0 < self.line <= len(lines) else ""


class Sources:
    """The Python files of one project, parsed when they are asked for."""

    def __init__(self, root: Path, facts: Facts) -> None:
        self.root = root
        self.facts = facts
        self._paths = [path for path in list_files(root).paths if path.endswith((".py", ".ipynb"))]
        self._modules: dict[str, Module | None] = {}
        self._by_name: dict[str, list[str]] = {}
        for path in self._paths:
            self._by_name.setdefault(PurePosixPath(path).name, []).append(path)

    def levels(self, failure: Failure) -> list[Level]:
        """The frames that are the project's own, the innermost last."""
        found = (self._level(frame) for frame in failure.frames)
        return [level for level in found if level is not None]

    def _level(self, frame: Frame) -> Level | None:
        path = self._path_of(frame)
        module = self.module(path) if path is not None else None
        if module is None or module.notebook is not None:
            return None
        line, moved = _line_of(module, frame)
        if line is None:
            return None
        return Level(module, line, module.function_at(line), moved=moved)

    def _path_of(self, frame: Frame) -> str | None:
        """The project's file that a path of the log means: its end must be the same, wherever the program ran."""
        given = frame.path.replace("\\", "/")
        inside = given.removeprefix(f"{self.root.as_posix()}/")
        if inside in self._by_name.get(PurePosixPath(given).name, ()):
            return inside
        if any(word in given for word in _FOREIGN):
            return None
        parts = [part for part in given.split("/") if part not in ("", ".", "~", "..")]
        ranked = sorted(
            ((_common_end(parts, path.split("/")), path) for path in self._by_name.get(parts[-1] if parts else "", ())),
            key=lambda pair: -pair[0],
        )
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return self._by_text([path for _, path in ranked], frame)
        return ranked[0][1]

    def _by_text(self, paths: list[str], frame: Frame) -> str | None:
        """Of files of the same name, the one that has the printed line where the log says it is."""
        fitting = []
        for path in paths[:20]:
            module = self.module(path)
            if module is not None and frame.source and _text_at(module, frame.line) == frame.source:
                fitting.append(path)
        return fitting[0] if len(fitting) == 1 else None

    def module(self, path: str) -> Module | None:
        """A file of the project; None if it can't be read."""
        if path not in self._modules:
            try:
                self._modules[path] = parse(path, read_file(self.root / path), role_of(path), self.facts)
            except (Unreadable, RecursionError):
                self._modules[path] = None
        return self._modules[path]

    def project(self, levels: list[Level]) -> Project:
        """The project as far as names lead from these frames: their files, and what those import."""
        summaries: dict[str, FileSummary] = {}
        todo = deque(dict.fromkeys(level.module.path for level in levels))
        while todo and len(summaries) < _MOST_FILES:
            path = todo.popleft()
            module = self.module(path)
            if module is None or path in summaries:
                continue
            summary = summaries[path] = summarize(module, b"", {})
            for name in summary.imports:
                todo += self._imported(name)
        return Project(self.root, summaries)

    def _imported(self, name: str) -> list[str]:
        """The files that an imported name may mean: the module, its package, or the module that holds the name."""
        parts = name.split(".")
        found: list[str] = []
        for end in (len(parts), len(parts) - 1):
            if end < 1:
                continue
            inner = "/".join(parts[:end])
            for file in (f"{inner}.py", f"{inner}/__init__.py"):
                same = self._by_name.get(PurePosixPath(file).name, ())
                found += [path for path in same if path == file or path.endswith(f"/{file}")]
        return found


def _common_end(first: list[str], second: list[str]) -> int:
    count = 0
    for one, other in zip(reversed(first), reversed(second), strict=False):
        if one != other:
            break
        count += 1
    return count


def _text_at(module: Module, line: int) -> str:
    return module.lines[line - 1].strip() if 0 < line <= len(module.lines) else ""


def _line_of(module: Module, frame: Frame) -> tuple[int | None, bool]:
    """Where the frame's line is now: where the log says, or where its text is."""
    if not frame.source or _text_at(module, frame.line) == frame.source:
        return (frame.line, False) if 0 < frame.line <= len(module.lines) else (None, False)
    for distance in range(1, _NEAR):
        for line in (frame.line - distance, frame.line + distance):
            if _text_at(module, line) == frame.source:
                return line, True
    return None, False
