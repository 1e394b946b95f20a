"""Unmodified MLflow clients register, promote, load and delete, against MLflow's server and against ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.server.loopback import Loopback
from solvent.store.store import Store
from tests.oracle import environments, servers
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

SCRIPT = Path(__file__).parent / "scripts" / "session.py"


@pytest.fixture
def solvent_here(tmp_path: Path) -> Iterator[str]:
    backend = EmbeddedBackend(str(tmp_path), Store(tmp_path / "solvent.db"), tmp_path / "artifacts")
    with Loopback(backend) as server:
        yield server.url
    backend.close()


def session(client: str, url: str, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    command = [environments.executable(client), SCRIPT, folder / "told.json"]
    environment = bare_environment(MLFLOW_TRACKING_URI=url, GIT_PYTHON_REFRESH="quiet")
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    told: dict[str, Any] = json.loads((folder / "told.json").read_text())
    return told


@pytest.mark.parametrize("client", ["mlflow-3.17", "mlflow-3.1", "mlflow-2.22"])
def test_a_client_sees_the_same_registry(client: str, solvent_here: str, tmp_path: Path) -> None:
    ours = session(client, solvent_here, tmp_path / "ours")
    assert ours["loaded"] == {
        "@champion": [0, 2, 4],
        "/1": [0, 1, 2],
        "/2": [0, 2, 4],
        "/Production": [0, 2, 4],
        "/latest": [0, 2, 4],
        "@first": [0, 1, 2],
    }
    (tmp_path / "server").mkdir()
    with servers.mlflow_server(tmp_path / "server") as url:
        assert session(client, url, tmp_path / "theirs") == ours
