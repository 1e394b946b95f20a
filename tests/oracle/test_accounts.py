"""Unmodified MLflow clients sign in with a password or a token, and are told when they may not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.wire.accounts import CreateToken
from tests.oracle import environments
from tests.processes import bare_environment
from tests.server.secured import PASSWORD, Secured, secured

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

SESSION = Path(__file__).parent / "scripts" / "session.py"
READ = "import mlflow; print([one.name for one in mlflow.search_experiments()])"
WRITE = "import mlflow; mlflow.set_experiment('made by a reader')"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with secured(tmp_path_factory.mktemp("secured")) as running:
        yield running


def run(server: Secured, folder: Path, *command: str | Path, **known: str) -> subprocess.CompletedProcess[str]:
    environment = bare_environment(MLFLOW_TRACKING_URI=server.url, GIT_PYTHON_REFRESH="quiet", **known)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("client", ["mlflow-3.17", "mlflow-2.22"])
def test_a_whole_session_with_a_password(server: Secured, tmp_path: Path, client: str) -> None:
    known = {"MLFLOW_TRACKING_USERNAME": "wanda", "MLFLOW_TRACKING_PASSWORD": PASSWORD}
    with secured(tmp_path / "store") as own:
        ended = run(own, tmp_path, environments.executable(client), SESSION, tmp_path / "answers.json", **known)
    assert ended.returncode == 0, ended.stderr[-4000:]


def test_a_token(server: Secured, tmp_path: Path) -> None:
    secret = server.backend.call(CreateToken(user="rita", name="oracle")).secret
    python = environments.executable("mlflow-3.17")
    ended = run(server, tmp_path, python, "-c", READ, MLFLOW_TRACKING_TOKEN=secret)
    assert ended.stdout == "['Default']\n", ended.stderr[-4000:]


@pytest.mark.parametrize(
    ("user", "code", "said"), [("rita", WRITE, "PERMISSION_DENIED"), ("nobody", READ, "UNAUTHENTICATED")]
)
def test_refusals_are_understood(server: Secured, tmp_path: Path, user: str, code: str, said: str) -> None:
    known = {"MLFLOW_TRACKING_USERNAME": user, "MLFLOW_TRACKING_PASSWORD": PASSWORD}
    ended = run(server, tmp_path, environments.executable("mlflow-3.17"), "-c", code, **known)
    assert ended.returncode != 0
    assert f"mlflow.exceptions.RestException: {said}: " in ended.stderr
