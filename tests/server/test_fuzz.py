"""Whatever is sent, every endpoint answers in one of the known forms, and soon."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvent.wire.base import ROUTES, Route
from tests.server.conftest import Web

JSON = {"content-type": "application/json"}
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "0", "1", "NaN", "-Infinity", "ALL", "name ASC", "metrics.a > 1", "../x", "\x00", "a" * 9000])
    | st.text(max_size=30)
)  # fmt: skip
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6)  # fmt: skip


def bodies(route: Route) -> st.SearchStrategy[Any]:
    """Objects with the request's own field names, and anything in them."""
    names = [field.encode_name for field in msgspec.structs.fields(route.request)]
    nested = st.fixed_dictionaries(
        {}, optional={"key": scalars, "value": scalars, "step": scalars, "timestamp": scalars}
    )
    filled = st.fixed_dictionaries({}, optional=dict.fromkeys(names, values | st.lists(nested, max_size=3)))
    return filled | values


def check(answer: Any) -> None:
    assert answer.status in (200, 400, 403, 404, 405, 409, 413, 501), (answer.status, answer.body)
    if answer.status != 200:
        error = answer.json
        assert set(error) == {"error_code", "message"}
        assert error["message"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_request_is_answered(web: Web, route: Route, data: st.DataObject) -> None:
    path = route.url.replace("{", "").replace("}", "")
    if route.method == "GET":
        body = data.draw(bodies(route))
        query = urlencode(body if isinstance(body, dict) else {"x": str(body)}, doseq=True, errors="replace")
        check(web.get(f"{path}?{query}"))
    else:
        encoded = data.draw(bodies(route).map(_encoded) | st.binary(max_size=50))
        check(web.ask(route.method, path, body=encoded, headers=JSON))


def _encoded(body: object) -> bytes:
    try:
        return msgspec.json.encode(body)
    except (UnicodeEncodeError, OverflowError, ValueError):
        return b'"\\ud800"'


@settings(max_examples=100, deadline=None)
@given(path=st.text(st.sampled_from("/apix.-2034mlflowruns%{}?#\\ü\x00"), max_size=40), method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]))  # fmt: skip
def test_any_path_is_answered(web: Web, path: str, method: str) -> None:
    answer = web.ask(method, "/" + path.lstrip("/"))
    assert answer.status < 500 or answer.status == 501


MALFORMED = [
    b"\r\n\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\x00\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n{}",
    b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n",
    b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{}",
]


@pytest.mark.parametrize("content", MALFORMED)
def test_malformed_http_disturbs_nobody(web: Web, content: bytes) -> None:
    address = urlsplit(web.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert b" 500 " not in answer[:20]
    assert web.get("/health").status == 200
