"""A notebook holds a copy of training code of the package, or has become a program of its own.

## What it does
Finds notebooks that train models and hold a function, or at least 15 lines with a training step, that also stand in
one of the project's modules; and notebooks that train and have more than 60 code cells.

## Why is this bad?
The copies drift apart: a mended split or feature reaches only one of them, and results of the notebook and of the
pipeline can't be compared. (Pimentel et al. 2019; duplicated code.)

## Example
```python
# train.ipynb
def train(frame): ...  # the same 20 lines as in package/train.py


model = train(frame)
```

## Use instead
```python
# train.ipynb
from package.train import train

model = train(frame)
```

## Limits
A script that is kept in step with the notebook by jupytext is no copy. Lines are compared without blanks and
comments; a copy whose names were changed is not found.

## Options
`limit`: the number of code cells (60).
"""

from __future__ import annotations

import ast
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module

_LEAST_LINES = 15
_LEAST_FUNCTION = 5
_MOST_CELLS = 60
_MOST_LINES = 20_000
_WORK = ("trains", "fits_transform", "splits", "tunes", "builds_model", "predicts")
_Window = tuple[int, ...]
_NO_CODE = re.compile(r"^([)\]}\s,:]*|(from\s+\S+\s+)?import\s.*|pass|else:|try:|return)$")


class _Trains(msgspec.Struct, array_like=True):
    """A file that trains. ``digests`` has one number for each line of code, ``numbers`` are the lines.

    ``works`` are lines of training steps, ``functions`` names with a digest of the body and the line. ``cells`` are
    the number and the first line of a notebook's cells.
    """

    digests: list[int]
    numbers: list[int]
    works: list[int]
    functions: list[tuple[str, int, int]]
    cells: list[tuple[int, int]]
    is_paired: bool

    def spot(self, path: str, line: int) -> Spot:
        number, first = self.cells[max(0, bisect_right([first for _, first in self.cells], line) - 1)]
        return Spot(path, line - first + 1, 1, line - first + 1, number)


def collect(module: Module) -> Iterator[Any]:
    """What of a file that trains can be compared with others."""
    if module.role not in ("source", "notebook") or not any(module.calls_of("trains")):
        return
    digests: list[int] = []
    numbers: list[int] = []
    for number, line in enumerate(module.lines[:_MOST_LINES], start=1):
        text = line.partition("#")[0].strip()
        if not _NO_CODE.match(text):
            digests.append(zlib.crc32("".join(text.split()).encode("utf-8", "surrogatepass")))
            numbers.append(number)
    works = sorted({call.line for call in module.calls_of(*_WORK)})
    cells = [] if module.notebook is None else [cell for cell in module.notebook.cells if cell.source.strip()]
    found = _Trains(
        digests,
        numbers,
        works,
        [
            (function.name, _body(function), function.line)
            for function in module.functions[1:]
            if _size(function) >= _LEAST_FUNCTION
            and bisect_left(works, function.line) < bisect_right(works, function.end_line)
        ],
        [(cell.number, cell.first) for cell in cells],
        "jupytext" in module.source[:2000],
    )
    yield msgspec.to_builtins(found)


def _size(function: Function) -> int:
    """How many lines a function has below its head and docstring."""
    body = function.body[1:] if function.docstring else function.body
    return (function.end_line - body[0].lineno + 1) if body else 0


def _body(function: Function) -> int:
    """A digest of what a function does, whatever its layout and docstring."""
    body = function.body[1:] if function.docstring else function.body
    return zlib.crc32("\n".join(ast.unparse(statement) for statement in body).encode("utf-8", "surrogatepass"))


@project_rule("NBK902", "training-in-notebook", severity="low", minutes=45, evidence="N", collect=collect)
def check(project: Project) -> Iterator[Found]:
    collected = [(file, msgspec.convert(item, _Trains)) for file, item in project.extras("NBK902")]
    modules = [(file.path, each) for file, each in collected if file.role == "source" and not each.is_paired]
    windows = [(path, _windows(each)) for path, each in modules] if any(each.cells for _, each in collected) else []
    limit = int(project.limit("NBK902", _MOST_CELLS))
    for file, notebook in collected:
        if not notebook.cells:
            continue
        copied = _same_function(notebook, modules) or _same_lines(notebook, windows)
        if copied is not None:
            line, message = copied
            yield Found(notebook.spot(file.path, line), message, "<module>", "copy")
        elif len(notebook.cells) > limit:
            message = f"a notebook with {len(notebook.cells)} code cells that trains: move its steps into modules"
            yield Found(notebook.spot(file.path, notebook.works[0]), message, "<module>", "many cells")


def _same_function(notebook: _Trains, modules: list[tuple[str, _Trains]]) -> tuple[int, str] | None:
    """The first training function of the notebook that a module has too, of the same name and body."""
    theirs = {(name, body): path for path, each in modules for name, body, _ in each.functions}
    for name, body, line in notebook.functions:
        path = theirs.get((name, body))
        if path is not None:
            return line, f"{name} is a copy of the one in {path}: import it"
    return None


def _same_lines(notebook: _Trains, modules: list[tuple[str, dict[_Window, int]]]) -> tuple[int, str] | None:
    """The first run of lines with a training step that a module has too."""
    own = _windows(notebook)
    for path, theirs in modules:
        for start in sorted(own[window] for window in own.keys() & theirs.keys()):
            first, last = notebook.numbers[start], notebook.numbers[start + _LEAST_LINES - 1]
            if bisect_left(notebook.works, first) < bisect_right(notebook.works, last):
                message = f"{_LEAST_LINES} or more lines of training are a copy of lines in {path}"
                return first, f"{message}: move them into a function there and import it"
    return None


def _windows(each: _Trains) -> dict[_Window, int]:
    """Each run of lines, by its digests, with the place where it begins."""
    digests = each.digests
    return {tuple(digests[start : start + _LEAST_LINES]): start for start in range(len(digests) - _LEAST_LINES, -1, -1)}
