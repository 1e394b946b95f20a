"""A classifier is judged by its accuracy alone.

## What it does
Finds programs whose only measure of a classifier is accuracy: `accuracy_score`, a classifier's `score()`,
cross-validation without `scoring`, or a Keras model that is compiled with `metrics=["accuracy"]` and evaluated.

## Why is this bad?
Accuracy depends on one threshold and on how often each class occurs: with one positive in a hundred, always saying no
is 99 % accurate. Changes that hurt a rare class or a group stay unseen. (Model debt; data-specific code smell
"threshold-dependent validation", Zhang et al. 2022; "ML Test Score" Model 6, Breck et al. 2017.)

## Example
```python
print(accuracy_score(y_test, model.predict(X_test)))
```

## Use instead
```python
print(classification_report(y_test, model.predict(X_test)))
print(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))
```

## Limits
One finding per program. Any other measure of classification that the program names (AUC, F1, precision, recall, a
confusion matrix, a report, log loss ...) keeps the rule silent, and so does another program of the project that loads
the model and measures it so. The `score()` of what is not known to be a classifier is not counted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, has_unpacking, keyword, text_of

_RICH = re.compile(
    r"(?<![a-z])(auc|auroc|auprc|f1|fbeta|mcc|roc|kappa|gini|iou|dice|brier|ks|ap|jaccard|lift)(?![a-z])"
    r"|precision|recall|confusion|classification_?report|matthews|log_?loss|sensitivity|specificity|top_?k_acc"
    r"|balanced_acc|hamming|class_report|hinge_loss|f_?measure|f1_?score|roc_?(auc|curve)|gains",
    re.IGNORECASE,
)
_CLASSIFIER = re.compile(
    r"(Classifier\w*|LogisticRegression\w*|SVC|NB|LinearDiscriminantAnalysis|QuadraticDiscriminantAnalysis|Perceptron|NearestCentroid)$"
)
_FOLDS = frozenset({"sklearn.model_selection.cross_val_score", "sklearn.model_selection.cross_validate"})
_ACCURACY = frozenset(
    {"accuracy", "acc", "Accuracy", "sparse_categorical_accuracy", "binary_accuracy", "categorical_accuracy"}
)


class Measure(msgspec.Struct, frozen=True, array_like=True):
    """Accuracy that is measured in a function; ``name`` empty: the file names some other measure."""

    qualname: str
    name: str
    spot: Spot


def collect(module: Module) -> Iterator[Measure]:
    """Measures of a file; those of Keras only where the model is also evaluated."""
    evaluated = any(call.method == "evaluate" for call in module.calls)
    for call in module.calls:
        name = _accuracy(call)
        if name or (evaluated and call.method == "compile" and _is_only_accuracy(call)):
            yield Measure(call.function.qualname, name or "metrics", module.spot(call.node))
    if _names_others(module):
        yield Measure("<module>", "", module.spot(0))


def _accuracy(call: Call) -> str:
    """How a call measures accuracy; empty if it doesn't."""
    if call.name == "sklearn.metrics.accuracy_score":
        return "accuracy_score"
    if call.method == "score" and call.node.args and _CLASSIFIER.search(call.name.rpartition(".")[0]):
        return f"{call.name.rpartition('.')[0].rpartition('.')[2]}.score"
    if call.name in _FOLDS and not has_unpacking(call.node):
        scoring = keyword(call.node, "scoring")
        estimator = argument(call.node, 0, "estimator")
        if scoring is not None:
            return "scoring='accuracy'" if text_of(scoring) == "accuracy" else ""
        return call.method if estimator is not None and _is_classifier(call, estimator) else ""
    return ""


def _is_classifier(call: Call, node: ast.expr) -> bool:
    """Whether an expression's class, or what its variable is given, is a classifier by name."""
    if isinstance(node, ast.Call):
        func = node.func
        return bool(_CLASSIFIER.search(func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")))
    if isinstance(node, ast.Name):
        given = call.function.given.get(node.id, ())
        return bool(given) and all(isinstance(each, ast.Call) and _is_classifier(call, each) for each in given)
    return False


def _is_only_accuracy(call: Call) -> bool:
    metrics = keyword(call.node, "metrics")
    if isinstance(metrics, ast.List | ast.Tuple):
        return len(metrics.elts) == 1 and text_of(metrics.elts[0]) in _ACCURACY
    return text_of(metrics) in _ACCURACY


def _names_others(module: Module) -> bool:
    """Whether a text of a file, such as ``scoring="roc_auc"``, names any other measure of classification."""
    return any(
        isinstance(node.value, str) and len(node.value) < _LONGEST and _RICH.search(node.value)
        for node in module.of(ast.Constant)
        if not isinstance(getattr(node, "parent", None), ast.Expr)
    )


_LONGEST = 40


@project_rule("MOD408", "single-metric", severity="medium", minutes=20, evidence="S", collect=collect)
def check(project: Project) -> Iterator[Found]:
    rich: set[str] = set()
    measures: dict[tuple[str, str], list[Measure]] = {}
    for file, item in project.extras("MOD408"):
        measure = msgspec.convert(item, Measure)
        if measure.name:
            measures.setdefault((file.path, measure.qualname), []).append(measure)
        else:
            rich.add(file.path)
    if measures:
        rich.update(file.path for file in project.files.values() if any(map(_RICH.search, file.names)))
    if not measures or _evaluates_elsewhere(project, rich):
        return
    seen: set[Spot] = set()
    for entry in project.entries:
        reached = project.reach(entry.place)
        if any(path in rich for path, _ in reached):
            continue
        found = [(reached[key], each) for key in reached for each in measures.get(key, ())]
        if found and found[0][1].spot not in seen:
            place, measure = found[0]
            seen.update(each.spot for _, each in found)
            message = f"accuracy is the only measure ({measure.name}): add one per class or without a threshold, such as a report or AUC"
            yield place.found(measure.spot, message, subject=measure.name)


def _evaluates_elsewhere(project: Project, rich: set[str]) -> bool:
    """Whether a program of its own loads the model and measures more."""
    for path in rich:
        file = project.files[path]
        places = [Place(file, function) for function in file.functions]
        if any("loads_model" in call.kinds for place in places for call in place.function.calls):
            return True
    return False
