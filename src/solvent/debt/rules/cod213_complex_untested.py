"""A function that trains, serves or prepares data is hard to understand, and no test reaches it.

## What it does
Finds functions whose cognitive complexity is over the limit, that work with data or models or stand in a file that
does, and that no test calls, directly or through other functions.

## Why is this bad?
Nobody can tell by reading whether such code is right, and nothing else tells it either. Changes are made by trial
and error, on results that take hours. (Code debt; Campbell, "Cognitive Complexity", SonarSource 2018.)

## Example
```python
def prepare(rows, mode):
    for row in rows:
        if mode == "train":
            if row.label is not None and row.label != "?":
                ...  # and so on, five levels deep
```

## Use instead
```python
def prepare(rows, mode):
    return [features(row) for row in rows if is_usable(row, mode)]
```

## Limits
Functions of tests, examples and generated code are not looked at. If a test names the function, or its class, it is
taken as tested. What a decorator registers inside of another function, as the routes in a factory of an
application, is a function by itself.

## Options
`limit`: the greatest complexity that is no debt (25; at least 15).
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from solvent.debt.findings import Found
from solvent.debt.project.project import Place, Project
from solvent.debt.project.work import works
from solvent.debt.rule import project_rule
from solvent.debt.syntax.complexity import cognitive_complexity, is_registered
from solvent.debt.syntax.module import Module

LIMIT = 25
_LOWEST = 15
"""What a limit may be set to; below it nothing is kept."""
_FEWEST_LINES = 12
_BREAKS = (ast.If, ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.BoolOp, ast.Match, ast.Lambda)
_INDENT = 2
_WORK = frozenset(
    {"trains", "fits_transform", "transforms", "predicts", "splits", "resamples", "serves", "tunes", "cross_validates"}
    | {"evaluates", "reads_data", "saves_model", "loads_model", "builds_model"}
)
_NAMED = re.compile(
    r"(^|_)(re)?(train|fit|predict|preprocess|prepare|clean|features?|transform|infer|inference|forecast|augment|"
    r"load_data|process_data|make_dataset|build_dataset|serve|score|evaluate|validate|collate|tokenize|encode|step)(_|$|ing)"
)
_DEEPEST = 2
"""Its own calls, and those of what it calls."""


class Complex(msgspec.Struct, frozen=True, array_like=True):
    """A function and its complexity."""

    qualname: str
    complexity: int


def collect(module: Module) -> Iterator[Complex]:
    """The functions of one file that may be over a limit."""
    if module.role not in ("source", "notebook"):
        return
    long = [each for each in module.functions[1:] if each.end_line - each.line >= _FEWEST_LINES]
    if not long:
        return
    nodes: list[Any] = [node for kind in _BREAKS for node in module.of(kind)]
    breaks = sorted((node.lineno, node.col_offset) for node in nodes)
    for function in long:
        node = function.node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.outer is not module.own_code and not is_registered(node):
            continue  # what is nested counts to what is around it
        inside = breaks[bisect_left(breaks, (function.line, 0)) : bisect_left(breaks, (function.end_line + 1, 0))]
        if sum(2 + max(0, column - node.col_offset) // _INDENT for _, column in inside) <= _LOWEST:
            continue  # it can't be more
        found = cognitive_complexity(node)
        if found > _LOWEST:
            yield Complex(function.qualname, found)


@project_rule(
    "COD213", "complex-untested", severity="medium", minutes=45, evidence="FP", preview=False, collect=collect
)
def check(project: Project) -> Iterator[Found]:
    limit = project.limit("COD213", LIMIT)
    tested = _Tested(project)
    for file, item in project.extras("COD213"):
        each = msgspec.convert(item, Complex)
        place = project.functions.get((file.path, each.qualname))
        if each.complexity <= limit or place is None or not _works(project, place) or tested.reaches(place):
            continue
        yield place.found(
            place.function.spot,
            f"{place.function.qualname} is hard to understand (cognitive complexity {each.complexity}, limit {limit:g})"
            " and no test reaches it: split it up, or test it first",
            subject=f"def {place.function.qualname}",
        )


def _works(project: Project, place: Place) -> bool:
    """Whether a function trains, serves or prepares data, by what it calls or by its name, or stands beside such."""
    if _NAMED.search(place.function.qualname.rpartition(".")[2].lower()):
        return True
    seen = {place.key}
    level = [place]
    for _ in range(_DEEPEST):
        if any(not _WORK.isdisjoint(call.kinds) for each in level for call in each.function.calls):
            return True
        level = [callee for each in level for _, callee in project.calls(each) if callee.key not in seen]
        seen |= {each.key for each in level}
    return any(works(project, Place(place.file, other), _WORK) for other in place.file.functions)


class _Tested:
    """What tests reach, found out only if it is asked."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def reaches(self, place: Place) -> bool:
        names, keys = self._places
        own = place.function.qualname.rpartition(".")[2]
        return place.key in keys or own in names or (place.function.class_name or own) in names

    @cached_property
    def _places(self) -> tuple[set[str], set[tuple[str, str]]]:
        names: set[str] = set()
        keys: set[tuple[str, str]] = set()
        todo: list[Place] = []
        for file in self._project.of_roles(("test",)):
            names |= set(file.names) | {imported.rpartition(".")[2] for imported in file.imports}
            todo += [Place(file, function) for function in file.functions]
        while todo:
            place = todo.pop()
            for _, callee in self._project.calls(place):
                if callee.key not in keys:
                    keys.add(callee.key)
                    todo.append(callee)
        return names, keys
