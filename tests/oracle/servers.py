"""Real servers as processes of their own: MLflow's and ours, on free ports of the loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.oracle import environments
from tests.processes import bare_environment, free_port, wait_until_it_answers

START_SECONDS = 120


@contextmanager
def serve(command: list[str | Path], url: str, log: Path, **environment: str) -> Iterator[str]:
    """Run a server until the block ends; yields its address once ``/health`` answers.

    The server gets a process group of its own, because MLflow leaves its workers behind otherwise.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=log.parent,
            env=bare_environment(**environment),
        )
    try:
        wait_until_it_answers(process, url, log, START_SECONDS)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def mlflow_server(folder: Path, name: str = "mlflow-3.17", **environment: str) -> Iterator[str]:
    """A real ``mlflow server`` on a SQLite file in ``folder``."""
    port = free_port()
    command: list[str | Path] = [
        environments.executable(name, "mlflow"),
        "server",
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{folder}/mlflow.db"),
        *("--artifacts-destination", folder / "mlartifacts"),
    ]
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "LITELLM_LOCAL_MODEL_COST_MAP": "True", **environment}
    path = f"{command[0]}".rpartition("/")[0] + os.pathsep + os.environ.get("PATH", os.defpath)
    with serve(command, f"http://127.0.0.1:{port}", folder / "mlflow.log", PATH=path, **quiet) as url:
        yield url


@contextmanager
def solvent_server(folder: Path, port: int | None = None) -> Iterator[str]:
    """A real ``solvent server`` on a SQLite file in ``folder``, with MLflow's own flags."""
    port = port or free_port()
    command: list[str | Path] = [
        Path(sys.executable).with_name("solvent"),
        "server",
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--backend-store-uri", f"sqlite:///{folder}/solvent.db"),
        *("--artifacts-destination", folder / "artifacts"),
    ]
    with serve(command, f"http://127.0.0.1:{port}", folder / "solvent.log") as url:
        yield url
