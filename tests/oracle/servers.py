"""Real servers as processes of their own: MLflow's and ours, on free ports of the loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from tests.oracle import environments

START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def bare_environment(**more: str) -> dict[str, str]:
    """The environment without what would lead a client to another server or run."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "SOLVENT_"))}
    return kept | more


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
        _wait_until_it_answers(process, url, log)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    http = urllib3.PoolManager(retries=False, timeout=5)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with code {process.returncode}:\n{log.read_text()[-4000:]}")
        try:
            if http.request("GET", f"{url}/health").status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers at {url} after {START_SECONDS} s:\n{log.read_text()[-4000:]}")


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
