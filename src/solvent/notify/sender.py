"""Sending one webhook once: to the address that was judged, no redirects, bounded in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from typing import NamedTuple

from solvent.notify import signing
from solvent.notify.addresses import Receiver, parse, resolve
from solvent.notify.errors import SendFailed

SECONDS = 10.0
MAX_ANSWER = 64 * 1024


class Answer(NamedTuple):
    """What the receiver said: its HTTP status, and the first 64 KiB of its text."""

    status: int
    text: str


def send(url: str, secret: str | None, delivery_id: str, body: str, seconds: float = SECONDS) -> Answer:
    """POST ``body``, signed, and wait for the answer; at most ``seconds`` from connecting to its last byte.

    A redirect is an answer like any other: it is not followed.

    Raises:
        AddressRefused: nothing may be sent there.
        SendFailed: no answer came.
    """
    receiver = parse(url)
    addresses = resolve(receiver)
    headers = signing.headers(secret, delivery_id, int(time.time()), body) | {"User-Agent": "solvent-webhook"}
    connection = _Pinned(receiver, addresses, seconds)
    limit = threading.Timer(seconds, connection.abort)
    limit.daemon = True
    limit.start()
    try:
        connection.request("POST", receiver.target, body.encode(), headers)
        response = connection.getresponse()
        text = response.read(MAX_ANSWER).decode("utf-8", "replace")
        if connection.aborted:
            raise TimeoutError
        return Answer(response.status, text)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = connection.aborted or isinstance(error, TimeoutError)
        reason = f"no whole answer within {seconds:g} s" if late else f"{type(error).__name__}: {error}"
        raise SendFailed(f"{receiver.host}:{receiver.port} can't be told: {reason}") from error
    finally:
        limit.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to given addresses that speaks, and checks certificates, for the host of the URL."""

    def __init__(self, receiver: Receiver, addresses: list[str], seconds: float) -> None:
        host = f"[{receiver.host}]" if ":" in receiver.host else receiver.host
        super().__init__(host, receiver.port, timeout=seconds)
        self.default_port = 443 if receiver.secure else 80
        self.aborted = False
        self._wire: socket.socket | None = None  # ``sock`` is taken away when the receiver will close after its answer
        self._receiver = receiver
        self._addresses = addresses

    def connect(self) -> None:
        self.sock = self._wire = self._first_that_answers()
        if self._receiver.secure:
            context = ssl.create_default_context()
            name = self._receiver.host
            secured = context.wrap_socket(self.sock, server_hostname=name, do_handshake_on_connect=False)
            self.sock = self._wire = secured
            secured.do_handshake()  # apart, so that abort() finds the socket that it must break off

    def _first_that_answers(self) -> socket.socket:
        for address in self._addresses[:-1]:
            if self.aborted:
                raise TimeoutError
            try:
                return socket.create_connection((address, self._receiver.port), self.timeout)
            except OSError:  # the next address may answer
                continue
        return socket.create_connection((self._addresses[-1], self._receiver.port), self.timeout)

    def abort(self) -> None:
        """Break off, from another thread: whoever reads or writes finds the connection closed."""
        self.aborted = True
        if self._wire is not None:
            try:
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)  # the plain one: TLS would say goodbye first
            except OSError:  # not connected any more: there is nothing to break off
                return
