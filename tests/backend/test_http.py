"""What can be at the other end: nothing, a stranger, an overloaded proxy; and who we say we are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from solvent.backend.http import HttpBackend
from solvent.errors import InvalidInput, NotFound, SolventError, Unavailable
from solvent.http import ForeignServer, HttpSession
from solvent.wire.experiments import CreateExperiment, GetExperimentByName


class Stranger(BaseHTTPRequestHandler):
    """Answers everything with what the test has laid out, and remembers what it was asked."""

    reply: ClassVar[tuple[int, str, bytes]]
    failures: ClassVar[int] = 0
    asked: ClassVar[list[dict[str, str]]]

    def do_GET(self) -> None:
        type(self).asked.append({"method": self.command, "path": self.path, **dict(self.headers)})
        self.rfile.read(int(self.headers.get("content-length") or 0))
        if len(self.asked) <= self.failures:
            self.connection.close()
            return
        status, kind, body = self.reply
        self.send_response(status)
        for name, value in (("content-type", kind), ("content-length", str(len(body))), ("location", "/sign-in")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def stranger() -> Iterator[str]:
    Stranger.asked, Stranger.failures, Stranger.reply = [], 0, (200, "application/json", b"{}")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "SOLVENT_TRACKING_TOKEN",
        "MLFLOW_TRACKING_TOKEN",
        "MLFLOW_TRACKING_USERNAME",
        "MLFLOW_TRACKING_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)


def ask(uri: str) -> None:
    backend = HttpBackend(uri)
    try:
        backend.call(GetExperimentByName(experiment_name="a"))
    finally:
        backend.close()


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "http://nobody.invalid:80"])
def test_an_unreachable_server_is_one_clear_line(uri: str) -> None:
    with pytest.raises(Unavailable, match=f"the tracking server {uri}.* can't be reached .*solvent server") as error:
        ask(uri)
    assert "\n" not in str(error.value)
    assert "Max retries" not in str(error.value)


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "text/html", b"<html>hello</html>"),
        (200, "application/json", b'{"something": "else"}'),
        (404, "text/html", b"<html>no</html>"),
        (401, "text/html", b"sign in"),
        (500, "application/json", b'{"detail": "x"}'),
        (302, "text/html", b""),
    ],
)
def test_a_foreign_server_is_said_to_be_one(stranger: str, status: int, kind: str, body: bytes) -> None:
    Stranger.reply = status, kind, body
    with pytest.raises(ForeignServer, match="not as a Solvent or MLflow server does: check the tracking URI"):
        ask(stranger)


def test_a_servers_own_error_keeps_its_class_and_words(stranger: str) -> None:
    Stranger.reply = 404, "application/json", b'{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No such"}'
    with pytest.raises(NotFound, match=r"^No such$"):
        ask(stranger)
    Stranger.reply = 418, "application/json", b'{"error_code": "NEW_CODE", "message": "Odd"}'
    with pytest.raises(SolventError, match=r"^Odd$"):
        ask(stranger)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_overloaded_proxy_may_be_tried_again(stranger: str, status: int) -> None:
    Stranger.reply = status, "text/html", b"busy"
    with pytest.raises(Unavailable, match="try again later"):
        ask(stranger)


def test_reading_is_tried_again_when_the_connection_breaks(stranger: str) -> None:
    Stranger.failures = 2
    Stranger.reply = 200, "application/json", b'{"experiment": {"experiment_id": "1"}}'
    ask(stranger)
    assert len(Stranger.asked) == 3


def test_writing_is_not_tried_again(stranger: str) -> None:
    Stranger.failures = 1
    backend = HttpBackend(stranger)
    with pytest.raises(Unavailable):
        backend.call(CreateExperiment(name="a"))
    backend.close()
    assert len(Stranger.asked) == 1


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({"MLFLOW_TRACKING_TOKEN": "s3cret"}, "Bearer s3cret"),
        ({"SOLVENT_TRACKING_TOKEN": "s3cret", "MLFLOW_TRACKING_USERNAME": "u"}, "Bearer s3cret"),
        ({"MLFLOW_TRACKING_USERNAME": "u", "MLFLOW_TRACKING_PASSWORD": "s3cret"}, "Basic dTpzM2NyZXQ="),
    ],
)
def test_credentials_are_sent_and_never_shown(
    stranger: str, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], header: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    Stranger.reply = 401, "text/html", b"who?"
    with pytest.raises(ForeignServer) as error:
        ask(stranger)
    assert Stranger.asked[0]["Authorization"] == header
    assert "s3cret" not in str(error.value)


def test_credentials_in_the_address_are_sent_and_never_shown(stranger: str) -> None:
    Stranger.reply = 401, "text/html", b"who?"
    backend = HttpBackend(stranger.replace("//", "//u:s3cret@"))
    assert backend.uri == stranger
    with pytest.raises(ForeignServer) as error:
        backend.call(GetExperimentByName(experiment_name="a"))
    backend.close()
    assert Stranger.asked[0]["Authorization"] == "Basic dTpzM2NyZXQ="
    assert "s3cret" not in repr(error.value) + str(error.value)
    with pytest.raises(InvalidInput) as refused:
        HttpBackend("http://u:s3cret@host:port")
    assert "s3cret" not in str(refused.value)


def test_a_forked_child_has_connections_of_its_own(stranger: str) -> None:
    Stranger.reply = 200, "application/json", b'{"experiment": {"experiment_id": "1"}}'
    session = HttpSession(stranger)
    before = session._pools()
    assert session._pools() is before
    session._process -= 1  # what a fork amounts to
    assert session._pools() is not before
    before.clear()
    session.close()


def test_a_proxy_of_the_environment_is_used_but_not_for_this_machine(
    stranger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", stranger)
    monkeypatch.setenv("no_proxy", "internal.example")
    Stranger.reply = 200, "application/json", b'{"experiment": {"experiment_id": "1"}}'
    ask("http://tracking.example")
    assert Stranger.asked[0]["path"].startswith("http://tracking.example/api/2.0/mlflow/")
    assert HttpSession("http://internal.example")._proxy() is None
    assert HttpSession("http://127.0.0.1:9")._proxy() is None


def test_an_address_may_have_a_path(stranger: str) -> None:
    Stranger.reply = 200, "application/json", b'{"experiment": {"experiment_id": "1"}}'
    ask(stranger + "/tracking/")
    assert Stranger.asked[0]["path"].startswith("/tracking/api/2.0/mlflow/experiments/get-by-name?")
