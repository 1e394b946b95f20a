"""Running the server: the socket, the processes, the end."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from solvent.accounts import sessions
from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, Unavailable
from solvent.server import logs
from solvent.server.app import App, create_app
from solvent.server.guard import is_loopback
from solvent.server.protocol import ServerProtocol
from solvent.server.proxies import Proxies
from solvent.store.store import Store

BACKLOG = 2048
KEEP_ALIVE_SECONDS = 75
DRAIN_SECONDS = 20
_LAST_PORT = 65_535


def serve(
    backend: EmbeddedBackend,
    host: str = "127.0.0.1",
    port: int = 5000,
    *,
    workers: int = 1,
    serve_artifacts: bool = True,
    allowed_hosts: Iterable[str] = (),
    trusted_proxies: Iterable[str] = (),
    auth: bool | None = None,
    insecure: bool = False,
    log_format: str | None = None,
    on_listening: Callable[[str], None] | None = None,
) -> None:
    """Serve ``backend`` until SIGINT or SIGTERM; what had come by then is committed and answered first.

    Prints nothing. The backend stays open; closing it is the caller's.

    Args:
        host: the name or address to listen on.
        port: 0 takes a free one.
        workers: processes that share the socket and the database file.
        serve_artifacts: whether ``mlflow-artifacts:`` addresses are answered.
        allowed_hosts: names, beside ``localhost`` and IP addresses, under which browsers may reach the
            server; ``*`` stands for anything.
        trusted_proxies: addresses or networks of reverse proxies whose ``X-Forwarded-*`` headers hold.
        auth: whether people are asked who they are; None means as soon as the store has a user.
        insecure: listen on a host that other machines can reach, although nobody is asked who they are.
        log_format: ``text`` or ``json``: how requests and errors are logged on stderr; None logs errors alone.
        on_listening: is called once with the URL (``http://127.0.0.1:5000``) when connections are accepted.

    Raises:
        InvalidInput: a host that other machines can reach without ``insecure``, or no such host.
        Unavailable: the port is in use, or may not be used.
    """
    if not (insecure or auth or is_loopback(host) or (auth is None and sessions.state(backend.store).users)):
        raise InvalidInput(
            f"--host {host} can be reached from other machines, and nobody would be asked who they are: "
            "make a user first (solvent users create NAME --admin), use 127.0.0.1, "
            "or add --insecure if the network is trusted"
        )
    trusted = tuple(trusted_proxies)
    Proxies(trusted)  # refuses what is no address, before anything is started
    if workers < 1:
        raise InvalidInput(f"--workers must be at least 1, but was {workers}")
    with listen(host, port) as listener:
        if on_listening is not None:
            on_listening(url_of(host, listener))
        options: dict[str, Any] = {
            "serve_artifacts": serve_artifacts,
            "allowed_hosts": tuple(allowed_hosts),
            "trusted_proxies": trusted,
            "auth": auth,
            "log_format": log_format,
        }
        if log_format is not None:
            logs.configure(log_format)
        if workers == 1:
            Server(settings(create_app(backend, **options))).run([listener])
        else:
            _run_many(backend, workers, listener, options)


class Server(uvicorn.Server):
    """``ready`` is set when it accepts connections. A signal ends it, but not the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if isinstance(self.config.loaded_app, App):
            self.config.loaded_app.end_streams()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def settings(app: App | Callable[[], App], *, workers: int = 1) -> uvicorn.Config:
    """uvicorn's settings for our application; errors are logged, requests are not."""
    return uvicorn.Config(
        app,
        factory=not isinstance(app, App),
        workers=workers,
        http=ServerProtocol,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections already; they are answered once a server runs on it.

    Raises:
        Unavailable: the port is in use, or may not be used.
        InvalidInput: there is no such host or port.
    """
    if not 0 <= port <= _LAST_PORT:
        raise InvalidInput(f"--port must be from 0 to {_LAST_PORT}, but was {port}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise InvalidInput(f"can't listen on host '{host}', port {port}: {error}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _bind_error(error, host, port) from error
    return listener


def url_of(host: str, listener: socket.socket) -> str:
    """What a browser on this machine would open."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host) or (f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{listener.getsockname()[1]}"


def _bind_error(error: OSError, host: str, port: int) -> InvalidInput | Unavailable:
    if error.errno == errno.EADDRINUSE:
        return Unavailable(f"port {port} on {host} is in use: stop what listens there, or choose another with --port")
    if error.errno == errno.EACCES:
        return Unavailable(f"port {port} on {host} may not be used by this account: choose one above 1023 with --port")
    return InvalidInput(f"can't listen on host '{host}', port {port}: {error}")


def _run_many(backend: EmbeddedBackend, workers: int, listener: socket.socket, options: dict[str, Any]) -> None:
    store = backend.store
    again = partial(_open, backend.uri, store.path, backend.artifact_folder, store.synchronous, store.artifact_root)
    with TemporaryDirectory(prefix="solvent-metrics-", ignore_cleanup_errors=True) as folder:
        options["metrics_folder"] = Path(folder)
        Processes(settings(partial(_worker_app, again, options), workers=workers), sockets=[listener]).run()


class Processes(Multiprocess):
    """At the end it stops listening before its workers do: else what still connects would wait for nobody."""

    def terminate_all(self) -> None:
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def _worker_app(again: Callable[[], EmbeddedBackend], options: dict[str, Any]) -> App:
    """The application of one of several processes, which ends with the process that started it."""
    if options["log_format"] is not None:
        logs.configure(options["log_format"])
    threading.Thread(target=_end_with_parent, name="solvent-parent", daemon=True).start()
    app = create_app(again(), **options)
    stop = signal.getsignal(signal.SIGTERM)

    def end_streams_and_stop(number: int, frame: FrameType | None) -> None:
        app.end_streams()
        if callable(stop):
            stop(number, frame)

    signal.signal(signal.SIGTERM, end_streams_and_stop)  # uvicorn's own server would wait for them
    return app


def _open(uri: str, database: Path, artifacts: Path, synchronous: str, artifact_root: str) -> EmbeddedBackend:
    return EmbeddedBackend(uri, Store(database, synchronous=synchronous, artifact_root=artifact_root), artifacts)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
