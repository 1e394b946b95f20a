"""A model is made with the library's hyper-parameters, and nobody records which they were.

## What it does
Finds estimators whose defaults decide the result (forests, boosting, support vectors, neighbours, networks ...) that
are made without any hyper-parameter; a seed, a number of jobs or verbosity are none. Of Keras' optimizers it wants the
learning rate. Programs that log automatically or record `get_params()` are
fine.

## Why is this bad?
Defaults change between versions of a library, so the same code trains another model, and the run does not say which.
(Code debt; data-specific code smell "hyperparameter not explicitly set", Zhang et al. 2022.)

## Example
```python
model = RandomForestClassifier()
```

## Use instead
```python
model = RandomForestClassifier(n_estimators=300, max_depth=12, min_samples_leaf=5)
```

## Limits
Silent where the arguments are unpacked, set later (`set_params`), searched by a tuner, or where the object is only the
shell for a saved model (`load_model`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors

_ESTIMATORS = re.compile(
    r"^(sklearn\.(ensemble|svm|tree|neighbors|neural_network|cluster|gaussian_process)\.\w+"
    r"|sklearn\.linear_model\.(LogisticRegression|Ridge|RidgeClassifier|Lasso|ElasticNet|SGD\w+|Perceptron|PassiveAggressive\w+)"
    r"|sklearn\.kernel_ridge\.KernelRidge|xgboost\.XGB\w+|lightgbm\.LGBM\w+|catboost\.CatBoost\w*|ngboost\.NGB\w+)$"
)
_OPTIMIZERS = re.compile(
    r"^(tensorflow\.|tf\.)?(keras\.)+(\w+\.)*optimizers\.(\w+\.)*(Adam\w*|SGD|RMSprop|Nadam|Adagrad|Adadelta|Ftrl)$"
)
_NEUTRAL = re.compile(
    r"random_state|random_seed|seed|n_jobs|verbose|verbosity|silent|thread_count|nthread|use_label_encoder|"
    r"probability|eval_metric|device|tree_method|task_type|allow_writing_files|class_weight|gpu_id|objective|"
    r"warm_start|enable_categorical"
)
_GRID = re.compile(r"grid|search_?space|param_?(dist|space)", re.IGNORECASE)
_LATER = frozenset({"set_params", "load_model", "load", "load_weights"})


class Made(msgspec.Struct, frozen=True, array_like=True):
    """An estimator without hyper-parameters; ``name`` empty: the file records parameters of models."""

    qualname: str
    name: str
    subject: str
    spot: Spot


def collect(module: Module) -> Iterator[Made]:
    """Estimators that are made without hyper-parameters, unless something sets them later."""
    tuned = _tuned(module)
    for call in module.calls:
        if call.method == "get_params":
            yield Made(call.function.qualname, "", "", module.spot(call.node))
        elif (
            (_ESTIMATORS.match(call.name) and _is_bare(call.node))
            or (_OPTIMIZERS.match(call.name) and _has_no_rate(call.node))
        ) and not _is_set_later(module, call, tuned):
            yield Made(call.function.qualname, call.name, ast.unparse(call.node), module.spot(call.node))


def _is_bare(node: ast.Call) -> bool:
    return not node.args and all(_NEUTRAL.fullmatch(each.arg or "**") for each in node.keywords)


def _has_no_rate(node: ast.Call) -> bool:
    return not node.args and not any(each.arg in (None, "lr", "learning_rate") for each in node.keywords)


def _tuned(module: Module) -> set[int]:
    """The functions that search hyper-parameters."""
    found = {id(call.function) for call in module.calls_of("tunes")}
    for function in module.functions:
        if any(_GRID.search(name) for name in (*function.given, *function.parameters)):
            found.add(id(function))
    return found


def _is_set_later(module: Module, call: Call, tuned: set[int]) -> bool:
    if id(call.function) in tuned:
        return True
    if any(isinstance(each, ast.Attribute) and each.attr in _LATER for each in ancestors(call.node)):
        return True
    if any(isinstance(each, ast.Compare | ast.arguments | ast.Raise) for each in ancestors(call.node)):
        return True
    above = getattr(call.node, "parent", None)
    targets = above.targets if isinstance(above, ast.Assign) else []
    names = {ast.unparse(target) for target in targets}
    return bool(names) and any(
        other.method in _LATER and other.receiver is not None and ast.unparse(other.receiver) in names
        for other in module.calls
    )


@project_rule(
    "COD201", "implicit-hyperparameters", severity="low", minutes=5, evidence="S", preview=False, collect=collect
)
def check(project: Project) -> Iterator[Found]:
    made: dict[tuple[str, str], list[Made]] = {}
    recorded: set[tuple[str, str]] = set()
    for file, item in project.extras("COD201"):
        each = msgspec.convert(item, Made)
        if each.name:
            made.setdefault((file.path, each.qualname), []).append(each)
        else:
            recorded.add((file.path, each.qualname))
    if not made:
        return
    captured: set[tuple[str, str]] = set()
    for entry in project.entries:
        reached = project.reach(entry.place)
        if not recorded.isdisjoint(reached) or project.reached_calls(entry.place, "autologs"):
            captured.update(reached)
    for key, estimators in made.items():
        place = project.functions.get(key)
        if place is None or key in captured:
            continue
        for each in estimators:
            short = each.name.rpartition(".")[2]
            message = (
                f"{short} takes whatever its defaults are in the installed version: set or log its hyper-parameters"
            )
            yield place.found(each.spot, message, subject=each.subject)
