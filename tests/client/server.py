"""A real server at a port that was chosen before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import open_embedded
from solvent.server.app import create_app
from solvent.server.run import Server, listen, settings


@contextmanager
def serving(folder: Path, port: int) -> Iterator[EmbeddedBackend]:
    """Serve the store in ``folder``; the backend is for looking at it from inside."""
    backend = open_embedded(str(folder))
    listener = listen("127.0.0.1", port)
    server = Server(settings(create_app(backend)))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    assert server.ready.wait(30)
    yield backend
    server.should_exit = True
    thread.join()
    listener.close()
    backend.close()
