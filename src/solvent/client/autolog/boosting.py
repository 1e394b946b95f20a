"""What trainings with XGBoost and LightGBM have in common: a model that grows by iterations, measured after each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from solvent.client.autolog.data import log_data, some_rows
from solvent.client.autolog.models import log_trained
from solvent.client.autolog.options import Options
from solvent.client.autolog.params import log_shortened
from solvent.client.autolog.sklearn_fit import Given, given_to, tags_of
from solvent.client.autolog.watching import Watch, guarded
from solvent.client.fluent.logging import log_dict, log_metrics, set_tags

History = list[dict[str, float]]
"""The metrics of each iteration, by their names."""

NO_PARAMS = {"params", "dtrain", "train_set", "evals", "valid_sets", "valid_names", "obj", "fobj", "feval", "evals_result",
             "xgb_model", "init_model", "callbacks", "learning_rates"}  # fmt: skip
"""Arguments of ``train`` that are logged otherwise, or not at all."""


def metric_name(data: str, metric: str) -> str:
    return f"{data}-{metric}".replace("@", "_at_")


def record(options: Options, history: History, metrics: dict[str, float]) -> None:
    """One more iteration. It never fails: it is called within the training."""
    with guarded(options, "an iteration"):
        log_metrics(metrics, step=len(history))
    history.append(metrics)


def histories(results: Mapping[str, Mapping[str, Sequence[float]]]) -> History:
    """The iterations of what ``evals_result()`` gives: by data set, by metric."""
    series = {
        metric_name(data, metric): values for data, metrics in results.items() for metric, values in metrics.items()
    }
    return [dict(zip(series, values, strict=True)) for values in zip(*series.values(), strict=True)]


def log_best(history: History, best: int, stopped: int, first: int = 0) -> None:
    """What early stopping has found, iterations being counted from ``first``; the metrics of the best iteration are logged once more, as the last."""
    log_metrics({"stopped_iteration": stopped, "best_iteration": best})
    if history:
        log_metrics(history[best - first], step=len(history))


def params_of_train(train: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The booster's params, and how it is trained."""
    bound = inspect.signature(train).bind(*args, **kwargs)
    bound.apply_defaults()
    around = {key: value for key, value in bound.arguments.items() if key not in NO_PARAMS}
    return around | dict(bound.arguments["params"])


def add_callback(train: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], callback: Any) -> None:
    """Put ours before those of the caller, whose list stays as it is; nothing if it was given by its place.

    Ours is the first since whichever of XGBoost's ends the training keeps those behind it from being asked.
    """
    if len(args) <= list(inspect.signature(train).parameters).index("callbacks"):
        kwargs["callbacks"] = [callback, *(kwargs.get("callbacks") or [])]


def log_importances(kinds: Iterable[tuple[str, dict[str, Any]]]) -> None:
    for kind, importances in kinds:
        log_dict(importances, f"feature_importance_{kind}.json")


def watch_estimator(
    options: Options,
    flavor: str,
    estimator: Any,
    fit: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    outcome: Callable[[Any], None],
) -> Watch:
    """An estimator in scikit-learn's manner; ``outcome`` logs what is special of it once it is trained."""
    given, rows = Given(None, None, None), None
    with guarded(options, "the data"):
        given = given_to(fit, estimator, args, kwargs)
        rows = some_rows(given.inputs)
    with guarded(options, "params"):
        set_tags(tags_of(estimator))
        log_shortened(estimator.get_params())
    if options.log_datasets:
        for what, name in ((given.inputs, "dataset"), (given.target, "target")):
            with guarded(options, "the data"):
                log_data(what, name, "train")
    yield
    with guarded(options, "metrics"):
        outcome(estimator)
    log_trained(options, flavor, estimator, "model", rows, estimator.predict)
