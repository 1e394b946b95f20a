"""The environment variables of a repetition: those that were recorded, and none that were not there then."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase

from solvent.projects.reproduce.recorded import Recorded
from solvent.provenance.redact import MARK
from solvent.provenance.variables import kept_variables

_NEVER = [
    "PATH",
    "HOME",
    "SHELL",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "IFS",
    "ENV",
    "BASH_*",
    "LD_*",
    "DYLD_*",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
    "SOLVENT_*",
    "MLFLOW_*",
    "GIT_*",
    "SSH_*",
    "UV_*",
    "PIP_*",
    "*_PROXY",
    "*_proxy",
]
"""Variables that say where programs, repositories and runs are on this machine: a record does not decide them."""


def recorded_variables(recorded: Recorded) -> dict[str, str]:
    """Those that a repetition gets: ``SOLVENT_PROVENANCE_VARIABLES`` may have named more than are kept by themselves."""
    return {name: value for name, value in recorded.variables.items() if not _why_not(name, value)}


def not_restored(recorded: Recorded) -> list[str]:
    """What was recorded and is not set again, in words."""
    found = ((name, _why_not(name, value)) for name, value in sorted(recorded.variables.items()))
    return [f"variable {name} is not set as it was: {why}" for name, why in found if why]


def added_variables(recorded: Recorded) -> list[str]:
    """Variables that decide results, were not set then, and are now."""
    if "variables" not in recorded.summary:
        return []
    return sorted(kept_variables().keys() - recorded.variables.keys())


@contextmanager
def without(names: list[str]) -> Iterator[None]:
    """Inside, this process and those that it starts don't have them."""
    kept: Mapping[str, str] = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


def _why_not(name: str, value: str) -> str:
    if any(fnmatchcase(name, pattern) for pattern in _NEVER):
        return "it belongs to the machine"
    if not name or "=" in name or "\0" in name + value:
        return "no variable can be that"
    return "its value was masked" if MARK in value else ""
