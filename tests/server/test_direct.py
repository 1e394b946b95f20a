"""Hot requests go a short way, on which everything is as on the long one."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.backend.resolve import open_embedded
from solvent.server.direct import MAX_BODY, MOST_KNOWN
from solvent.server.loopback import Loopback
from solvent.server.protocol import ServerProtocol
from solvent.store.store import Store
from solvent.wire.accounts import CreateUser
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun, GetRun
from tests.faults.raw import connect, head, read_to_end, request
from tests.server.conftest import Web

API = "/api/2.0/mlflow/runs"


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A server that does not sync, and so may write in its loop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOLVENT_STORE_SYNCHRONOUS", "NORMAL")
        backend = open_embedded(str(tmp_path_factory.mktemp("quick")))
    with Loopback(backend) as loopback:
        client = Web(loopback.url, backend, loopback.app)
        yield client
        client.close()
    backend.close()


@pytest.fixture(params=["NORMAL", "FULL"])
def served(request: pytest.FixtureRequest) -> Web:
    """Both ways to write: in the loop, and in the writer's thread."""
    found: Web = request.getfixturevalue("quick" if request.param == "NORMAL" else "web")
    return found


def new_run(web: Web) -> str:
    return web.backend.call(CreateRun(experiment_id="0")).run.info.run_id


def point(run_id: str, step: int, **more: Any) -> dict[str, Any]:
    return {"run_id": run_id, "key": "m", "value": 0.5, "timestamp": 1, "step": step} | more


def steps(web: Web, run_id: str) -> list[int | None]:
    return [each.step for each in web.backend.call(GetMetricHistory(run_id=run_id, metric_key="m")).metrics]


def receive(client: socket.socket, count: int = 1) -> list[tuple[bytes, bytes]]:
    """Head and body of the next answers on a connection; what differs from one to the next is taken out."""
    found: list[tuple[bytes, bytes]] = []
    text = b""
    while len(found) < count:
        top, end, rest = text.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", top) if end else None
        if length and len(rest) >= int(length[1]):
            top = re.sub(rb"(date|x-request-id): [^\r]+", rb"\1:", top)
            found.append((top, rest[: int(length[1])]))
            text = rest[int(length[1]) :]
            continue
        part = client.recv(1 << 16)
        assert part, "the connection was closed"
        text += part
    assert not text
    return found


def known(web: Web) -> set[bytes]:
    assert web.app.direct is not None
    return set(web.app.direct._known)


BODIES = [
    {},
    {"value": "NaN"},
    {"value": "much"},
    {"value": None},
    {"key": "../up"},
    {"timestamp": 2**70},
    {"timestamp": -1},
    {"run_id": "no-such-run"},
    {"run_id": None},
    {"step": "x"},
    {"model_id": "no-such-model"},
]


@pytest.mark.parametrize("change", BODIES, ids=str)
def test_an_answer_is_the_same_on_both_ways(served: Web, change: dict[str, Any]) -> None:
    run_id = new_run(served)
    text = request("POST", f"{API}/log-metric", point(run_id, 100) | change)
    long = text.replace(b"\r\n\r\n", b"\r\nX-Other: 1\r\n\r\n", 1)
    with connect(served.url) as client:
        client.sendall(long)
        (expected,) = receive(client)
        for _ in range(3):  # the first one teaches the head
            client.sendall(text)
            assert receive(client) == [expected]
    assert text.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" in known(served)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b'{"value": NaN}', b"[" * 5_000, b"null", b" "])
def test_what_is_no_request_is_refused_alike(served: Web, body: bytes) -> None:
    text = head("POST", f"{API}/log-batch", len(body))
    with connect(served.url) as client:
        client.sendall(text.replace(b"\r\n\r\n", b"\r\nX-Other: 1\r\n\r\n") + body)
        expected = receive(client)
        for _ in range(2):
            client.sendall(text + body)
            assert receive(client) == expected
    assert expected[0][0].startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "line",
    ["X-Request-Id: mine", "Authorization: Basic eDp5", "Cookie: a=b", "Expect: 100-continue", "Connection: close"],
)
def test_heads_that_say_more_are_not_remembered(quick: Web, line: str) -> None:
    run_id, before = new_run(quick), known(quick)
    body = json.dumps(point(run_id, 1)).encode()
    for _ in range(2):
        with connect(quick.url) as client:
            client.sendall(head("POST", f"{API}/log-metric", len(body), line) + body)
            said = client.recv(1 << 16)
            while b"{}" not in said:
                said += client.recv(1 << 16)
            assert b"HTTP/1.1 200" in said
    assert known(quick) == before


def test_chunks_other_versions_and_other_endpoints_are_not_remembered(quick: Web) -> None:
    run_id, before = new_run(quick), known(quick)
    body = json.dumps(point(run_id, 1)).encode()
    chunked = head("POST", f"{API}/log-metric", None, "Content-Type: application/json", "Transfer-Encoding: chunked")
    old = head("POST", f"{API}/log-metric", len(body)).replace(b"HTTP/1.1", b"HTTP/1.0")
    tag = request("POST", f"{API}/set-tag", {"run_id": run_id, "key": "a", "value": "b"})
    get = request("GET", f"{API}/get?run_id={run_id}")
    for text in (chunked + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body), old + body, tag, get):
        with connect(quick.url) as client:
            client.sendall(text)
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 200")
    assert known(quick) == before


def test_what_is_refused_for_its_head_is_refused_each_time(quick: Web) -> None:
    run_id, before = new_run(quick), known(quick)
    text = request("POST", f"{API}/log-metric", point(run_id, 1))
    foreign = text.replace(b"Host: localhost", b"Host: evil.example")
    page = text.replace(b"Host: localhost", b"Host: localhost\r\nOrigin: http://evil.example")
    form = text.replace(b"application/json", b"text/plain")
    for each, status in ((foreign, b"403"), (page, b"403"), (form, b"400")):
        for _ in range(3):
            with connect(quick.url) as client:
                client.sendall(each)
                assert client.recv(1 << 16)[9:12] == status
    assert known(quick) == before
    assert steps(quick, run_id) == []


def test_heads_are_remembered_in_bounded_number(quick: Web) -> None:
    run_id = new_run(quick)
    body = json.dumps(point(run_id, 1)).encode()
    with connect(quick.url) as client:
        for number in range(MOST_KNOWN + 10):
            client.sendall(head("POST", f"{API}/log-metric", len(body), f"User-Agent: {number}") + body)
            receive(client)
    assert 0 < len(known(quick)) <= MOST_KNOWN


def test_a_large_body_goes_the_long_way(served: Web) -> None:
    run_id = new_run(served)
    text = request("POST", f"{API}/log-metric", point(run_id, 1, dataset_name="x" * MAX_BODY))
    with connect(served.url) as client:
        for _ in range(2):
            client.sendall(text)
            assert receive(client)[0][0].startswith(b"HTTP/1.1 200")
    assert text.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" not in known(served)


@given(data=st.data())
def test_requests_in_any_pieces_are_answered_in_order(quick: Web, data: st.DataObject) -> None:
    """However TCP cuts and joins them, with good and bad ones among them."""
    run_id = new_run(quick)
    good = data.draw(st.lists(st.booleans(), min_size=1, max_size=6))
    texts = [
        request("POST", f"{API}/log-metric", point(run_id if sound else "x" * 32, 10 + step))
        for step, sound in enumerate(good)
    ]
    whole = b"".join(texts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    with connect(quick.url) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            client.sendall(whole[begin:end])
            if data.draw(st.booleans()):
                time.sleep(0.001)
        answers = receive(client, len(good))
    assert [top[9:12] for top, _ in answers] == [b"200" if sound else b"404" for sound in good]
    assert steps(quick, run_id) == [10 + step for step, sound in enumerate(good) if sound]


def test_a_request_behind_a_waiting_one_is_answered_behind_it(quick: Web) -> None:
    run_id = new_run(quick)
    text = request("POST", f"{API}/log-metric", point(run_id, 10))
    with connect(quick.url) as client:
        client.sendall(text)
        receive(client)
        with quick.backend.store._lock:
            client.sendall(text)
            time.sleep(0.05)
            client.sendall(request("GET", "/health") + text)
            client.settimeout(0.1)
            with pytest.raises(TimeoutError):
                client.recv(1)
            client.settimeout(30)
        answers = receive(client, 3)
    assert [body for _, body in answers] == [b"{}", b"OK", b"{}"]


def test_a_client_that_leaves_takes_nothing_with_it(served: Web) -> None:
    run_id = new_run(served)
    clients = [connect(served.url) for _ in range(6)]
    for number, client in enumerate(clients):
        client.sendall(request("POST", f"{API}/log-metric", point(run_id, 10 + number)))
        receive(client)
    with served.backend.store._lock:
        for number, client in enumerate(clients):
            client.sendall(request("POST", f"{API}/log-metric", point(run_id, 20 + number)))
        time.sleep(0.1)
        for client in clients[::2]:
            client.close()
        time.sleep(0.1)
    for client in clients[1::2]:
        assert receive(client)[0][0].startswith(b"HTTP/1.1 200")
        client.close()
    assert steps(served, run_id) == [*range(10, 16), *range(20, 26)]


def test_brief_writes_are_done_in_the_loop_and_large_groups_are_not(
    quick: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id, threads = new_run(quick), []

    def noted(store: Store, jobs: Any) -> Any:
        threads.append(threading.current_thread().name)
        return finish(store, jobs)

    finish = Store._finish
    monkeypatch.setattr(Store, "_finish", noted)
    assert quick.post(f"{API}/log-metric", point(run_id, 1)).status == 200
    metrics = [{"key": "m", "value": 0.5, "timestamp": 1, "step": 10 + step, "run_id": "x" * 90} for step in range(900)]
    assert quick.post(f"{API}/log-batch", {"run_id": run_id, "metrics": metrics}).status == 200
    assert quick.post(f"{API}/set-tag", {"run_id": run_id, "key": "a", "value": "b"}).status == 200
    assert threads == ["solvent-loopback", "solvent-writer", "solvent-writer"]


def test_a_defect_is_told_and_logged(
    quick: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = new_run(quick)
    text = request("POST", f"{API}/log-metric", point(run_id, 1))

    def broken(*_: Any) -> Any:
        raise RuntimeError("of the test")

    with connect(quick.url) as client:
        client.sendall(text)
        receive(client)
        with monkeypatch.context() as patch:
            patch.setattr(Store, "write_at_once", broken)
            client.sendall(text)
            ((top, body),) = receive(client)
        assert top.startswith(b"HTTP/1.1 500")
        assert json.loads(body)["error_code"] == "INTERNAL_ERROR"
        assert "of the test" in caplog.text
        client.sendall(text)
        assert receive(client)[0][1] == b"{}"


def test_requests_are_counted_and_named(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path))
    with Loopback(backend) as loopback:
        web = Web(loopback.url, backend, loopback.app)
        text = request("POST", f"{API}/log-metric", point(new_run(web), 10))
        bad = request("POST", f"{API}/log-metric", point("x" * 32, 10))
        ids = set()
        with connect(web.url) as client:
            for each in (text, text, bad, bad, text):
                client.sendall(each)
                named = re.search(rb"x-request-id: ([0-9a-f]{8}-[0-9a-f]+)\r\n", client.recv(1 << 16))
                assert named
                ids.add(named[1])
        counted = web.get("/metrics").body.decode()
        web.close()
    backend.close()
    assert len(ids) == 5
    route = f'method="POST",route="{API}/log-metric"'
    assert f'solvent_requests_total{{{route},status="200"}} 3\n' in counted
    assert f'solvent_requests_total{{{route},status="404"}} 2\n' in counted
    assert f'solvent_request_seconds_count{{route="{API}/log-metric"}} 5\n' in counted
    assert "solvent_requests_running 1\n" in counted  # the one that asks


def test_from_the_first_user_on_nobody_goes_the_short_way(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path))
    with Loopback(backend, auth=None) as loopback:
        web = Web(loopback.url, backend, loopback.app)
        text = request("POST", f"{API}/log-metric", point(new_run(web), 10))
        with connect(web.url) as client:
            for _ in range(2):
                client.sendall(text)
                assert receive(client)[0][0].startswith(b"HTTP/1.1 200")
            backend.call(CreateUser(name="root", password="correct horse", admin=True))
            for _ in range(100):
                client.sendall(text)
                if receive(client)[0][0].startswith(b"HTTP/1.1 401"):
                    break
                time.sleep(0.1)
            client.sendall(text)
            assert receive(client)[0][0].startswith(b"HTTP/1.1 401")
        assert web.app.direct is None
        web.close()
    backend.close()


def test_behind_trusted_proxies_every_head_is_looked_at(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path))
    with Loopback(backend, trusted_proxies=["127.0.0.1"]) as loopback:
        assert loopback.app.direct is None
    backend.close()


def test_a_connection_that_rests_is_closed_in_time(quick: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time counts from the last answer, also if that came the short way."""
    made = ServerProtocol.connection_made

    def impatient(self: ServerProtocol, transport: Any) -> None:
        made(self, transport)
        self.timeout_keep_alive = 1

    monkeypatch.setattr(ServerProtocol, "connection_made", impatient)
    text = request("POST", f"{API}/log-metric", point(new_run(quick), 10))
    with connect(quick.url) as client:
        for _ in range(6):
            client.sendall(text)
            receive(client)
            time.sleep(0.3)
        begun = time.monotonic()
        assert read_to_end(client) == b""
    assert 0.3 < time.monotonic() - begun < 5


def test_a_head_that_completes_another_is_not_what_it_looks_like(served: Web) -> None:
    """The parser is in the middle of a head when bytes come that look like a whole request."""
    run_id = new_run(served)
    tag = json.dumps({"run_id": run_id, "key": "stage", "value": "training"}).encode()
    whole = head("POST", f"{API}/set-tag", len(tag)) + tag
    before = known(served)
    with connect(served.url) as client:
        client.sendall(
            head("GET", "/health") + f"POST {API}/log-parameter HTTP/1.1\r\nAccept-Encoding: ".encode("ascii")
        )
        receive(client)
        client.sendall(whole)
        receive(client)
    assert whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" not in known(served) - before

    other = new_run(served)
    tag = tag.replace(run_id.encode(), other.encode())
    with connect(served.url) as client:
        for _ in range(2):
            client.sendall(head("POST", f"{API}/set-tag", len(tag)) + tag)
            assert receive(client)[0][1] == b"{}"
    data = served.backend.call(GetRun(run_id=other)).run.data
    assert [(each.key, each.value) for each in data.tags if each.key == "stage"] == [("stage", "training")]
    assert data.params == []


def test_the_end_of_a_head_is_never_remembered(served: Web) -> None:
    run_id = new_run(served)
    body = json.dumps(point(run_id, 1)).encode()
    first, tail = f"POST {API}/log-metric HTTP/1.1\r\nHost: localhost\r\n", f"Content-Length: {len(body)}\r\n\r\n"
    before = known(served)
    with connect(served.url) as client:
        for _ in range(2):
            client.sendall(head("GET", "/health") + first.encode("ascii") + b"Content-Type: application/json\r\n")
            receive(client)
            client.sendall(tail.encode("ascii") + body)
            assert receive(client)[0][1] == b"{}"
            client.sendall(head("GET", "/health"))
            assert receive(client)[0][1] == b"OK"
    assert tail.encode("ascii") not in known(served) - before
    assert steps(served, run_id) == [1]
