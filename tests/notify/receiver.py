"""A real HTTP receiver on loopback that answers as it is told, and keeps what came."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Answering = Callable[[BaseHTTPRequestHandler], None]


class Got(NamedTuple):
    path: str
    headers: dict[str, str]
    body: str


class Receiver:
    """``answers`` are used one after the other, the last one for all that follows."""

    def __init__(self, *answers: Answering) -> None:
        self.got: list[Got] = []
        self.done = threading.Event()  # set when a test ends: what hangs may go
        self._came = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                with receiver._came:
                    number = len(receiver.got)
                    receiver.got.append(Got(self.path, dict(self.headers), body))
                    receiver._came.notify_all()
                answers[min(number, len(answers) - 1)](self)

            def log_message(self, format: str, *args: object) -> None:
                """Tests print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook?x=1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def wait_for(self, count: int, seconds: float = 20) -> list[Got]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.got) >= count, seconds), f"{len(self.got)} came, not {count}"
        return self.got

    def close(self) -> None:
        self.done.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def status(code: int, text: str = "", **headers: str) -> Answering:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return answer


@contextmanager
def receiving(*answers: Answering) -> Iterator[Receiver]:
    receiver = Receiver(*answers)
    try:
        yield receiver
    finally:
        receiver.close()
