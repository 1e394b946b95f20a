"""Bytes that are no HTTP, or hardly: answered or cut off at once, never with a 500, and nobody else notices."""

from __future__ import annotations

import logging
import random
import re
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.backend.resolve import open_embedded
from solvent.server import patience
from solvent.server.loopback import Loopback
from tests.faults.raw import connect, exchange, head, read_to_end, request
from tests.faults.rounds import ROUNDS, SEED, dice
from tests.faults.writers import API, TIME

pytestmark = pytest.mark.faults

CREATE = f"{API}/runs/create"
BODY = {"experiment_id": "0", "start_time": TIME}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    backend = open_embedded(str(tmp_path_factory.mktemp("malformed")))
    with Loopback(backend) as loopback:
        yield loopback.url
    backend.close()


@pytest.fixture(autouse=True)
def nothing_failed(url: str, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After each test the server answers, and has logged no error."""
    with caplog.at_level(logging.ERROR):
        yield
    assert urllib3.request("GET", f"{url}/health", retries=False, timeout=30).data == b"OK"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def check(answer: bytes) -> None:
    for status in statuses(answer):
        assert status < 500 or status == 501, answer[:500]


chunked = head("POST", CREATE, None, "Content-Type: application/json", "Transfer-Encoding: chunked")
PIECES = [
    b"GET ", b"POST ", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"/", b"http://localhost/health", b"//", b"*", b"?a=%", b"%00%ff",
    b" HTTP/1.1", b" HTTP/1.0", b" HTTP/3", b"\r\n", b"\n", b"\r", b"\0", b"\xff\xfe", b"Host: localhost", b"Host: evil.example",
    b"Content-Length: 5", b"Content-Length: 99999999999999999999", b"Transfer-Encoding: chunked", b"5\r\nhello\r\n", b"0\r\n\r\n",
    b"ffffffffffffffffff\r\n", b"Connection: upgrade\r\nUpgrade: websocket", b"Expect: 100-continue", b"Range: bytes=0-", b": ",
    b"X" * 300, request("GET", "/health"), request("POST", CREATE, {}), chunked,
]  # fmt: skip


@settings(max_examples=ROUNDS, deadline=None)
@given(content=st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=12).map(b"".join))
def test_any_bytes(url: str, content: bytes) -> None:
    check(exchange(url, content))


def test_good_requests_with_bytes_changed(url: str) -> None:
    throw = dice("malformed http")
    good = (
        request("POST", CREATE, BODY) + chunked + b"2\r\n{}\r\n0\r\n\r\n" + request("GET", f"{API}/runs/get?run_id=x")
    )
    for _ in range(ROUNDS):
        content = bytearray(good)
        for _ in range(throw.randint(1, 4)):
            content[throw.randrange(len(content))] = throw.randrange(256)
        try:
            check(exchange(url, bytes(content)))
        except TimeoutError:
            raise AssertionError(f"hangs with SOLVENT_FAULT_SEED={SEED}: {bytes(content)!r}") from None


@pytest.mark.parametrize(
    "body",
    [
        b"ZZ\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}XX0\r\n\r\n", b"2;x=" + b"y" * 300_000 + b"\r\n{}\r\n0\r\n\r\n",
        b"fffffffffffffffffffff\r\n{}", b"2\r\n{}\r\n", b"2 2\r\n{}\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_bad_chunks(url: str, body: bytes) -> None:
    check(exchange(url, chunked + body))


def test_good_chunks(url: str) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"experiment_id":"0"}')
    with connect(url) as connection:
        connection.sendall(chunked + chunks + b"0\r\n\r\n" + head("GET", "/health", None, "Connection: close"))
        assert statuses(read_to_end(connection)) == [200, 200]


@pytest.mark.parametrize(
    "more",
    [
        [f"X-{number}: {'v' * 1000}" for number in range(1000)],
        ["X: " + "v" * 1_000_000],
        ["X" * 1_000_000 + ": v"],
        [f"X{number}: " for number in range(100_000)],
    ],
    ids=["many", "long value", "long name", "very many"],
)
def test_huge_heads_are_refused(url: str, more: list[str]) -> None:
    assert statuses(exchange(url, head("GET", "/health", None, *more)))[:1] in ([400], [431])


def test_an_endless_head_is_refused_before_it_fills_the_memory(url: str) -> None:
    line = b"X: " + b"v" * 997 + b"\r\n"
    with connect(url) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        sent = 0
        with suppress(ConnectionError):
            while sent < 100 << 20:
                connection.sendall(line * 64)
                sent += len(line) * 64
    assert sent < 100 << 20, "the server read a head of 100 MB"


def test_the_refusal_of_a_huge_head_is_whole(url: str) -> None:
    with connect(url) as connection:
        connection.sendall(head("GET", "/health")[:-2])
        connection.sendall(b"X: " + b"v" * (patience.MAX_HEAD + 1))
        answer = read_to_end(connection)
    first, body = answer.split(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in first
    assert statuses(answer) == [431]


def test_pipelined_requests_are_answered_in_order(url: str) -> None:
    asked = [request("POST", CREATE, BODY | {"run_name": f"n{number}"}) for number in range(50)]
    asked.insert(20, request("GET", f"{API}/runs/get?run_id=nobody"))
    with connect(url) as connection:
        connection.sendall(b"".join(asked))
        connection.sendall(head("GET", "/health", None, "Connection: close"))
        answer = read_to_end(connection)
    assert statuses(answer) == [200] * 20 + [404] + [200] * 31
    assert [answer.index(b'"run_name":"n%d"' % number) for number in range(50)] == sorted(
        answer.index(b'"run_name":"n%d"' % number) for number in range(50)
    )


def test_an_absolute_address_is_the_same_request(url: str) -> None:
    close = head("GET", "http://localhost/health", None, "Connection: close")
    assert exchange(url, close).endswith(b"OK")
    check(exchange(url, head("GET", "http://evil.example:99999/health")))
    check(exchange(url, head("GET", "http://[::1/health")))
    check(exchange(url, head("CONNECT", "localhost:80")))


def test_connections_that_are_reset_in_the_middle(url: str) -> None:
    throw: random.Random = dice("resets")
    good = request("POST", CREATE, BODY) * 5
    for _ in range(ROUNDS):
        connection = connect(url)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close sends a reset
        connection.sendall(good[: throw.randrange(len(good))])
        connection.close()
    assert exchange(url, head("GET", "http://localhost/health", None, "Connection: close")).endswith(b"OK")
