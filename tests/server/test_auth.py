"""Who is asked, who is known, and for how long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.server.loopback import Loopback
from solvent.wire.accounts import ChangePassword, CreateToken, CreateUser, DeleteUser, UpdateUser
from tests.server.conftest import Web
from tests.server.secured import PASSWORD, Secured, basic, secured

SEARCH = "/api/2.0/mlflow/experiments/search"
SESSION = "/api/solvent/v1/session"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with secured(tmp_path_factory.mktemp("secured")) as running:
        yield running


def eventually(server: Web, headers: dict[str, str], status: int) -> None:
    """What other processes change holds within a second."""
    deadline = time.monotonic() + 10
    while server.get(SEARCH, headers=headers).status != status:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nobody_is_refused_in_mlflows_form(server: Secured) -> None:
    answer = server.get(SEARCH)
    assert (answer.status, answer.json["error_code"]) == (401, "UNAUTHENTICATED")
    assert "MLFLOW_TRACKING_USERNAME" in answer.json["message"]
    assert answer.headers["www-authenticate"] == 'Basic realm="solvent", charset="UTF-8"'


def test_a_browser_opens_no_window_of_its_own(server: Secured) -> None:
    for headers in ({"sec-fetch-site": "same-origin"}, {"x-requested-with": "solvent"}):
        assert server.get(SEARCH, headers=headers).headers["www-authenticate"].startswith("Bearer")


def test_health_and_version_are_for_everybody(server: Secured) -> None:
    assert [server.get(path).status for path in ("/health", "/version", "/")] == [200, 200, 200]


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic ", "Basic !!!", "Basic cm9vdA==", "Bearer", "Bearer x", "Digest a", "Basic " + "A" * 9000, "Basic /w==", "Cookie x"],
)  # fmt: skip
def test_malformed_credentials_are_wrong_ones(server: Secured, header: str) -> None:
    answer = server.get(SEARCH, headers={"authorization": header})
    assert (answer.status, answer.json["error_code"]) == (401, "UNAUTHENTICATED")


def test_unknown_user_and_wrong_password_are_answered_alike(server: Secured) -> None:
    wrong, unknown = (server.get(SEARCH, headers=basic(name, "wrong")) for name in ("rita", "nobody"))
    assert wrong.status == unknown.status == 401
    assert wrong.body == unknown.body


def test_password_and_token_are_known(server: Secured) -> None:
    assert server.get(SEARCH, headers=basic("rita")).status == 200
    secret = server.backend.call(CreateToken(user="rita", name="known")).secret
    assert server.get(SEARCH, headers={"authorization": f"Bearer {secret}"}).status == 200
    tokens = server.call("rita", "GET", "/api/solvent/v1/tokens").json["tokens"]
    assert [token["name"] for token in tokens if token["last_used"]] == ["known"]
    assert secret not in str(tokens)


def test_tokens_end_when_they_are_revoked(server: Secured) -> None:
    made = server.call("rita", "POST", "/api/solvent/v1/tokens", {"name": "brief"}).json
    bearer = {"authorization": f"Bearer {made['secret']}"}
    assert server.get(SEARCH, headers=bearer).status == 200
    token = f"/api/solvent/v1/tokens/{made['token']['token_id']}"
    assert server.call("wanda", "DELETE", token).status == 403
    assert server.call("rita", "DELETE", token).status == 200
    eventually(server, bearer, 401)


def test_passwords_end_when_they_are_changed_elsewhere(server: Secured) -> None:
    other = open_embedded(str(server.backend.artifact_folder.parent))
    other.call(CreateUser(name="paul", password="the first one"))
    assert server.get(SEARCH, headers=basic("paul", "the first one")).status == 200
    other.call(ChangePassword(name="paul", password="the second one"))
    eventually(server, basic("paul", "the first one"), 401)
    assert server.get(SEARCH, headers=basic("paul", "the second one")).status == 200
    other.call(UpdateUser(name="paul", disabled=True))
    eventually(server, basic("paul", "the second one"), 401)
    other.call(UpdateUser(name="paul", disabled=False))
    eventually(server, basic("paul", "the second one"), 200)
    other.call(DeleteUser(name="paul"))
    other.close()
    eventually(server, basic("paul", "the second one"), 401)


def test_ones_own_password_needs_the_current_one(server: Secured) -> None:
    path = "/api/solvent/v1/users/nora/password"
    assert server.call("nora", "POST", path, {"password": "something else"}).status == 403
    assert server.call("rita", "POST", path, {"password": "something else"}).status == 403
    body = {"password": PASSWORD, "current_password": PASSWORD}
    assert server.call("nora", "POST", path, body).status == 200
    assert server.call("root", "POST", path, {"password": PASSWORD}).status == 200


def test_sign_in_and_out(server: Secured) -> None:
    answer = server.ask("POST", SESSION, json={"name": "rita", "password": PASSWORD})
    assert answer.json == {
        "authentication": True,
        "user": answer.json["user"] | {"name": "rita", "role": "reader"},
    }
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie  # it was plain http
    own = {"cookie": cookie.split(";")[0], "sec-fetch-site": "same-origin"}
    assert server.get(SEARCH, headers=own).status == 200
    assert server.get(SESSION, headers=own).json["user"]["name"] == "rita"
    assert server.get(SESSION).json == {"authentication": True}
    assert server.ask("DELETE", SESSION, headers=own).status == 200
    assert server.get(SEARCH, headers=own).status == 401


def test_a_cookie_counts_only_from_our_own_page(server: Secured) -> None:
    signed = server.ask("POST", SESSION, json={"name": "wanda", "password": PASSWORD})
    cookie = {"cookie": signed.headers["set-cookie"].split(";")[0]}
    create = "/api/2.0/mlflow/experiments/create"
    assert server.ask("POST", create, json={"name": "forged"}, headers=cookie).status == 401
    for site in ("cross-site", "same-site"):
        assert server.get(SEARCH, headers=cookie | {"sec-fetch-site": site}).status == 401
        assert (
            server.ask("POST", create, json={"name": "forged"}, headers=cookie | {"sec-fetch-site": site}).status == 403
        )
    foreign = cookie | {"origin": "http://evil.example"}
    assert server.ask("POST", create, json={"name": "forged"}, headers=foreign).status == 403
    own = cookie | {"origin": server.url}
    assert server.ask("POST", create, json={"name": "by the page"}, headers=own).status == 200


def test_changed_passwords_end_sign_ins(server: Secured) -> None:
    server.backend.call(CreateUser(name="sam", password="a first password"))
    signed = server.ask("POST", SESSION, json={"name": "sam", "password": "a first password"})
    cookie = {"cookie": signed.headers["set-cookie"].split(";")[0], "sec-fetch-site": "same-origin"}
    assert server.get(SEARCH, headers=cookie).status == 200
    server.backend.call(ChangePassword(name="sam", password="a second password"))
    eventually(server, cookie, 401)


def test_who_asks_is_written_down(server: Secured) -> None:
    number = server.make_experiment("wanda", "written down")
    body = {"experiment_id": number, "user_id": "somebody else"}
    run = server.call("wanda", "POST", "/api/2.0/mlflow/runs/create", body).json["run"]
    assert run["info"]["user_id"] == "wanda"


def test_the_first_user_closes_the_gate_of_a_running_server(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path))
    with Loopback(backend, auth=None) as loopback:
        web = Web(loopback.url, backend)
        assert web.get(SEARCH).status == 200
        assert web.get(SESSION).json == {"authentication": False}
        refused = web.post("/api/solvent/v1/users", {"name": "eve", "password": PASSWORD, "admin": True})
        assert (refused.status, refused.json["error_code"]) == (409, "RESOURCE_CONFLICT")
        assert web.post(SESSION, {"name": "eve", "password": PASSWORD}).status == 409
        backend.call(CreateUser(name="root", password=PASSWORD, admin=True))
        eventually(web, {}, 401)
        assert web.get(SEARCH, headers=basic("root")).status == 200
        backend.call(DeleteUser(name="root"))
        eventually(web, basic("root"), 401)  # without users it stays closed until it is started again
        web.close()
    backend.close()


def test_a_server_told_to_ask_refuses_all_while_there_is_no_user(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path))
    with Loopback(backend, auth=True) as loopback:
        web = Web(loopback.url, backend)
        assert [web.get(SEARCH, headers=headers).status for headers in ({}, basic("admin", "password"))] == [401, 401]
        web.close()
    backend.close()
