"""``autolog``: for all known libraries, or for one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from solvent.client.autolog.options import turn
from solvent.errors import InvalidInput

LIBRARIES = ("sklearn", "xgboost", "lightgbm")


def autolog(
    log_models: bool = True,
    log_datasets: bool = True,
    log_input_examples: bool = True,
    disable: bool = False,
    silent: bool = False,
    max_tuning_runs: int | None = 5,
) -> None:
    """Let trainings with scikit-learn, XGBoost and LightGBM log themselves, from now on, in this process.

    Params, metrics, data (fingerprint and profile), the model with its signature. They go to the active run, or to one
    that is opened for the training. Libraries that are not imported yet are patched when they are. A training never
    fails because it can't be logged: that is told in one line.

    Args:
        log_input_examples: keep five rows of the training data with the model.
        disable: log no more.
        silent: don't tell what could not be logged.
        max_tuning_runs: child runs of a search, the best ones; None for all of its candidates.

    Raises:
        InvalidInput: ``max_tuning_runs`` is negative.
    """
    for library in LIBRARIES:
        _turn(
            library,
            log_models=log_models,
            log_datasets=log_datasets,
            log_input_examples=log_input_examples,
            disable=disable,
            silent=silent,
            max_tuning_runs=max_tuning_runs,
        )


def autolog_of(library: str) -> Callable[..., None]:
    """The function ``autolog`` of one library."""

    def autolog(
        log_models: bool = True,
        log_datasets: bool = True,
        log_input_examples: bool = True,
        disable: bool = False,
        silent: bool = False,
        max_tuning_runs: int | None = 5,
    ) -> None:
        """Let trainings with this library log themselves; arguments and errors as of ``solvent.autolog``."""
        _turn(
            library,
            log_models=log_models,
            log_datasets=log_datasets,
            log_input_examples=log_input_examples,
            disable=disable,
            silent=silent,
            max_tuning_runs=max_tuning_runs,
        )

    return autolog


def _turn(library: str, *, max_tuning_runs: int | None, disable: bool, **options: Any) -> None:
    if max_tuning_runs is not None and max_tuning_runs < 0:
        raise InvalidInput(
            f"max_tuning_runs is {max_tuning_runs}: expected a number of runs, 0 or more, or None for all"
        )
    turn(library, max_tuning_runs=max_tuning_runs, disable=disable, **options)
    if not disable:
        import_module(f"solvent.client.autolog.{library}").install()
