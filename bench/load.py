"""The load generator: raw sockets kept alive, requests made by scripts, one thread that waits for all.

It shall cost so little that the servers are what is measured: a client's next request is made while the server works
on the one before, unless it depends on the answer. Its own processor time is counted apart.
"""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Generator, Sequence

from bench.servers import Server
from bench.window import Load

Script = Generator[bytes, bytes, None]
"""Yields requests (``request``), is sent the bodies of their answers."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNK = 1 << 20


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """One HTTP request; ``path`` under MLflow's prefix, or from the root if it begins there."""
    address = path if path.startswith("/") else f"/api/2.0/mlflow/{path}"
    head = f"{method} {address} HTTP/1.1\r\nHost: localhost\r\n"
    if method == "POST":
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


class _Client:
    """One connection that sends what its script yields, the next after the answer.

    ``ahead``: the script does not look at answers, so that the next request is made before the answer is there.
    """

    def __init__(self, server: Server, script: Script, *, ahead: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.script = script
        self.ahead = ahead
        self.requests = self.errors = 0
        self.slowest = 0.0
        self.last = b""
        self._received = bytearray()
        self._next: bytes | None = None

    def begin(self) -> None:
        self._send(next(self.script))

    def receive(self, end: float) -> bool:
        """Read what is there; whether another request is under way now."""
        part = self.socket.recv(_CHUNK)
        if not part:
            raise ConnectionError("the server closed the connection")
        self._received += part
        body = _body(self._received)
        if body is None:
            return True
        now = time.perf_counter()
        self.requests += 1
        self.slowest = max(self.slowest, now - self._sent)
        if self._received[9:12] != b"200":
            self.errors += 1
        self.last = body
        self._received = bytearray()
        if now >= end:
            return False
        if not self.ahead:
            self._next = self._made(body)
        if self._next is None:
            return False
        self._send(self._next)
        return True

    def _send(self, text: bytes) -> None:
        self._sent = time.perf_counter()
        self.socket.sendall(text)
        if self.ahead:
            self._next = self._made(b"")

    def _made(self, answer: bytes) -> bytes | None:
        """The script's next request, None if there is none."""
        try:
            return self.script.send(answer)
        except StopIteration:
            return None


def load(server: Server, scripts: Sequence[Script], seconds: float, *, ahead: bool = True) -> Load:
    """Run one client per script for ``seconds``; what was asked until then is awaited and counted.

    ``ahead``: no script looks at answers.
    """
    clients = [_Client(server, script, ahead=ahead) for script in scripts]
    poller = select.epoll()
    by_number = {client.socket.fileno(): client for client in clients}
    for number in by_number:
        poller.register(number, select.EPOLLIN)
    pids = server.pids()
    processor, own, begin = server.processor(pids), time.process_time(), time.perf_counter()
    for client in clients:
        client.begin()
    active = len(clients)
    while active:
        for number, _ in poller.poll():
            if not by_number[number].receive(begin + seconds):
                active -= 1
                poller.unregister(number)
    taken = time.perf_counter() - begin
    own, processor = time.process_time() - own, server.processor(pids) - processor
    poller.close()
    for client in clients:
        client.socket.close()
    return Load(
        requests=sum(client.requests for client in clients),
        errors=sum(client.errors for client in clients),
        seconds=taken,
        processor=processor,
        own=own,
        slowest=max(client.slowest for client in clients),
        last=clients[0].last,
    )


def ask(server: Server, text: bytes) -> Load:
    """One request on a new connection."""

    def script() -> Script:
        yield text

    return load(server, [script()], 0)


def _body(received: bytearray) -> bytes | None:
    """The body of an answer once all of it has come."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    found = _LENGTH.search(received, 0, end + 2)
    if found is None:  # chunked
        if not received.endswith(b"\r\n0\r\n\r\n"):
            return None
        return _joined(bytes(received[end + 4 :]))
    body_end = end + 4 + int(found[1])
    return bytes(received[end + 4 : body_end]) if len(received) >= body_end else None


def _joined(chunks: bytes) -> bytes:
    body, place = b"", 0
    while True:
        line_end = chunks.index(b"\r\n", place)
        size = int(chunks[place:line_end], 16)
        if not size:
            return body
        body += chunks[line_end + 2 : line_end + 2 + size]
        place = line_end + 4 + size
