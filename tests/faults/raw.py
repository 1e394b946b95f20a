"""Requests byte by byte, for what no HTTP client would send."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

SECONDS = 60.0
"""After which something hangs."""


def connect(url: str, *, receive_buffer: int | None = None) -> socket.socket:
    parts = urlsplit(url)
    assert parts.port is not None
    connection = socket.socket()
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(SECONDS)
    connection.connect((parts.hostname, parts.port))
    return connection


def head(method: str, path: str, length: int | None = None, *more: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *more]
    if length is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


def request(method: str, path: str, body: Any = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    return head(method, path, None if body is None else len(content)) + content


def exchange(url: str, content: bytes) -> bytes:
    """Send all, say that it was all, and read until the server closes."""
    with connect(url) as connection:
        with suppress(OSError):  # the server may close before it has read everything
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
        return read_to_end(connection)


def read_to_end(connection: socket.socket) -> bytes:
    """All until the end; a reset is an end.

    Raises:
        TimeoutError: it hangs.
    """
    parts: list[bytes] = []
    while True:
        try:
            part = connection.recv(1 << 20)
        except ConnectionError:
            part = b""
        if not part:
            return b"".join(parts)
        parts.append(part)


class Drip(threading.Thread):
    """Sends pieces with pauses until they or the connection end."""

    def __init__(self, connection: socket.socket, pieces: Iterable[bytes], pause: float) -> None:
        super().__init__(daemon=True)
        self._connection = connection
        self._pieces = pieces
        self._pause = threading.Event()
        self._seconds = pause
        self.start()

    def run(self) -> None:
        with suppress(OSError):
            for piece in self._pieces:
                self._connection.sendall(piece)
                self._pause.wait(self._seconds)
