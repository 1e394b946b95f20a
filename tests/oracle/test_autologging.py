"""Autologging by unmodified MLflow clients is the same against MLflow's server and against ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import environments
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

SCRIPT = Path(__file__).parent / "scripts" / "autolog.py"


def session(client: str, url: str, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    command = [environments.executable(client), SCRIPT, folder / "told.json"]
    # the versions of packages are not asked for here: looking them up takes long
    environment = bare_environment(
        MLFLOW_TRACKING_URI=url, GIT_PYTHON_REFRESH="quiet", MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT="1"
    )
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    told: dict[str, Any] = json.loads((folder / "told.json").read_text())
    return told


def check(told: dict[str, Any]) -> None:
    """What autologging is known to record of these three trainings."""
    assert {run["status"] for run in (told["plain"], told["search"], told["boosted"], *told["children"])} == {
        "FINISHED"
    }
    assert (told["plain"]["estimator"], told["search"]["estimator"]) == ("LogisticRegression", "GridSearchCV")
    assert told["plain"]["params"]["C"] == "0.5"
    assert told["plain"]["metrics"]["training_score"] > 0.95
    assert [child["params"]["C"] for child in told["children"]] == ["0.1", "1.0"]
    assert [step for step, _ in told["history"]] == list(range(10))
    assert told["history"][-1][1] < told["history"][0][1]
    assert [name for name, _, _ in told["plain"]["data"]] == ["dataset"]
    assert [len(values) for values in told["predicted"]] == [5, 5, 5]


@pytest.mark.parametrize("client", ["mlflow-3.1", "mlflow-2.22"])
def test_older_clients_record_what_they_should(client: str, solvent_url: str, tmp_path: Path) -> None:
    check(session(client, solvent_url, tmp_path / "ours"))


def test_autologging_records_the_same_on_both_servers(mlflow_url: str, solvent_url: str, tmp_path: Path) -> None:
    ours = session("mlflow-3.17", solvent_url, tmp_path / "ours")
    check(ours)
    theirs = session("mlflow-3.17", mlflow_url, tmp_path / "theirs")
    for part, expected in theirs.items():
        assert ours[part] == expected, part
