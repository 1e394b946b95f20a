"""The servers that are compared, as processes of their own on SQLite files."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench import processes
from bench.context import Context
from tests.oracle import environments
from tests.processes import free_port

FULL, NORMAL, MLFLOW, FASTTRACKML = "full", "normal", "mlflow", "fasttrackml"
KINDS = (FULL, NORMAL, MLFLOW, FASTTRACKML)
_START_SECONDS = 180
_QUIET = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    kind: str
    port: int
    pid: int
    database: Path
    started_seconds: float
    started_processor: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pids(self) -> list[int]:
        return processes.tree(self.pid)

    @staticmethod
    def processor(pids: list[int]) -> float:
        return processes.processor(pids)


@contextmanager
def running(context: Context, kind: str, folder: Path) -> Iterator[Server]:
    """Start a server on the database in ``folder``, made if it is not there; ends with the block."""
    port = free_port()
    command, environment = _command(context, kind, folder, port)
    begin = time.perf_counter()
    with (folder / "server.log").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=folder,
            env=environment,
        )
    try:
        _wait(process, port, folder / "server.log")
        seconds, processor = time.perf_counter() - begin, processes.processor(processes.tree(process.pid))
        yield Server(kind, port, process.pid, database(folder), seconds, processor)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def database(folder: Path) -> Path:
    return folder / "tracking.db"


def restarted(folder: Path) -> None:
    """Make the next start a cold one: the database is no longer in the system's file cache."""
    processes.forget(database(folder))


def _command(context: Context, kind: str, folder: Path, port: int) -> tuple[list[str | Path], dict[str, str]]:
    uri = f"sqlite:///{database(folder)}"
    at: list[str | Path] = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--backend-store-uri", uri]
    if kind == MLFLOW:
        path = f"{context.mlflow.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        files: list[str | Path] = ["--artifacts-destination", folder / "artifacts"]
        return [context.mlflow, "server", *at, *files], context.environment(PATH=path, **_QUIET)
    if kind == FASTTRACKML:
        program = environments.executable("fasttrackml", "fml")
        options = ["--database-uri", f"sqlite://{database(folder)}", "--log-level", "error"]
        return [program, "server", "--listen-address", f"127.0.0.1:{port}", *options], context.environment()
    files = ["--artifacts-destination", folder / "artifacts"]
    return [context.solvent, "server", *at, *files], context.environment(SOLVENT_STORE_SYNCHRONOUS=kind.upper())


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the first experiment is answered."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}:\n{log.read_text()[-2000:]}")
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
            connection.request("GET", "/api/2.0/mlflow/experiments/get?experiment_id=0")
            status = connection.getresponse().status
            connection.close()
            if status == 200:
                return
        time.sleep(0.005)
    raise RuntimeError(f"nothing answers on port {port} after {_START_SECONDS} s:\n{log.read_text()[-2000:]}")
