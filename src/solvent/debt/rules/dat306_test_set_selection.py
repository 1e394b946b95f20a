"""What is selected, is selected on the test set.

## What it does
Finds test data that steers: as the evaluation set of early stopping or of a checkpoint and again for the final score;
in a loop that keeps the best model or tries values of a hyper-parameter; in the objective of a search.

## Why is this bad?
The best of many tries on one test set is partly luck, and the final score repeats the luck. (Data debt; multi-test
leakage, Yang et al. 2022.)

## Example
```python
for k in range(1, 30):
    model = KNeighborsClassifier(n_neighbors=k).fit(X_train, y_train)
    scores.append(model.score(X_test, y_test))
```

## Use instead
```python
search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": range(1, 30)}).fit(X_train, y_train)
print(search.score(X_test, y_test))
```

## Limits
Test data is known by its name. Where a name speaks of validation data, the file is taken to know the difference.
Comparing finished models of different kinds without keeping one is accepted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.practice.selection import STOPS, is_test, selects_by_best, test_name, tries_values
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module, normal_form
from solvent.debt.syntax.nodes import LOOPS, ancestors, keyword

_VALIDATION = re.compile(
    r"(^|_)(x|y|d)?_?(val|valid|validation|dev)_?(x|y|set|loader|data|df|ds|dl|gen|split|acc|loss|idx)|^[xy]_?v(al)?$"
    r"|^(x|y|d|df|data)_?(val|valid|validation|dev)$|^(validation|dev)$",
    re.IGNORECASE,
)
_EVALUATION = ("eval_set", "validation_data", "evals", "valid_sets")
_APPLIES = frozenset({"predict", "predict_proba", "score", "evaluate"})


@module_rule(
    "DAT306",
    "test-set-selection",
    severity="high",
    minutes=45,
    evidence="F",
    needs=(b"test", b"Test"),
)
def check(module: Module) -> Iterator[Found]:
    assert module.calls is not None
    if any(
        _VALIDATION.search(name) for function in module.functions for name in (*function.given, *function.parameters)
    ):
        return
    for function in module.functions:
        if function.calls and not _makes_folds(function):
            yield from _stopped(module, function)
            yield from _selected(module, function)


def _makes_folds(function: Function) -> bool:
    """Whether the test parts are those of folds, which are there to select on."""
    return any("splits" in call.kinds and call.method == "split" for call in function.calls)


def _stopped(module: Module, function: Function) -> Iterator[Found]:
    applied = [call for call in function.calls if call.method in _APPLIES and test_name(call.node)]
    for call in function.calls:
        name = _stopping_set(call) if "trains" in call.kinds else ""
        if name and any(other.line > call.line and test_name(other.node) == name for other in applied):
            message = f"training stops where {name} is best, and {name} is scored too: hold out a validation part"
            yield module.found(call.node, message)


def _selected(module: Module, function: Function) -> Iterator[Found]:
    told: set[int] = set()
    for place in _looks(module, function):
        loops = [each for each in ancestors(place) if isinstance(each, LOOPS)]
        for loop in loops:
            if module.function_at(loop.lineno) is not function:
                break
            how = "the best model is chosen" if selects_by_best(loop) else ""
            how = how or tries_values(loop, function)
            if how and id(loop) not in told:
                told.add(id(loop))
                message = f"{how} on {test_name(place)}: hold out a validation part or cross-validate"
                yield module.found(place, message)
        if not loops and "trial" in function.parameters and id(function) not in told:
            told.add(id(function))
            message = f"trials are compared on {test_name(place)}: hold out a validation part or cross-validate"
            yield module.found(place, message)


def _looks(module: Module, function: Function) -> Iterator[ast.Call | ast.For]:
    """Where a model is applied to test data: by a method, by a function of one's own, or batch by batch."""
    for call in function.calls:
        name = test_name(call.node)
        if name and (call.method in _APPLIES or (not call.kinds and "load" in name.lower() and _in_loop(call))):
            yield call.node
    for loop in module.of(ast.For):
        if test_name(loop) and module.function_at(loop.lineno) is function:
            yield loop


def _in_loop(call: Call) -> bool:
    return call.method not in ("len", "enumerate", "tqdm", "iter", "next") and any(
        isinstance(each, LOOPS) for each in ancestors(call.node)
    )


def _stopping_set(call: Call) -> str:
    """The test data that early stopping or a checkpoint watches."""
    given = next((value for name in _EVALUATION if (value := keyword(call.node, name)) is not None), None)
    if given is None or not _stops(call):
        return ""
    return next((each.id for each in ast.walk(given) if isinstance(each, ast.Name) and is_test(each.id)), "")


def _stops(call: Call) -> bool:
    rounds = keyword(call.node, "early_stopping_rounds")
    if rounds is not None and not (isinstance(rounds, ast.Constant) and rounds.value is None):
        return True
    callbacks = keyword(call.node, "callbacks")
    if callbacks is not None:
        parts = callbacks.elts if isinstance(callbacks, ast.List) else [callbacks]
        texts = [normal_form(part) for part in parts]
        texts += [normal_form(value) for text in texts for value in call.function.given.get(text, ())]
        return any(STOPS.search(text) for text in texts)
    receiver = call.receiver
    makers = call.function.given.get(receiver.id, []) if isinstance(receiver, ast.Name) else []
    return any(isinstance(maker, ast.Call) and keyword(maker, "early_stopping_rounds") is not None for maker in makers)
