"""Foreign pages in the user's own browser: Host, Origin, framing."""

from __future__ import annotations

import pytest

from solvent.server.errors import ForeignRequest
from solvent.server.guard import Guard, is_loopback
from tests.server.conftest import Web

CREATE = "/api/2.0/mlflow/experiments/create"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "a b", "[::1"]
)
def test_a_foreign_host_is_refused(web: Web, host: str) -> None:
    answer = web.get("/api/2.0/mlflow/experiments/get?experiment_id=0", headers={"host": host})
    assert (answer.status, answer.json["error_code"]) == (403, "PERMISSION_DENIED")
    assert "--allowed-hosts" in answer.json["message"]


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1", "[::1]:5000", "LOCALHOST", "192.168.1.7:5000"])
def test_our_names_and_all_addresses_are_ours(web: Web, host: str) -> None:
    assert web.get("/health", headers={"host": host}).status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "file://", "x", "http://[::1"])
def test_a_foreign_page_changes_nothing(web: Web, origin: str) -> None:
    answer = web.ask("POST", CREATE, json={"name": "forged"}, headers={"origin": origin})
    assert answer.status == 403
    assert web.get("/api/2.0/mlflow/experiments/get-by-name?experiment_name=forged").status == 404


def test_a_form_of_a_foreign_page_changes_nothing(web: Web) -> None:
    headers = {"sec-fetch-site": "cross-site", "content-type": "application/json"}
    assert web.ask("POST", CREATE, body=b'{"name": "forged"}', headers=headers).status == 403
    as_form = {"content-type": "text/plain"}
    assert web.ask("POST", CREATE, body=b'{"name": "forged"}', headers=as_form).status == 400


def test_our_own_page_may_change_things(web: Web) -> None:
    answer = web.ask("POST", CREATE, json={"name": "by our page"}, headers={"origin": web.url})
    assert answer.status == 200


def test_no_answer_invites_other_origins(web: Web) -> None:
    answer = web.ask(
        "OPTIONS", CREATE, headers={"origin": "http://evil.example", "access-control-request-method": "POST"}
    )
    assert answer.status == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def scope(method: str, **headers: str) -> dict[str, object]:
    return {
        "method": method,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


def test_allowed_hosts_may_be_patterns_and_their_pages_may_write_through_a_proxy() -> None:
    guard = Guard(["*.lab.example", "solvent.example"])
    guard.check(scope("GET", host="a.lab.example:8080"))
    guard.check(scope("POST", host="127.0.0.1:5000", origin="https://solvent.example"))
    with pytest.raises(ForeignRequest):
        guard.check(scope("GET", host="lab.example.evil"))
    with pytest.raises(ForeignRequest):
        guard.check(scope("POST", host="127.0.0.1:5000", origin="http://localhost:3000"))


def test_many_hosts_are_not_remembered_without_end() -> None:
    guard = Guard(["*"])
    for number in range(1000):
        guard.check(scope("GET", host=f"h{number}"))
    assert len(guard._known) <= 64


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.9.9.9", True), ("0.0.0.0", False), ("::", False), ("example.com", False), ("", False)])  # fmt: skip
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
