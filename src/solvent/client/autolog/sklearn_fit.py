"""What is logged of one fit of an estimator: params, data, metrics on the training data, and the model."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from solvent.client.autolog.data import log_data, some_rows
from solvent.client.autolog.models import log_trained
from solvent.client.autolog.options import Options
from solvent.client.autolog.params import log_shortened
from solvent.client.autolog.sklearn_metrics import training_metrics
from solvent.client.autolog.sklearn_search import is_search, log_search
from solvent.client.autolog.watching import Watch, guarded
from solvent.client.entities import Dataset
from solvent.client.fluent.logging import log_metrics, log_text, set_tags

OVERWRITING = ("copy", "copy_X", "copy_x")
"""Params that let an estimator overwrite what it is given, when they are False."""


class Given(NamedTuple):
    """What ``fit`` was given."""

    inputs: Any
    target: Any
    weight: Any


def watch(
    options: Options, estimator: Any, fit: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Watch:
    given, rows = Given(None, None, None), None
    data: list[Dataset] = []
    with guarded(options, "the data"):
        given = given_to(fit, estimator, args, kwargs)
    with guarded(options, "params"):
        set_tags(tags_of(estimator))
        log_shortened(params_of(estimator))
    if options.log_datasets:
        for what, name in ((given.inputs, "dataset"), (given.target, "target")):
            with guarded(options, "the data"):
                made = log_data(what, name, "train")
                data += [made] if made else []
    with guarded(options, "the input example"):
        rows = some_rows(given.inputs)
        if overwrites(estimator):
            given = copy.deepcopy(given)
    yield
    with guarded(options, "metrics"):
        found, failed = training_metrics(estimator, *given)
        log_metrics(found)
        if failed:
            raise failed
    with guarded(options, "the picture of the estimator"):
        from sklearn.utils import estimator_html_repr

        log_text(estimator_html_repr(estimator), "estimator.html")
    log_trained(options, "sklearn", estimator, "model", rows, getattr(estimator, "predict", None))
    if is_search(estimator):
        best = getattr(estimator, "best_estimator_", None)
        if best is not None:
            log_trained(options, "sklearn", best, "best_estimator", rows, getattr(best, "predict", None))
        log_search(options, estimator, data)


def given_to(fit: Callable[..., Any], estimator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Given:
    """The inputs come first, whatever they are called; the target is ``y``, or ``Y`` in a few classes."""
    bound = inspect.signature(fit).bind(estimator, *args, **kwargs)
    values = list(bound.arguments.items())
    target = bound.arguments.get("y", bound.arguments.get("Y"))
    inputs = next((value for name, value in values[1:] if name not in ("y", "Y", "args", "kwargs")), None)
    return Given(inputs, target, bound.arguments.get("sample_weight"))


def params_of(estimator: Any) -> dict[str, Any]:
    """Those of its parts too; a search tries others than its estimator came with, so that these are left out."""
    params: dict[str, Any] = estimator.get_params(deep=not is_search(estimator))
    return params


def tags_of(estimator: Any) -> dict[str, str]:
    kind = type(estimator)
    return {"estimator_name": kind.__name__, "estimator_class": f"{kind.__module__}.{kind.__name__}"}


def overwrites(estimator: Any) -> bool:
    params = estimator.get_params(deep=True)
    return any(value is False and name.split("__")[-1] in OVERWRITING for name, value in params.items())
