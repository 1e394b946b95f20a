"""A model version goes straight to production: no staging, no gate, no comparison.

## What it does
Finds code that gives a version the alias `champion` or `production`, or moves it to the stage *Production*, in a
program in which nothing is asked before: no staging stage, no comparison of a metric with a threshold or with the
version in production, no gate, no validation of the model.

## Why is this bad?
Every training that runs to its end replaces the model that customers see, however bad the new one is. (Pipeline
debt; ML Test Score Infra 4 "model quality is validated before serving" and 6 "models are deployed via a canary
process", Breck et al. 2017.)

## Example
```python
version = mlflow.register_model(uri, "churn")
client.set_registered_model_alias("churn", "champion", version.version)
```

## Use instead
```python
client.set_registered_model_alias("churn", "challenger", version.version)
if auc_of("churn@challenger") > auc_of("churn@champion") + 0.002:
    client.set_registered_model_alias("churn", "champion", version.version)
```

## Limits
Speaks of calls of the registry's client whose alias or stage is written in the code. A comparison counts as a gate
wherever the program makes it before the call. Rolling back to an earlier version is not looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.project.wide import Wide, wide_of
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors, argument, constant, keyword, parent_of, text_of

_LIVE = frozenset({"production", "prod", "champion", "live"})
_BEFORE = re.compile(r"(?i)(^|[-_ ])(stag|challenger|contender|candidate|shadow|canary|test|qa|uat|dev|pre)")
"""Aliases and stages that come before production."""
_METRIC = re.compile(
    r"(?i)(^|_)(acc|accuracy|auc|f1|r2|rmse|mae|mape|mse|loss|score|scores|metric|metrics|precision|recall|error|logloss"
    r"|threshold|baseline|better|improved|improvement|passed|passes|approved|promote|should|performance|gate|champion"
    r"|challenger|best|valid|validated)(_|$)"
)
_GATES = re.compile(
    r"(?i)(^|_)(gate|gates|validate|compare|comparison|is_better|beats|approve|approval|check_model|shadow|canary)(_|$)"
)
_GATE_CALLS = frozenset({"mlflow.validate_evaluation_results", "mlflow.models.validate_evaluation_results"})
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_ROLL_BACK = re.compile(r"(?i)roll_?back|revert|restore")


def collect(module: Module) -> Iterator[list[Any]]:
    """``[promotes, qualified name, line, column, end line, cell, target]``, ``[gate, qualified name]``."""
    if not any(word in module.source for word in ("model_alias", "model_version_stage")):
        yield from _gates(module)
        return
    for call in module.calls_of("promotes"):
        target = _target(module, call)
        if target is None:
            continue
        if _BEFORE.search(target):
            yield ["gate", call.function.qualname]
        elif target.lower() in _LIVE and not _asked_before(call) and not _ROLL_BACK.search(call.function.qualname):
            spot = module.spot(call.node)
            where = [spot.line, spot.column, spot.end_line, spot.cell]
            yield ["promotes", call.function.qualname, *where, target]
    yield from _gates(module)


def _target(module: Module, call: Call) -> str | None:
    """The alias or the stage; ``?`` if it is not written there, None if the call does not say any."""
    position, name = (1, "alias") if call.method == "set_registered_model_alias" else (2, "stage")
    given = argument(call.node, position, name)
    if given is None:
        return None
    text = text_of(given)
    if text is None and isinstance(given, ast.Name):
        for scope in (call.function, module.own_code):
            values = scope.given.get(given.id, ())
            if len(values) == 1:
                return text_of(values[0]) or "?"
    return text if text is not None else "?"


def _asked_before(call: Call) -> bool:
    """Whether the call stands in a branch that a metric decides, or after one that leaves the function."""
    for above in ancestors(call.node):
        if isinstance(above, ast.If) and _asks(above.test):
            return True
        if above is call.function.node:
            break
    return False


def _asks(test: ast.expr) -> bool:
    for node in ast.walk(test):
        name = (
            node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else text_of(node)
        )
        if isinstance(name, str) and _METRIC.search(name):
            return not (
                isinstance(test, ast.Compare)
                and any(constant(each) is None and isinstance(each, ast.Constant) for each in test.comparators)
            )
    return False


def _gates(module: Module) -> Iterator[list[Any]]:
    """Functions that compare metrics and do something about it."""
    seen: set[str] = set()
    for node in module.of(ast.Compare):
        above = parent_of(node)
        while isinstance(above, ast.BoolOp | ast.UnaryOp):
            above = parent_of(above)
        if isinstance(node.ops[0], _ORDER) and isinstance(above, ast.If | ast.Assert | ast.IfExp) and _asks(node):
            function = module.function_at(node.lineno)
            if function.qualname not in seen:
                seen.add(function.qualname)
                yield ["gate", function.qualname]
    for call in module.calls:
        if keyword(call.node, "validation_thresholds") is not None:
            yield ["gate", call.function.qualname]


@project_rule("PIP501", "straight-to-production", severity="blocker", minutes=60, evidence="S", collect=collect)
def check(project: Project) -> Iterator[Found]:
    gates: set[tuple[str, str]] = set()
    promotions: list[tuple[Place, list[Any]]] = []
    for file, item in project.extras("PIP501"):
        key = file.path, item[1]
        if item[0] == "gate":
            gates.add(key)
        elif key in project.functions:
            promotions.append((project.functions[key], item))
    if not promotions:
        return
    wide = wide_of(project)
    for place, item in promotions:
        if any(_gated(wide, start, gates) for start in _starts(project, place)):
            continue
        yield place.found(
            Spot(place.file.path, *item[2:6]),
            f"the version goes straight to '{item[6]}': let a gate compare it with the version in production first",
            subject=str(item[6]),
        )


def _starts(project: Project, place: Place) -> list[Place]:
    """The functions that nobody calls from which this one is reached, and all on the way; itself among them."""
    found = {place.key: place}
    todo = [place]
    while todo:
        for caller, _ in project.callers.get(todo.pop().key, ()):
            if caller.key not in found and caller.file.role != "test":
                found[caller.key] = caller
                todo.append(caller)
    return list(found.values())


def _gated(wide: Wide, start: Place, gates: set[tuple[str, str]]) -> bool:
    for key, place in wide.reach(start).items():
        if key in gates or _GATES.search(place.function.qualname.rpartition(".")[2]):
            return True
        if any(
            call.name in _GATE_CALLS or _GATES.search(call.name.rpartition(".")[2]) for call in place.function.calls
        ):
            return True
    return False
