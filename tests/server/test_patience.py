"""The connection's end is announced when an answer comes before the request's end."""

from __future__ import annotations

from tests.faults.raw import connect, head, read_to_end, request
from tests.server.conftest import Web


def test_an_early_answer_says_that_the_connection_ends(web: Web) -> None:
    with connect(web.url) as client:
        client.sendall(head("PUT", "/no/such/endpoint", 1))
        said, _, body = read_to_end(client).partition(b"\r\n\r\n")
    assert b"connection: close" in said.lower()
    assert body


def test_a_whole_request_keeps_the_connection(web: Web) -> None:
    with connect(web.url) as client:
        client.sendall(request("POST", "/no/such/endpoint", {}))
        said = client.recv(1 << 16)
        assert b"connection: close" not in said.lower()
        client.sendall(request("GET", "/health"))
        assert client.recv(1 << 16).endswith(b"OK")


def test_a_body_that_comes_while_the_answer_goes_out_does_not_reset_it(web: Web) -> None:
    with connect(web.url) as client:
        client.sendall(head("PUT", "/no/such/endpoint", 1 << 20))
        client.sendall(b"x" * (1 << 20))
        assert b"HTTP/1.1 " in read_to_end(client)
