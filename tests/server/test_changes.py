"""Server-sent events: deltas, resuming, and clients that are slow, many or gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import open_embedded
from solvent.server import changes
from solvent.server.loopback import Loopback
from solvent.store.store import Store
from solvent.wire.runs import CreateRun, SetTag
from tests.server.conftest import Web
from tests.server.secured import Secured, basic, secured

PATH = "/api/solvent/v1/changes"


class Stream:
    """One client of the events, on a plain socket."""

    def __init__(self, url: str, query: str = "", headers: str = "") -> None:
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname or "", address.port or 0), timeout=20)
        asked = f"GET {PATH}{query} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n{headers}\r\n"
        self.socket.sendall(asked.encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = dict(line.split(b": ", 1) for line in iter(lambda: self.file.readline().rstrip(), b""))

    def chunk(self) -> bytes:
        """The next piece; empty at the end."""
        size = int(self.file.readline() or b"0", 16)
        data = self.file.read(size)
        self.file.readline()
        return data

    def event(self) -> tuple[int, Any]:
        """Id and data of the next event; heartbeats are read over."""
        while b"data: " not in (chunk := self.chunk()):
            assert chunk, "the stream has ended"
        fields = dict(line.split(b": ", 1) for line in chunk.rstrip().split(b"\n"))
        assert fields[b"event"] == b"changes"
        return int(fields[b"id"]), msgspec.json.decode(fields[b"data"])

    def close(self) -> None:
        self.file.close()
        self.socket.close()


@contextmanager
def streaming(url: str, query: str = "", headers: str = "") -> Iterator[Stream]:
    stream = Stream(url, query, headers)
    try:
        yield stream
    finally:
        stream.close()


@pytest.fixture
def run_id(web: Web) -> str:
    return web.backend.call(CreateRun(experiment_id="0")).run.info.run_id


def test_changes_come_as_they_happen(web: Web, run_id: str) -> None:
    with streaming(web.url) as stream:
        assert stream.status == 200
        assert stream.headers[b"content-type"] == b"text/event-stream; charset=utf-8"
        place, first = stream.event()
        assert first == {"last": place}
        assert web.post("/api/2.0/mlflow/runs/set-tag", {"run_id": run_id, "key": "t", "value": "1"}).status == 200
        later, event = stream.event()
        assert later == event["last"] > place
        (change,) = event["changes"]
        assert (change["run_id"], change["kinds"], change["tags"]) == (run_id, ["tags"], [{"key": "t", "value": "1"}])


def test_what_another_process_wrote_comes_too(web: Web, run_id: str) -> None:
    other = EmbeddedBackend("", Store(web.backend.store.path), web.backend.artifact_folder)
    with streaming(web.url, f"?run_ids={run_id}") as stream:
        stream.event()
        other.call(SetTag(run_id=run_id, key="t", value="2"))
        assert stream.event()[1]["changes"][0]["tags"] == [{"key": "t", "value": "2"}]
    other.close()


def test_a_client_goes_on_where_it_was(web: Web, run_id: str) -> None:
    with streaming(web.url, f"?run_ids={run_id}") as stream:
        place, _ = stream.event()
    web.backend.call(SetTag(run_id=run_id, key="missed", value="1"))
    with streaming(web.url, f"?run_ids={run_id}", f"Last-Event-ID: {place}\r\n") as stream:
        _, event = stream.event()
    assert [tag["key"] for tag in event["changes"][0]["tags"]] == ["missed"]
    with streaming(web.url, headers="Last-Event-ID: 999999999\r\n") as stream:
        assert stream.event()[1]["reset"] is True


def test_it_is_plain_json_for_who_asks_for_no_stream(web: Web, run_id: str) -> None:
    place = web.get(PATH).json["last"]
    web.backend.call(SetTag(run_id=run_id, key="t", value="3"))
    answer = web.get(f"{PATH}?after={place}&experiment_ids=0")
    assert answer.headers["content-type"] == "application/json"
    assert [change["run_id"] for change in answer.json["changes"]] == [run_id]


@pytest.mark.parametrize(
    ("query", "headers"), [("?experiment_ids=x", ""), ("?after=x", ""), ("", "Last-Event-ID: x\r\n")]
)
def test_errors_are_told_before_the_stream_begins(web: Web, query: str, headers: str) -> None:
    with streaming(web.url, query, headers) as stream:
        assert stream.status == 400
        assert stream.headers[b"content-type"] == b"application/json"


def test_silence_is_broken_by_heartbeats(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "HEARTBEAT_SECONDS", 0.05)
    with streaming(web.url, "?run_ids=nobody") as stream:
        stream.event()
        while b": still here" not in (chunk := stream.chunk()):
            assert chunk
        assert b"\nid: " in chunk


def test_only_so_many_may_watch_and_a_stopping_server_does_not_wait_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MAX_CLIENTS", 1)
    backend = open_embedded(str(tmp_path))
    with Loopback(backend) as loopback:
        stream = Stream(loopback.url)
        stream.event()
        with streaming(loopback.url) as another:
            assert another.status == 503
    assert stream.chunk() == b""
    stream.close()
    backend.close()


def watched(people: Secured, user: str, place: int) -> list[str]:
    """The experiments of which a user is told that something has changed, by both ways of asking."""
    authorization = basic(user)["authorization"]
    with streaming(people.url, f"?after={place}", f"Authorization: {authorization}\r\n") as stream:
        assert stream.status == 200
        told = stream.event()[1].get("changes", [])
    asked = people.call(user, "GET", f"{PATH}?after={place}").json.get("changes", [])
    assert asked == told
    return sorted({change["experiment_id"] for change in told})


def test_one_is_told_only_what_one_may_read(tmp_path: Path) -> None:
    with secured(tmp_path) as people:
        place = people.call("root", "GET", PATH).json["last"]
        ours, theirs = (people.make_experiment("wanda", name) for name in ("ours", "theirs"))
        for experiment_id in (ours, theirs):
            people.make_run("wanda", experiment_id)
        people.grant("nora", "reader", experiment_id=ours)
        people.grant("rita", "none", experiment_id=theirs)
        assert watched(people, "root", place) == watched(people, "wanda", place) == sorted([ours, theirs])
        assert watched(people, "nora", place) == watched(people, "rita", place) == [ours]
        assert people.ask("GET", PATH).status == 401
        with streaming(people.url) as stream:
            assert stream.status == 401
