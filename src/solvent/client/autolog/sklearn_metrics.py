"""Metrics of an estimator on the data that it was trained on, named as MLflow names them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

PREFIX = "training_"


def training_metrics(
    estimator: Any, inputs: Any, target: Any, weight: Any
) -> tuple[dict[str, float], Exception | None]:
    """Those that could be computed, and the first error of the others."""
    found: dict[str, float] = {}
    failed: Exception | None = None
    if target is None:
        return found, failed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, compute in _metrics(estimator, inputs, target, weight).items():
            try:
                found[PREFIX + name] = float(compute())
            except Exception as error:
                failed = failed or error
    return found, failed


def _metrics(estimator: Any, inputs: Any, target: Any, weight: Any) -> dict[str, Callable[[], Any]]:
    from sklearn.base import is_classifier, is_regressor

    found: dict[str, Callable[[], Any]] = {}
    if is_classifier(estimator):
        found = _of_classifier(estimator, inputs, target, weight)
    elif is_regressor(estimator):
        found = _of_regressor(estimator, inputs, target, weight)
    if hasattr(estimator, "score"):
        weighted = {"sample_weight": weight} if weight is not None else {}
        found["score"] = lambda: estimator.score(inputs, target, **weighted)
    return found


def _of_classifier(estimator: Any, inputs: Any, target: Any, weight: Any) -> dict[str, Callable[[], Any]]:
    from sklearn import metrics

    answers = estimator.predict(inputs)
    averaged: dict[str, Any] = {"average": "weighted", "sample_weight": weight}
    found: dict[str, Callable[[], Any]] = {
        "precision_score": lambda: metrics.precision_score(target, answers, **averaged),
        "recall_score": lambda: metrics.recall_score(target, answers, **averaged),
        "f1_score": lambda: metrics.f1_score(target, answers, **averaged),
        "accuracy_score": lambda: metrics.accuracy_score(target, answers, sample_weight=weight),
    }
    if hasattr(estimator, "predict_proba"):
        chances = estimator.predict_proba(inputs)
        scores = chances[:, 1] if len(chances[0]) == 2 else chances
        found["log_loss"] = lambda: metrics.log_loss(target, chances, sample_weight=weight)
        found["roc_auc"] = lambda: metrics.roc_auc_score(target, scores, multi_class="ovo", **averaged)
    return found


def _of_regressor(estimator: Any, inputs: Any, target: Any, weight: Any) -> dict[str, Callable[[], Any]]:
    from sklearn import metrics

    answers = estimator.predict(inputs)
    weighted = {"sample_weight": weight}
    return {
        "mean_squared_error": lambda: metrics.mean_squared_error(target, answers, **weighted),
        "mean_absolute_error": lambda: metrics.mean_absolute_error(target, answers, **weighted),
        "r2_score": lambda: metrics.r2_score(target, answers, **weighted),
        "root_mean_squared_error": lambda: metrics.mean_squared_error(target, answers, **weighted) ** 0.5,
    }
