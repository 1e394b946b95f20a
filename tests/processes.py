"""Processes of their own: what they are given, where they listen, and whether they still run."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import urllib3

PLAIN_USER = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
"""What a command begins with to run without root's power to write everywhere: permissions hold for it."""


def bare_environment(**more: str) -> dict[str, str]:
    """The environment without what would lead a client to another server or run."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "SOLVENT_"))}
    return kept | more


def user_environment(bytecode: Path, **more: str) -> dict[str, str]:
    """As ``bare_environment``, and Python keeps what it has compiled, as it does for users, whatever this machine says.

    Without it a command compiles all that it imports, which is half of its time. ``bytecode`` is a folder for that:
    beside the sources it would be among the files that tests look at.
    """
    variables = bare_environment(PYTHONPYCACHEPREFIX=str(bytecode), **more)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path, seconds: float) -> None:
    """Return once ``/health`` answers; fail with the end of the log if the server ends, or the time is over."""
    http = urllib3.PoolManager(retries=False, timeout=5)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with code {process.returncode}:\n{log.read_text()[-4000:]}")
        try:
            if http.request("GET", f"{url}/health").status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"nothing answers at {url} after {seconds} s:\n{log.read_text()[-4000:]}")


def runs(pid: int) -> bool:
    """Whether the process is there and not only waits for somebody to ask how it ended."""
    if not Path("/proc/self").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it may go away while we look
        return False
