"""Sending once, to a real receiver on loopback."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler

import pytest

from solvent.notify.errors import AddressRefused, SendFailed
from solvent.notify.sender import MAX_ANSWER, send
from solvent.notify.signing import signature
from tests.notify.receiver import receiving, status

pytestmark = pytest.mark.usefixtures("private_allowed")


def test_a_delivery_arrives_signed() -> None:
    with receiving(status(200, "thanks")) as receiver:
        assert send(receiver.url, "secret", "id-1", '{"a": 1}') == (200, "thanks")
    (got,) = receiver.got
    assert (got.path, got.body) == ("/hook?x=1", '{"a": 1}')
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["X-MLflow-Delivery-Id"] == "id-1"
    timestamp = got.headers["X-MLflow-Timestamp"]
    assert got.headers["X-MLflow-Signature"] == signature("secret", "id-1", timestamp, got.body)
    assert got.headers["Host"] == receiver.url.split("/")[2]


def test_a_redirect_is_not_followed() -> None:
    with receiving(status(200)) as private, receiving(status(302, Location=private.url)) as receiver:
        assert send(receiver.url, None, "id", "{}").status == 302
        assert private.got == []


def test_loopback_is_refused_unless_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOLVENT_WEBHOOKS_ALLOW_PRIVATE")
    with receiving(status(200)) as receiver:
        with pytest.raises(AddressRefused, match="must not resolve to a non-public IP address"):
            send(receiver.url, None, "id", "{}")
        assert receiver.got == []


def test_the_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else a moment later (DNS rebinding) is connected to where it was judged."""
    real, asked = socket.getaddrinfo, []

    def answer(host: str, *args: object, **kwargs: object) -> object:
        if host != "rebinding.example":
            return real(host, *args, **kwargs)  # type: ignore[arg-type]
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with receiving(status(200)) as receiver:
        assert send(receiver.url.replace("127.0.0.1", "rebinding.example"), None, "id", "{}").status == 200
    assert asked == ["rebinding.example"]
    assert receiver.got[0].headers["Host"].startswith("rebinding.example:")


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(status(200)) as proxy, receiving(status(204)) as receiver:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert send(receiver.url, None, "id", "{}").status == 204
        assert proxy.got == []


def test_a_receiver_that_hangs_is_left() -> None:
    def hang(_: BaseHTTPRequestHandler) -> None:
        receiver.done.wait()

    with receiving(hang) as receiver, pytest.raises(SendFailed, match=r"no whole answer within 0\.2 s"):
        send(receiver.url, None, "id", "{}", 0.2)


def test_a_receiver_that_drips_is_left() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not receiver.done.wait(0.02):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    with receiving(drip) as receiver, pytest.raises(SendFailed, match=r"no whole answer within 0\.3 s"):
        send(receiver.url, None, "id", "{}", 0.3)


def test_a_long_answer_is_cut() -> None:
    with receiving(status(200, "x" * (MAX_ANSWER + 10_000))) as receiver:
        assert len(send(receiver.url, None, "id", "{}").text) == MAX_ANSWER


def test_nobody_there() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with pytest.raises(SendFailed, match="can't be told: ConnectionRefusedError"):
        send(f"http://127.0.0.1:{port}/", None, "id", "{}")


def test_somebody_who_speaks_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"\x00\xff" * 100 + b"\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(SendFailed, match="can't be told"):
            send(f"http://127.0.0.1:{listener.getsockname()[1]}/", None, "id", "{}")
        thread.join()


def test_tls_that_never_shakes_hands_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(SendFailed, match=r"no whole answer within 0\.2 s"):
            send(url, None, "id", "{}", 0.2)
