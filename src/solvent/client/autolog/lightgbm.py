"""LightGBM: ``lightgbm.train`` and the estimators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from solvent.client.autolog import boosting
from solvent.client.autolog.data import log_data, some_rows
from solvent.client.autolog.imports import when_imported
from solvent.client.autolog.models import log_trained
from solvent.client.autolog.options import Options
from solvent.client.autolog.params import log_shortened
from solvent.client.autolog.patching import patch, subclasses
from solvent.client.autolog.watching import Watch, guarded
from solvent.client.fluent.logging import log_metrics
from solvent.errors import InvalidInput

LIBRARY = "lightgbm"


def install() -> None:
    """Patch LightGBM now, or once it is imported."""
    when_imported("lightgbm", _patch)


def _patch(module: Any) -> None:
    for owner in (module, module.engine):  # each by itself: another library may have patched one of them
        patch(owner, "train", LIBRARY, _train)
    for cls in subclasses(module.LGBMModel):
        patch(cls, "fit", LIBRARY, _fit)


def _train(options: Options, train: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Watch:
    data = args[1] if len(args) > 1 else kwargs.get("train_set")
    history: boosting.History = []
    rows = None
    with guarded(options, "params"):
        log_shortened(boosting.params_of_train(train, args, kwargs))
    with guarded(options, "the input example"):
        rows = some_rows(_raw(data))
    if options.log_datasets:
        for part, name in ((_raw, "dataset"), (lambda one: one.label, "target")):
            with guarded(options, "the data"):
                log_data(part(data), name, "train")
        sets = kwargs.get("valid_sets") or []
        names = kwargs.get("valid_names") or [f"valid_{number}" for number in range(len(sets))]
        for one, name in zip(sets, names, strict=False):
            if one is not data:
                with guarded(options, "the data"):
                    log_data(_raw(one), name, "eval")
    with guarded(options, "iterations"):
        boosting.add_callback(train, args, kwargs, _recorder(options, history))
    booster = yield
    with guarded(options, "early stopping"):
        if booster.best_iteration > 0:
            boosting.log_best(history, booster.best_iteration, len(history), first=1)
    with guarded(options, "feature importances"):
        boosting.log_importances(_importances(booster))
    log_trained(options, LIBRARY, booster, "model", rows, booster.predict)


def _fit(options: Options, fit: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Watch:
    return boosting.watch_estimator(options, LIBRARY, args[0], fit, args[1:], kwargs, _outcome)


def _outcome(estimator: Any) -> None:
    history = boosting.histories(estimator.evals_result_)
    for step, metrics in enumerate(history):
        log_metrics(metrics, step=step)
    if estimator.best_iteration_:
        boosting.log_best(history, estimator.best_iteration_, len(history), first=1)
    boosting.log_importances(_importances(estimator.booster_))


def _raw(data: Any) -> Any:
    if data is None or data.data is None or isinstance(data.data, str):
        raise InvalidInput("the raw data of a lightgbm.Dataset is not there any more: log it with log_input")
    return data.data


def _recorder(options: Options, history: boosting.History) -> Callable[[Any], None]:
    def record(env: Any) -> None:
        found = {boosting.metric_name(one[0], one[1]): one[2] for one in env.evaluation_result_list or []}
        boosting.record(options, history, found)

    record.order = 5  # type: ignore[attr-defined]  # before early stopping, which ends an iteration
    return record


def _importances(booster: Any) -> list[tuple[str, dict[str, Any]]]:
    names = booster.feature_name()
    return [
        (kind, dict(zip(names, booster.feature_importance(kind).tolist(), strict=True))) for kind in ("split", "gain")
    ]
