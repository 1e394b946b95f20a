"""XGBoost: ``xgboost.train`` and the estimators."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from solvent.client.autolog import boosting
from solvent.client.autolog.data import log_data, some_rows
from solvent.client.autolog.imports import when_imported
from solvent.client.autolog.models import log_trained
from solvent.client.autolog.options import Options, options_of
from solvent.client.autolog.params import log_shortened
from solvent.client.autolog.patching import SEEN, patch, subclasses
from solvent.client.autolog.watching import Watch, guarded
from solvent.client.fluent.logging import log_metrics
from solvent.errors import InvalidInput

LIBRARY = "xgboost"
ROWS = "_solvent_rows"
"""The attribute of a matrix that holds some rows of what it was made from: it keeps numbers only."""
MOST = 50_000_000
"""Values of a matrix that are unpacked for its fingerprint."""


def install() -> None:
    """Patch XGBoost now, or once it is imported."""
    when_imported("xgboost", _patch)


def _patch(module: Any) -> None:
    for owner in (module, module.training):  # each by itself: another library may have patched one of them
        patch(owner, "train", LIBRARY, _train)
    for cls in subclasses(module.XGBModel):
        patch(cls, "fit", LIBRARY, _fit)
    for cls in subclasses(module.DMatrix):
        if "__init__" in vars(cls) and not hasattr(vars(cls)["__init__"], SEEN):
            setattr(cls, "__init__", _keeping(vars(cls)["__init__"]))  # noqa: B010  # mypy


def _keeping(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if options_of(LIBRARY) is not None:
            with suppress(Exception):
                setattr(self, ROWS, some_rows(args[0] if args else kwargs["data"]))

    setattr(init, SEEN, True)
    return init


def _train(options: Options, train: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Watch:
    data = args[1] if len(args) > 1 else kwargs.get("dtrain")
    history: boosting.History = []
    with guarded(options, "params"):
        log_shortened(boosting.params_of_train(train, args, kwargs))
    if options.log_datasets:
        for part, name in ((_unpacked, "dataset"), (lambda one: one.get_label(), "target")):
            with guarded(options, "the data"):
                log_data(part(data), name, "train")
        for one, name in kwargs.get("evals") or []:
            if one is not data:
                with guarded(options, "the data"):
                    log_data(_unpacked(one), name, "eval")
    with guarded(options, "iterations"):
        boosting.add_callback(train, args, kwargs, _recorder(options, history))
    booster = yield
    with guarded(options, "early stopping"):
        if booster.attr("best_iteration") is not None:
            boosting.log_best(history, booster.best_iteration, len(history) - 1)
    with guarded(options, "feature importances"):
        boosting.log_importances([("weight", booster.get_score(importance_type="weight"))])
    log_trained(options, LIBRARY, booster, "model", getattr(data, ROWS, None), lambda rows: _answer(booster, rows))


def _fit(options: Options, fit: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Watch:
    return boosting.watch_estimator(options, LIBRARY, args[0], fit, args[1:], kwargs, _outcome)


def _outcome(estimator: Any) -> None:
    booster = estimator.get_booster()
    history: boosting.History = []
    if getattr(estimator, "evals_result_", None):
        history = boosting.histories(estimator.evals_result_)
    for step, metrics in enumerate(history):
        log_metrics(metrics, step=step)
    if booster.attr("best_iteration") is not None:
        boosting.log_best(history, booster.best_iteration, len(history) - 1)
    boosting.log_importances([("weight", booster.get_score(importance_type="weight"))])


def _unpacked(matrix: Any) -> Any:
    """The values of a matrix, as 32-bit floats: NaN where it has none."""
    import numpy

    shape = (matrix.num_row(), matrix.num_col())
    if shape[0] * shape[1] > MOST:
        raise InvalidInput(f"a DMatrix of {shape[0]:,} x {shape[1]:,} is not unpacked: log its data with log_input")
    held = matrix.get_data().tocoo()
    dense = numpy.full(shape, numpy.nan, dtype=numpy.float32)
    dense[held.row, held.col] = held.data
    if matrix.feature_names is None:
        return dense
    import pandas

    return pandas.DataFrame(dense, columns=matrix.feature_names)


def _answer(booster: Any, rows: Any) -> Any:
    import xgboost

    return booster.predict(xgboost.DMatrix(rows))


def _recorder(options: Options, history: boosting.History) -> Any:
    from xgboost.callback import TrainingCallback

    class Recorder(TrainingCallback):
        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:  # noqa: ARG002
            found = {
                boosting.metric_name(data, metric): values[-1]
                for data, metrics in evals_log.items()
                for metric, values in metrics.items()
            }
            boosting.record(options, history, found)
            return False

    return Recorder()
