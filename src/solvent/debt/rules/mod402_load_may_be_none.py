"""A model that may be None is applied without asking.

## What it does
Finds `predict` and its like on what a load may have left as None: a loading function that returns None, or nothing,
where the file is missing or an exception was caught; `get` of a dict of models; an attribute or a global variable
whose loading failed silently; what a load was to bind whose failure is caught, so that it has no value at all; and `model = model.load_model(path)` of libraries whose method returns nothing.

## Why is this bad?
The load fails for a reason (a missing file, another version) that is swallowed; the program runs on and breaks at the
first request with `'NoneType' object has no attribute 'predict'`, which says nothing of the cause. (Model debt; as in
thundersvm issue 169, where the None of `load_from_file` became the model.)

## Example
```python
def load_model(path):
    try:
        return joblib.load(path)
    except Exception as error:
        print(error)


model = load_model("model.joblib")
model.predict(X)
```

## Use instead
```python
def load_model(path):
    try:
        return joblib.load(path)
    except FileNotFoundError as error:
        raise RuntimeError(f"no model at {path}: run train.py first") from error
```

## Limits
Silent where the function that applies the model tests it, or a flag like `model_loaded`, or calls a method like
`self._ensure_loaded()` first, and where another class or an unknown function may have loaded it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.maybe_none import Applied, applied, may_return_none, reassigned, unbound
from solvent.debt.project.project import Place, Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module

_ROLES = ("source", "notebook")


def collect(module: Module) -> Iterator[list[Any]]:
    """``[qualified name]`` of functions that may return None; those of reassignments; the fields of ``Applied``."""
    if module.role not in _ROLES or not any(word in module.source for word in ("load", "get", "predict")):
        return
    assert module.calls is not None
    yield from ([each.qualname] for each in module.functions if may_return_none(module, each))
    for call, name in reassigned(module):
        spot = module.spot(call.node)
        yield [call.function.qualname, [spot.line, spot.column, spot.end_line, spot.cell], name, call.method]
    for used, qualname, loading in unbound(module):
        spot = module.spot(used)
        yield [qualname, [spot.line, spot.column, spot.end_line, spot.cell], used.id, loading, "unbound"]
    yield from (list(each) for each in applied(module))


@project_rule("MOD402", "load-may-be-none", severity="blocker", minutes=10, evidence="F", collect=collect)
def check(project: Project) -> Iterator[Found]:
    maybe: set[tuple[str, str]] = set()
    uses: list[tuple[Place, Applied]] = []
    for file, item in project.extras("MOD402"):
        place = project.functions.get((file.path, item[0]))
        if place is None:
            continue
        if len(item) == 1:
            maybe.add(place.key)
        elif len(item) == 4:
            yield _reassigned(place, *item[1:])
        elif item[-1] == "unbound":
            yield _unbound(place, *item[1:4])
        else:
            uses.append((place, Applied(*item)))
    said: set[tuple[str, str, str]] = set()
    for place, use in uses:
        why = use.surely or _from_loader(project, place, use, maybe)
        if why and (key := (*place.key, use.name)) not in said:
            said.add(key)
            yield place.found(
                Spot(place.file.path, *use.where),
                f"'{use.name}' may be None at .{use.method}(): {why}; test it, or raise where the load fails",
                subject=f"{use.name}.{use.method}",
            )


def _reassigned(place: Place, where: list[Any], name: str, method: str) -> Found:
    return place.found(
        Spot(place.file.path, *where),
        f"{method}() loads in place and returns None, which becomes '{name}': call it without assigning",
        subject=f"{name} = {method}",
    )


def _unbound(place: Place, where: list[Any], name: str, loading: str) -> Found:
    return place.found(
        Spot(place.file.path, *where),
        f"'{name}' has no value here if {loading}() failed, which is caught above: raise there, or give it one",
        subject=f"{name} of {loading}",
    )


def _from_loader(project: Project, place: Place, use: Applied, maybe: set[tuple[str, str]]) -> str:
    for name in use.loaders:
        callee = project.callee(name, place.file)
        if callee is not None and callee.key in maybe:
            return f"{callee.function.qualname}() may return None"
    return ""
