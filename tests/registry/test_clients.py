"""Unmodified MLflow clients register, promote, load and delete, against MLflow's server and against ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import connect
from solvent.server.loopback import Loopback
from solvent.store.store import Store
from solvent.wire.model_files import ResolveModel
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


@pytest.mark.parametrize("client", ["mlflow-3.17", "mlflow-2.22"])
def test_the_server_looks_at_what_an_unmodified_client_has_logged(
    client: str, solvent_here: str, tmp_path: Path
) -> None:
    script = SCRIPT.with_name("log_and_register.py")
    command = [environments.executable(client), script, tmp_path / "run"]
    environment = bare_environment(MLFLOW_TRACKING_URI=solvent_here, GIT_PYTHON_REFRESH="quiet")
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    run_id = (tmp_path / "run").read_text().strip()
    backend = connect(solvent_here)
    found = backend.call(ResolveModel(uri="models:/line/1")).model
    assert found.facts is not None
    assert found.facts.problem is None
    assert (found.facts.signature, found.facts.input_example) == ("whole", True)
    assert "sklearn" in found.facts.flavors
    assert [
        file.path for file in found.files if file.path.endswith((".pkl", ".skops"))
    ] == found.facts.unsafe or not found.facts.unsafe
    assert "MLmodel" in [file.path for file in found.files]
    if client != "mlflow-2.22":  # there are logged models since 3.0
        assert backend.call(ResolveModel(uri=f"runs:/{run_id}/line")).model.digest == found.digest
        assert backend.call(ResolveModel(uri=f"models:/{found.model_id}")).model.digest == found.digest
    backend.close()
