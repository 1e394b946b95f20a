"""What of autologging is on, and what it is to record."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """``process``: who has turned it on; processes that are forked off log only what they are told to."""

    log_models: bool
    log_datasets: bool
    log_input_examples: bool
    silent: bool
    max_tuning_runs: int | None
    process: int


_of_library: dict[str, Options | None] = {}


def turn(
    library: str,
    *,
    log_models: bool,
    log_datasets: bool,
    log_input_examples: bool,
    disable: bool,
    silent: bool,
    max_tuning_runs: int | None,
) -> None:
    """Turn autologging of a library on or off."""
    _of_library[library] = (
        None
        if disable
        else Options(
            log_models=log_models,
            log_datasets=log_datasets,
            log_input_examples=log_input_examples,
            silent=silent,
            max_tuning_runs=max_tuning_runs,
            process=os.getpid(),
        )
    )


def options_of(library: str) -> Options | None:
    """None if it is off."""
    return _of_library.get(library)
