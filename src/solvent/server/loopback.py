"""A server in a thread of this process, for its own children: on 127.0.0.1, on a free port."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Unavailable
from solvent.server.app import create_app
from solvent.server.run import Server, listen, settings

_START_SECONDS = 30.0


class Loopback:
    """Serves ``backend`` while the ``with`` block runs; ``url`` is its address, ``app`` the application.

    Its children have the rights of whoever has the files, so they are not asked who they are unless
    ``auth`` says so (``create_app``, which takes all other options too).
    What was acknowledged is committed before the block is left. The backend stays open.
    """

    def __init__(
        self,
        backend: EmbeddedBackend,
        *,
        serve_artifacts: bool = True,
        page_folder: Path | None = None,
        auth: bool | None = False,
        **options: Any,
    ) -> None:
        self._socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.app = create_app(backend, serve_artifacts=serve_artifacts, page_folder=page_folder, auth=auth, **options)
        self._server = Server(settings(self.app))
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="solvent-loopback", daemon=True
        )

    def __enter__(self) -> Loopback:
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            raise Unavailable("the loopback server did not start: look for its error above")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
