"""A real ``solvent server`` that is killed and started again on the same files and port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.processes import bare_environment, free_port, wait_until_it_answers

START_SECONDS = 60


class KilledServer:
    """``kill`` is SIGKILL to the server and all its children: nothing is flushed, nobody is told."""

    def __init__(self, folder: Path, *flags: str, synchronous: str = "FULL") -> None:
        self.folder = folder
        self.synchronous = synchronous
        self.flags = flags
        self.prefix: tuple[str, ...] = ()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers."""
        store = f"sqlite:///{self.folder}/solvent.db"
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *self.prefix,
                    Path(sys.executable).with_name("solvent"),
                    "server",
                    "--port",
                    str(self.port),
                    "--backend-store-uri",
                    store,
                    *self.flags,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=bare_environment(SOLVENT_STORE_SYNCHRONOUS=self.synchronous),
            )
        wait_until_it_answers(self._process, self.url, self.folder / "server.log", START_SECONDS)

    def kill(self) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
