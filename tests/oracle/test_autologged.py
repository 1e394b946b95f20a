"""Our autologging records what MLflow's does, by the same names; with both on, each records its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import environments
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

SCRIPT = Path(__file__).parent / "scripts" / "autologged.py"
SOURCES = Path(importlib.util.find_spec("solvent").origin or "").parents[1]  # type: ignore[union-attr]
LIBRARY = "models-3.17"


def told(python: str | Path, who: str, folder: Path, **variables: str) -> dict[str, Any]:
    folder.mkdir()
    environment = bare_environment(
        GIT_PYTHON_REFRESH="quiet",
        MLFLOW_TRACKING_URI=f"sqlite:///{folder}/mlflow.db",
        SOLVENT_HOME=str(folder / "home"),
        SOLVENT_TRACKING_URI=str(folder / "home"),
        SOLVENT_PROVENANCE="false",
        **variables,
    )
    ended = subprocess.run(
        [python, SCRIPT, who, folder / "told.json"], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    found: dict[str, Any] = json.loads((folder / "told.json").read_text())
    return found


def test_names_and_values_are_those_of_mlflow(tmp_path: Path) -> None:
    theirs = told(environments.executable(LIBRARY), "mlflow", tmp_path / "theirs")
    ours = told(sys.executable, "solvent", tmp_path / "ours")
    assert ours.keys() == theirs.keys()
    for name, runs in theirs.items():
        assert [without_data(run) for run in ours[name]] == [without_data(run) for run in runs], name
        for mine, run in zip(ours[name], runs, strict=True):
            assert {*run["data"]} <= {*mine["data"]}, name


def without_data(run: dict[str, Any]) -> dict[str, Any]:
    """Solvent's data sets are the target too."""
    return {key: value for key, value in run.items() if key != "data"}


def test_both_at_once(tmp_path: Path) -> None:
    python = environments.executable(LIBRARY)
    alone = told(python, "mlflow", tmp_path / "alone")
    both = told(python, "both", tmp_path / "both", PYTHONPATH=os.pathsep.join([str(SOURCES)]))
    assert both["mlflow"] == alone
    assert both["solvent"].keys() == alone.keys()
    assert [len(runs) for runs in both["solvent"].values()] == [len(runs) for runs in alone.values()]
