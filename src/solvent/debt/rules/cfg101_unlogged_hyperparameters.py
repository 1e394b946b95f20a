"""A tracked run trains with hyper-parameters that it does not log.

## What it does
Finds estimators and optimizers that are given literal hyper-parameters in programs that log to a tracker, where
neither the parameter's name nor its value is logged: not by `log_param(s)`, not in the run's `config`, not by
automatic logging.

## Why is this bad?
The run shows a metric and not what made it. Nobody can repeat the best run, or tell why two runs differ.
(Configuration debt, Sculley et al. 2015; "ML Test Score" Infrastructure 1, Breck et al. 2017.)

## Example
```python
with mlflow.start_run():
    model = RandomForestClassifier(max_depth=5).fit(X, y)
    mlflow.log_metric("auc", auc(model))
```

## Use instead
```python
params = {"max_depth": 5}
with mlflow.start_run():
    mlflow.log_params(params)
    model = RandomForestClassifier(**params).fit(X, y)
    mlflow.log_metric("auc", auc(model))
```

## Limits
Silent as soon as something is logged whose keys can't be told (`log_params(vars(args))`, `get_params()`). Seeds,
numbers of jobs and verbosity are no hyper-parameters here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, constant, keyword, text_of

_NEUTRAL = re.compile(
    r"random_state|random_seed|seed|n_jobs|verbose|verbosity|silent|thread_count|nthread|use_label_encoder|"
    r"probability|device|allow_writing_files|gpu_id|warm_start|enable_categorical|name|copy_x|cache_size|"
    r"foreach|fused|logging_level|eval_metric|feval|evals_result|custom_metric"
)
_TRACKERS = ("mlflow.", "solvent.", "wandb.", "?.log_", "comet_ml.")
_OPAQUE = ("neptune.", "clearml.", "aim.", "sacred.", "dvclive.", "guild.", "trackio.")
_OTHERS = ("transformers.", "pytorch_lightning.", "lightning.")
_BOOSTERS = ("xgboost.train", "lightgbm.train", "xgboost.cv", "lightgbm.cv")
_NAMED = frozenset({"log_param", "log_parameter", "set_tag", "log_metric", "log_other"})
_MANY = frozenset(
    {"log_params", "log_parameters", "log_hyperparams", "set_tags", "update", "log_batch", "log_dict", "log_metrics"}
)


class Built(msgspec.Struct, frozen=True, array_like=True):
    """A model or optimizer, with literal parameters: name, the value as text, the variable that it came in."""

    qualname: str
    name: str
    params: list[tuple[str, str, str]]
    subject: str
    spot: Spot


class Logged(msgspec.Struct, frozen=True, array_like=True):
    """What a function logs: names, values and variables. ``opaque``: something whose keys can't be told."""

    qualname: str
    words: list[str]
    opaque: bool


def collect(module: Module) -> Iterator[tuple[str, Built | Logged]]:
    """Models with literal parameters, and what is logged."""
    opaque = any(name.startswith(_OPAQUE) for name in (f"{n}." for n in module.names.imported.values()))
    words: dict[str, list[str]] = {}
    unknown = {"<module>"} if opaque else set()
    for call in module.calls:
        if "builds_model" in call.kinds and not call.name.startswith(_OTHERS):
            params = list(_params(call))
            if params:
                short = call.name.rpartition(".")[2] if call.name not in _BOOSTERS else call.name
                yield (
                    "built",
                    Built(call.function.qualname, short, params, ast.unparse(call.node)[:300], module.spot(call.node)),
                )
        elif "logs_param" in call.kinds or "starts_run" in call.kinds or call.method in _NAMED | _MANY - {"update"}:
            found = _logged(call)
            if found is None:
                unknown.add(call.function.qualname)
            else:
                words.setdefault(call.function.qualname, []).extend(each for each in found if each.isprintable())
    for qualname in {*words, *unknown}:
        yield "logged", Logged(qualname, words.get(qualname, []), qualname in unknown)


def _params(call: Call) -> Iterator[tuple[str, str, str]]:
    """The hyper-parameters of a call whose values are literals; none if some of them are hidden."""
    found: list[tuple[str, str, str]] = []
    given = call.node.args
    if call.name in _BOOSTERS:
        items = _dict(call.function, argument(call.node, 0, "params"))
        if items is None:
            return
        found += _literals(call.function, items, _variable(argument(call.node, 0, "params")))
    elif "optim" in call.name and given:
        rate = given[1] if call.name.startswith("torch.") and len(given) > 1 else None
        rate = given[0] if rate is None and not call.name.startswith("torch.") else rate
        if rate is not None:
            found += _literals(call.function, [("lr", rate)], "")
    for each in call.node.keywords:
        if each.arg is not None:
            found += _literals(call.function, [(each.arg, each.value)], "")
            continue
        items = _dict(call.function, each.value)
        if items is None:
            return
        found += _literals(call.function, items, _variable(each.value))
    yield from found


def _literals(function: Function, items: list[tuple[str, ast.expr]], variable: str) -> Iterator[tuple[str, str, str]]:
    for name, value in items:
        if _NEUTRAL.fullmatch(name):
            continue
        literal = _literal(function, value) if name.isprintable() else None
        if literal is not None:
            yield name, repr(literal), variable or _variable(value)


def _literal(function: Function, node: ast.expr) -> Any:
    """A number or text, also of a variable that is only ever given that one."""
    if isinstance(node, ast.Tuple | ast.List):
        values = [constant(each) for each in node.elts]
        return tuple(values) if values and None not in values else None
    if isinstance(node, ast.Name):
        given = _given(function, node.id)
        return constant(given[0]) if len(given) == 1 and not isinstance(given[0], ast.Name) else None
    return constant(node)


def _given(function: Function, name: str) -> list[ast.expr]:
    scope: Function | None = function
    while scope is not None:
        if name in scope.parameters:
            return []
        if name in scope.given:
            return scope.given[name]
        scope = scope.outer
    return []


def _dict(function: Function, node: ast.expr | None) -> list[tuple[str, ast.expr]] | None:
    """The items of a dictionary that is written out, perhaps in a variable; None if it can't be told."""
    if isinstance(node, ast.Name):
        given = _given(function, node.id)
        node = given[0] if len(given) == 1 else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        return [(each.arg, each.value) for each in node.keywords if each.arg]
    if not isinstance(node, ast.Dict):
        return None
    items: list[tuple[str, ast.expr]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            inner = _dict(function, value)
            if inner is None:
                return None
            items += inner
        elif (name := text_of(key)) is not None:
            items.append((name, value))
        else:
            return None
    return items


def _variable(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _logged(call: Call) -> list[str] | None:
    """The names, values and variables that a call logs; None if they can't be told."""
    if call.method in _NAMED:
        name, value = argument(call.node, 0, "key"), argument(call.node, 1, "value")
        words = [text_of(name)] if name is not None else [None]
        if words[0] is None:
            return None if call.method not in ("log_metric", "set_tag") else []
        if call.method in ("log_metric", "set_tag"):
            return [str(words[0])]
        literal = constant(value)
        return [str(words[0]), *([repr(literal)] if literal is not None else []), *_names(value)]
    if "starts_run" in call.kinds:
        config = keyword(call.node, "config")
        if config is None or constant(config) is not None:
            return []
    else:
        config = argument(call.node, 0)
        if call.method == "log_batch":
            config = argument(call.node, 2, "params")
        if config is None:
            return None if call.node.keywords else []
        if call.method in ("log_metrics", "set_tags"):
            return [name for name, _ in _dict(call.function, config) or []]
    items = _dict(call.function, config)
    if items is None:
        return None
    words_of: list[str] = [_variable(config)] if _variable(config) else []
    for key, value in items:
        literal = constant(value)
        words_of += [key, *([repr(literal)] if literal is not None else []), *_names(value)]
    return words_of


def _names(node: ast.expr | None) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)] if node is not None else []


@project_rule("CFG101", "unlogged-hyperparameters", severity="high", minutes=10, evidence="S", collect=collect)
def check(project: Project) -> Iterator[Found]:
    built: list[tuple[Place, Built]] = []
    logged: dict[tuple[str, str], Logged] = {}
    for file, (kind, item) in project.extras("CFG101"):
        if kind == "built":
            each = msgspec.convert(item, Built)
            place = project.functions.get((file.path, each.qualname))
            if place is not None:
                built.append((place, each))
        else:
            log = msgspec.convert(item, Logged)
            logged[file.path, log.qualname] = log
    if not built or not any(_tracks(place) for place in project.places()):
        return
    for place, model in built:
        words = _words_near(project, place, logged)
        if words is None:
            continue
        missing = [
            (name, value) for name, value, variable in model.params if not _is_logged(name, value, variable, words)
        ]
        if missing:
            names = ", ".join(f"{name}={value}" for name, value in missing[:4]) + (", ..." if len(missing) > 4 else "")
            message = f"{model.name}: {names} is not logged with the run: log_params() what the model is given"
            yield place.found(model.spot, message, subject=model.subject)


def _is_logged(name: str, value: str, variable: str, words: set[str]) -> bool:
    if variable and variable in words:
        return True
    plain = _plain(name)
    known = {_plain(word) for word in words}
    if plain in known or any(each.endswith(plain) or (len(each) > 3 and plain.endswith(each)) for each in known):
        return True
    if plain in _RATES and not _RATES.isdisjoint(known):
        return True
    return value in words and value not in _COMMON


_RATES = frozenset({"lr", "learningrate", "eta", "alpha", "initiallr", "baselr"})
_COMMON = frozenset({"0", "1", "True", "False", "None", "2"})


def _plain(name: str) -> str:
    return name.rpartition("__")[2].rpartition(".")[2].replace("_", "").replace("-", "").replace(" ", "").lower()


def _tracks(place: Place) -> bool:
    """Whether a function logs to a tracker."""
    return any(
        call.name.startswith(_TRACKERS)
        and not {"starts_run", "logs_metric", "logs_model", "logs_param"}.isdisjoint(call.kinds)
        for call in place.function.calls
    )


def _words_near(project: Project, place: Place, logged: dict[tuple[str, str], Logged]) -> set[str] | None:
    """All that is logged where a model is made; None if no run is tracked there, or it can't be told what is logged."""
    around = [place, *_callers(project, place, 3)]
    near = [place, *(callee for _, callee in project.calls(place))]
    for caller in around[1:]:
        near += [caller, *(callee for _, callee in project.calls(caller))]
    if not any(_tracks(each) for each in near):
        return None
    words: set[str] = set()
    seen: set[tuple[str, str]] = set()
    for each in around:
        for reached in project.reach(each).values():
            if reached.key in seen:
                continue
            seen.add(reached.key)
            if any("autologs" in call.kinds for call in reached.function.calls):
                return None
            log = logged.get(reached.key)
            if log is not None:
                if log.opaque:
                    return None
                words.update(log.words)
    return words


def _callers(project: Project, place: Place, depth: int) -> Iterator[Place]:
    if depth:
        for caller, _ in project.callers.get(place.key, ()):
            if caller.file.role in ("source", "notebook"):
                yield caller
                yield from _callers(project, caller, depth - 1)
