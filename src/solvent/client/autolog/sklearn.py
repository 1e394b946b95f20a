"""scikit-learn: each estimator's ``fit`` logs, but for those that run inside of another one or of a validation.

All classes that derive from ``BaseEstimator`` are patched, those too that are defined later. The patches stay; when
autologging is off they only pass on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from solvent.client.autolog import sklearn_fit
from solvent.client.autolog.imports import when_imported
from solvent.client.autolog.watching import hushed, observe

LIBRARY = "sklearn"
METHODS = ("fit", "fit_transform", "fit_predict")
OTHERS = ("xgboost", "lightgbm")
"""Libraries whose estimators have autologging of their own."""
PREPARING = ("sklearn.preprocessing", "sklearn.impute", "sklearn.feature_extraction", "sklearn.feature_selection")
"""Where estimators are that prepare data: they are no trainings, as in MLflow."""
VALIDATING = ("_fit_and_score", "_fit_and_predict", "_permutation_test_score", "_incremental_fit_estimator")
"""What cross_validate, cross_val_predict, learning_curve and their kind do for each fold, however they were imported."""
_SEEN = "_solvent_autologging"


def install() -> None:
    """Patch scikit-learn now, or once it is imported."""
    when_imported("sklearn.base", _patch_estimators)
    when_imported("sklearn.model_selection._validation", _patch_validation)


def _patch_estimators(module: ModuleType) -> None:
    base = module.BaseEstimator
    if _SEEN in vars(base):
        return
    setattr(base, _SEEN, True)
    known = [base]
    while known:
        one = known.pop()
        _patch_class(one)
        known += one.__subclasses__()

    def init_subclass(cls: type, /, **options: Any) -> None:
        super(base, cls).__init_subclass__(**options)
        _patch_class(cls)

    base.__init_subclass__ = classmethod(init_subclass)


def _patch_class(cls: type) -> None:
    roots = {one.__module__.split(".")[0] for one in cls.__mro__}
    if roots & {*OTHERS}:
        return
    for name in METHODS:
        method = vars(cls).get(name)
        if isinstance(method, FunctionType):
            setattr(cls, name, _watched(method))
        elif isinstance(getattr(method, "fn", None), FunctionType):  # of available_if
            method.fn = _watched(method.fn)  # type: ignore[union-attr]


def _watched(original: Callable[..., Any]) -> Callable[..., Any]:
    if hasattr(original, _SEEN):
        return original

    @functools.wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if prepares_data(type(self)):
            with hushed():
                return original(self, *args, **kwargs)
        return observe(
            LIBRARY,
            lambda: original(self, *args, **kwargs),
            lambda options: sklearn_fit.watch(options, self, original, args, kwargs),
        )

    setattr(method, _SEEN, True)
    return method


def prepares_data(cls: type) -> bool:
    """Whether fitting an estimator of this class only prepares data."""
    return cls.__module__.startswith(PREPARING) or cls.__name__ == "ColumnTransformer"


def _patch_validation(module: ModuleType) -> None:
    for name in VALIDATING:
        original = getattr(module, name, None)
        if original is not None and not hasattr(original, _SEEN):
            setattr(module, name, _quiet(original))


def _quiet(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        with hushed():
            return original(*args, **kwargs)

    setattr(function, _SEEN, True)
    return function
