"""The environment variables of a project's command."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from solvent.projects.environment import Environment
from solvent.settings import writable_home
from solvent.wire.runs import Run

_LEFT_OUT = (
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "SOLVENT_EXPERIMENT_NAME",
    "MLFLOW_EXPERIMENT_NAME",
    "SOLVENT_TRACKING_STORE",
    "SOLVENT_CONTRACTS",
)


class Tracking(NamedTuple):
    """Where a command logs to.

    ``store`` is the database behind ``url``, if that is a server which ends with the run: what a dying command could
    not send is addressed to the store.
    """

    url: str
    store: Path | None = None


def inherited_variables() -> dict[str, str]:
    """This process's, without what would lead a command to another interpreter or experiment."""
    return {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}


def run_variables(
    tracking: Tracking, run: Run, environment: Environment, inherited: Mapping[str, str]
) -> dict[str, str]:
    """What the run needs: ours and MLflow's for tracking, and the virtual environment first."""
    variables: dict[str, str] = {}
    for family in ("SOLVENT", "MLFLOW"):
        variables[f"{family}_TRACKING_URI"] = tracking.url
        variables[f"{family}_RUN_ID"] = run.info.run_id
        variables[f"{family}_EXPERIMENT_ID"] = run.info.experiment_id
    variables["SOLVENT_PARENT_RUN_ID"] = run.info.run_id  # of projects that it runs itself
    variables["SOLVENT_HOME"] = str(writable_home())
    if tracking.store is not None:
        variables["SOLVENT_TRACKING_STORE"] = str(tracking.store.absolute())
    variables["PYTHONUNBUFFERED"] = inherited.get("PYTHONUNBUFFERED") or "1"
    variables["PATH"] = os.pathsep.join(filter(None, [str(environment.programs), inherited.get("PATH", os.defpath)]))
    if environment.folder is not None:
        variables["VIRTUAL_ENV"] = str(environment.folder)
    if urlsplit(tracking.url).hostname == "127.0.0.1":
        for name in ("NO_PROXY", "no_proxy"):  # a proxy can't reach this machine's loopback
            variables[name] = ",".join(filter(None, [inherited.get(name), "127.0.0.1"]))
    return variables
