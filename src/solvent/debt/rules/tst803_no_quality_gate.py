"""A model version is promoted without any test of its quality.

## What it does
Finds code that gives a model version a stage or an alias, and where neither the code around it nor any caller
compares a number, asserts, or asks a validation whether the model is good enough. If the project promotes nowhere and
registers versions in code, the registration is what is looked at.

## Why is this bad?
A training on broken data ends without an error, and its model serves the next request. (Test debt; ML Test Score,
Infra 4: model quality is validated before serving.)

## Example
```python
mlflow.sklearn.log_model(model, "model", registered_model_name="churn")
client.set_registered_model_alias("churn", "champion", version)
```

## Use instead
```python
if auc >= 0.80 and auc >= champion_auc - 0.005:
    client.set_registered_model_alias("churn", "champion", version)
```

## Limits
It speaks once for each function, and not of notebooks: there somebody looks at what is promoted. Moving to Staging or
Archived, and aliases of candidates, need no gate; where the stage or the alias is a parameter, it is for the callers to
ask. A name like `validate`, `gate`, `approve` or `is_better` that is called before counts as one, and so do
`validation_thresholds` of MLflow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, keyword, text_of

_GATE = re.compile(
    r"valid|gate|approv|accept|better|improv|threshold|compare|check|passes|passed|quality|assert|should_|is_good|beats"
    r"|exceeds|confirm",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"acc|auc|f1|score|metric|loss|rmse|mae|mse|mape|r2|error|precision|recall|threshold|perf|kappa|gini|lift|best|champion"
    r"|baseline|minimum|min_|limit|quality|drift|psi|current|candidate|new_|old_|prod|corr|iou|dice|bleu|rouge|perplexity",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"^(staging|archived|none|candidate|challenger|dev|development|test|shadow|latest|new|canary)$", re.IGNORECASE
)
_NEAR = ("mlflow", "solvent", "regist", "promot", "deploy", "publish")
"""Words of files that may promote, or call what does."""
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_CALLERS = 4


def collect(module: Module) -> Iterator[tuple[str, Any]]:
    """Promotions and registrations with their places; functions that compare measures or ask a gate."""
    if module.role != "source" or not any(word in module.source for word in _NEAR):
        return
    yield from (("gated", name) for name in sorted(set(_gated(module))))
    for call in module.calls:
        kind = _kind(call)
        if kind is not None:
            spot = module.spot(call.node)
            place = [spot.line, spot.column, spot.end_line, spot.cell]
            yield kind, [call.function.qualname, call.method, place]


def _gated(module: Module) -> Iterator[str]:
    for node in module.of(ast.Compare):
        if any(isinstance(operator, _ORDER) for operator in node.ops) and _is_measured(node):
            yield module.function_at(node.lineno).qualname
    for call in module.calls:
        if _GATE.search(call.method) or keyword(call.node, "validation_thresholds") is not None:
            yield call.function.qualname


def _is_measured(node: ast.Compare) -> bool:
    """Whether something that is compared is named like a measure."""
    for below in ast.walk(node):
        name = below.id if isinstance(below, ast.Name) else below.attr if isinstance(below, ast.Attribute) else ""
        if _MEASURE.search(name or text_of(below) or ""):
            return True
    return False


def _kind(call: Call) -> str | None:
    if "promotes" in call.kinds:
        position, name = (1, "alias") if call.method == "set_registered_model_alias" else (2, "stage")
        node = argument(call.node, position, name)
        given = text_of(node)
        harmless = given is not None and _HARMLESS.match(given.strip())
        return None if harmless or _is_passed_on(node, call) else "promotes"
    if call.method in ("register_model", "create_model_version"):
        return "registers" if call.name.startswith(("mlflow.", "solvent.")) else None
    name_given = keyword(call.node, "registered_model_name")
    return "registers" if name_given is not None and not _is_passed_on(name_given, call) else None


def _is_passed_on(node: ast.expr | None, call: Call) -> bool:
    """Whether callers say which stage, alias or model it is: then it is for them to ask."""
    names = {below.id for below in ast.walk(node) if isinstance(below, ast.Name)} if node is not None else set()
    return not names.isdisjoint(call.function.parameters)


@project_rule("TST803", "no-quality-gate", severity="high", minutes=45, evidence="P", collect=collect)
def check(project: Project) -> Iterator[Found]:
    gated: set[tuple[str, str]] = set()
    found: dict[str, list[tuple[Place, str, Spot]]] = {"promotes": [], "registers": []}
    for file, (kind, item) in project.extras("TST803"):
        if kind == "gated":
            gated.add((file.path, item))
            continue
        qualname, method, spot = item
        place = project.functions.get((file.path, qualname)) or Place(file, file.functions[0])
        found[kind].append((place, method, Spot(file.path, *spot)))
    spoken: set[tuple[str, str]] = set()
    for place, method, spot in found["promotes"]:
        if place.key not in spoken and not _is_gated(project, place, gated):
            spoken.add(place.key)
            message = f"{method} promotes a version that nothing has tested: compare its metrics with a limit before"
            yield place.found(spot, message, subject=method)
    if not found["promotes"]:
        for place, method, spot in found["registers"]:
            if not _is_gated(project, place, gated):
                message = (
                    f"{method} registers a version that nothing has tested: compare its metrics with a limit before"
                )
                yield place.found(spot, message, subject=method, severity="medium")
                return


def _is_gated(project: Project, place: Place, gated: set[tuple[str, str]]) -> bool:
    """Whether a function, or one of those that lead to it, asks whether the model is good enough."""
    seen = {place.key}
    level = [place.key]
    for _ in range(_CALLERS):
        if not gated.isdisjoint(level):
            return True
        level = [caller.key for key in level for caller, _ in project.callers.get(key, ()) if caller.key not in seen]
        seen.update(level)
    return False
