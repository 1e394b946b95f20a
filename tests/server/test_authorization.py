"""What people may do with what is not theirs, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pytest

from solvent.accounts.rules import RULES, anybody
from solvent.wire.base import ROUTES, Route
from tests.server.secured import Secured, basic, secured

API = "/api/2.0/mlflow"
OURS = "/api/solvent/v1"


class World(NamedTuple):
    """``hidden``: what wanda made, and nora (whose own role is none) may not see; ``shown`` she was granted."""

    server: Secured
    hidden: str
    shown: str
    run: str
    shown_run: str
    model: str
    view: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with secured(tmp_path_factory.mktemp("world")) as server:
        hidden, shown = server.make_experiment("wanda", "hidden"), server.make_experiment("wanda", "shown")
        run, shown_run = server.make_run("wanda", hidden), server.make_run("wanda", shown)
        model = server.call(
            "wanda",
            "POST",
            f"{API}/logged-models",
            {"experiment_id": hidden, "name": "m"},
        ).json["model"]["info"]["model_id"]
        for name in ("secret", "open"):
            server.call("wanda", "POST", f"{API}/registered-models/create", {"name": name})
        source = f"mlflow-artifacts:/{hidden}/{run}/artifacts/model"
        version = {"name": "secret", "source": source, "run_id": run}
        assert server.call("wanda", "POST", f"{API}/model-versions/create", version).status == 200
        for each, name in ((run, "secret"), (shown_run, "open")):
            data = [{"dataset": {"name": name, "digest": "d1g3st", "source_type": "local", "source": "x"}}]
            data += [{"dataset": {"name": "both", "digest": "b0th", "source_type": "local", "source": each}}]
            server.call("wanda", "POST", f"{API}/runs/log-inputs", {"run_id": each, "datasets": data})
            tag = {"run_id": each, "key": "solvent.contracts", "value": "[]"}
            server.call("wanda", "POST", f"{API}/runs/set-tag", tag)
        for kept in (run, shown_run):
            path = f"/api/2.0/mlflow-artifacts/artifacts/{hidden if kept == run else shown}/{kept}/artifacts/a.txt"
            assert server.ask("PUT", path, body=b"x", headers=basic("wanda")).status == 200
        assert server.call("wanda", "POST", f"{OURS}/tokens", {"name": "wanda's"}).json["token"]["token_id"] == "1"
        server.grant("nora", "reader", experiment_id=shown)
        server.grant("nora", "writer", model="open")
        policy = {"level": "record", "models": {"secret": {"level": "strict"}, "open": {"level": "strict"}}}
        assert server.call("root", "PUT", f"{OURS}/gates/policies", {"document": policy}).status == 200
        view = server.call("wanda", "POST", f"{OURS}/views", {"name": "v", "experiment_id": hidden}).json["view"][
            "view_id"
        ]
        yield World(server, hidden, shown, run, shown_run, model, view)


def _values(world: World, route: Route) -> dict[str, Any]:
    """A request that names what is hidden in every field that can name something."""
    known: dict[str, Any] = {
        "experiment_id": world.hidden, "experiment_ids": [world.hidden], "experiment_name": "hidden",
        "run_id": world.run, "run_uuid": world.run, "run_ids": [world.run], "model_id": world.model,
        "name": "secret", "model": "secret", "version": "1", "user": "wanda", "key": "k", "value": "1",
        "new_name": "other", "stage": "Production", "alias": "a", "metric_key": "m", "path": "a.txt",
        "spool": "s", "offset": 0, "token_id": "1", "view_id": world.view, "webhook_id": "w", "password": "long enough", "role": "admin",
        "source": f"mlflow-artifacts:/{world.hidden}/{world.run}/artifacts/model", "text": "note",
        "digest": "d1g3st", "records": [{"op": "tag", "run_id": world.run, "key": "k", "value": "v"}], "timestamp": 1, "uri": "models:/secret/1",
    }  # fmt: skip
    names = [field.encode_name for field in msgspec.structs.fields(route.request)]
    values = {name: known[name] for name in names if name in known}
    if "run_id" in values and "list[str]" in str(route.request.__annotations__.get("run_id")):
        values["run_id"] = [world.run]
    return values


def ask(server: Secured, user: str, route: Route, values: dict[str, Any]) -> Any:
    path = route.url
    for name in list(values):
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", str(values.pop(name)))
    path = path.replace("{tag_key}", "k")
    if route.method == "GET":
        flat = [
            (name, item) for name, value in values.items() for item in (value if isinstance(value, list) else [value])
        ]
        return server.call(user, "GET", path, fields=flat)
    return server.call(user, route.method, path, values)


GUARDED = [route for route in ROUTES if RULES[route.request] is not anybody]
FOR_ALL = {
    *("GetChanges", "SearchExperiments", "SearchRegisteredModels", "SearchModelVersions"),
    *("ListDatasets", "ListDatasetVersions", "ListContractUses", "GetGatePolicies"),
}
NOT_THERE = {"GetDatasetVersion", "ListDatasetUses"}  # data lies in several experiments: only what may be read is there


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_who_has_no_role_gets_nothing_of_what_is_hidden(world: World, route: Route) -> None:
    answer = ask(world.server, "nora", route, _values(world, route))
    if route.request.__name__ in FOR_ALL:
        assert answer.status == 200
        assert b"hidden" not in answer.body
        assert b"secret" not in answer.body
        assert world.run.encode() not in answer.body
    elif route.request.__name__ in NOT_THERE:
        assert (answer.status, answer.json["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST"), answer.body
    else:
        assert (answer.status, answer.json["error_code"]) == (403, "PERMISSION_DENIED"), answer.body


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_who_is_not_known_gets_nothing(world: World, route: Route) -> None:
    path = route.url.replace("{", "").replace("}", "")
    answer = world.server.ask(route.method, path, body=b"{}", headers={"content-type": "application/json"})
    assert (answer.status, answer.json["error_code"]) == (401, "UNAUTHENTICATED")


def test_of_data_that_several_experiments_used_only_what_may_be_read_is_there(world: World) -> None:
    fields = [("name", "both"), ("digest", "b0th")]
    for user, runs, source in (
        ("nora", [world.shown_run], world.shown_run),
        ("rita", [world.shown_run, world.run], world.shown_run),
    ):
        uses = world.server.call(user, "GET", f"{OURS}/datasets/uses", fields=fields).json["uses"]
        assert [use["run_id"] for use in uses] == runs
        version = world.server.call(user, "GET", f"{OURS}/datasets/version", fields=fields).json["version"]
        assert (version["runs"], version["source"]) == (len(runs), source)
    names = [one["name"] for one in world.server.call("nora", "GET", f"{OURS}/datasets").json["datasets"]]
    assert names == ["both", "open"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_files_belong_to_their_experiment(world: World, method: str) -> None:
    proxy = "/api/2.0/mlflow-artifacts/artifacts"
    assert world.server.call("nora", method, f"{proxy}/{world.hidden}/{world.run}/artifacts/a.txt").status == 403
    expected = 200 if method == "GET" else 403  # nora only reads what is shown
    assert (
        world.server.call("nora", method, f"{proxy}/{world.shown}/{world.shown_run}/artifacts/a.txt").status == expected
    )


@pytest.mark.parametrize("path", ["", "?path=", "?path={hidden}", "?path={hidden}/{run}", "?path=nowhere", "?path=.", "?path=./{hidden}"])  # fmt: skip
def test_listings_show_no_foreign_files(world: World, path: str) -> None:
    asked = path.format(hidden=world.hidden, run=world.run)
    answer = world.server.call("nora", "GET", f"/api/2.0/mlflow-artifacts/artifacts{asked}")
    assert answer.status in (400, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/get-artifact?path=a.txt&run_uuid={run}",
        "/get-artifact?path=a.txt&run_id={run}",
        "/get-artifact?path=a.txt&run_id={shown_run}&run_uuid={run}",
        "/get-artifact?path=a.txt&run_uuid={shown_run}&run_uuid={run}",
        f"{API}/artifacts/list?run_id={{run}}",
        f"{API}/artifacts/list?run_uuid={{run}}",
        f"{OURS}/runs/compare?run_ids={{shown_run}}&run_ids={{run}}",
        "/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path=a",
        "/api/2.0/mlflow-artifacts/presigned/{hidden}/{run}/artifacts/a.txt",
    ],
)
def test_no_other_way_leads_to_the_files(world: World, path: str) -> None:
    asked = path.format(**{name: getattr(world, name) for name in ("run", "shown_run", "model", "hidden")})
    assert world.server.call("nora", "GET", asked).status == 403
    assert world.server.call("root", "GET", asked).status in (200, 404, 501)


@pytest.mark.parametrize("path", ["/ajax-api/2.0/mlflow/upload-artifact?run_uuid={}&path=b.txt", "/api/2.0/mlflow/upload-artifact?run_id={}&path=b.txt"])  # fmt: skip
def test_readers_put_no_files_into_runs(world: World, path: str) -> None:
    assert (
        world.server.ask(
            "POST", path.format(world.shown_run), body=b"x", headers=basic("nora") | {"connection": "close"}
        ).status
        == 403
    )
    assert world.server.ask("POST", path.format(world.shown_run), body=b"x", headers=basic("wanda")).status == 200


def test_searches_are_narrowed_before_they_are_paged(world: World) -> None:
    both = [world.hidden, world.shown]
    found = world.server.call("nora", "POST", f"{API}/runs/search", {"experiment_ids": both}).json["runs"]
    assert [run["info"]["run_id"] for run in found] == [world.shown_run]
    count = world.server.call("nora", "POST", f"{OURS}/runs/count", {"experiment_ids": both}).json
    assert count == {"count": 1}
    page = world.server.call("nora", "POST", f"{API}/experiments/search", {"max_results": 1}).json
    assert [one["name"] for one in page["experiments"]] == ["shown"]
    assert "next_page_token" not in page
    models = world.server.call("nora", "GET", f"{API}/registered-models/search").json["registered_models"]
    assert [model["name"] for model in models] == ["open"]
    versions = world.server.call("nora", "GET", f"{API}/model-versions/search").json
    assert versions == {}
    assert world.server.call("rita", "GET", f"{API}/model-versions/search").json["model_versions"]


def test_a_grant_of_none_shuts_out_a_reader(world: World) -> None:
    number = world.server.make_experiment("wanda", "not for rita")
    assert world.server.call("rita", "GET", f"{API}/experiments/get?experiment_id={number}").status == 200
    world.server.grant("rita", "none", experiment_id=number)
    assert world.server.call("rita", "GET", f"{API}/experiments/get?experiment_id={number}").status == 403
    shown = world.server.call("rita", "POST", f"{API}/experiments/search", {"max_results": 1000}).json["experiments"]
    assert number not in {one["experiment_id"] for one in shown}


def test_readers_read_and_change_nothing(world: World) -> None:
    run = {"run_id": world.run, "key": "k", "value": "v"}
    assert world.server.call("rita", "GET", f"{API}/runs/get?run_id={world.run}").status == 200
    assert world.server.call("rita", "POST", f"{API}/runs/set-tag", run).status == 403
    assert world.server.call("rita", "POST", f"{API}/experiments/create", {"name": "hers"}).status == 403
    assert world.server.call("rita", "POST", f"{API}/registered-models/create", {"name": "hers"}).status == 403


def test_writers_neither_delete_experiments_of_others_nor_grant(world: World) -> None:
    number = world.server.make_experiment("root", "of root")
    tag = {"experiment_id": number, "key": "k", "value": "v"}
    assert world.server.call("wanda", "POST", f"{API}/experiments/set-experiment-tag", tag).status == 200
    assert world.server.call("wanda", "POST", f"{API}/experiments/delete", {"experiment_id": number}).status == 403
    grant = {"user": "wanda", "role": "admin", "experiment_id": number}
    assert world.server.call("wanda", "POST", f"{OURS}/grants", grant).status == 403


def test_who_makes_something_is_its_admin(world: World) -> None:
    number = world.server.make_experiment("wanda", "of wanda")
    grant = {"user": "nora", "role": "writer", "experiment_id": number}
    assert world.server.call("wanda", "POST", f"{OURS}/grants", grant).status == 200
    run = world.server.make_run("nora", number)
    metric = {"run_id": run, "key": "m", "value": 1.0, "timestamp": 1}
    assert world.server.call("nora", "POST", f"{API}/runs/log-metric", metric).status == 200
    assert world.server.call("wanda", "POST", f"{API}/experiments/delete", {"experiment_id": number}).status == 200
    assert world.server.call("wanda", "DELETE", f"{API}/registered-models/delete", {"name": "none there"}).status == 403


def ingest(world: World, user: str, *records: dict[str, Any]) -> int:
    body = {"spool": f"{user}-{len(records)}-{records[0]}", "offset": 0, "records": records}
    return world.server.call(user, "POST", f"{OURS}/ingest", body).status


def test_every_record_of_a_batch_is_looked_at(world: World) -> None:
    start = {"op": "run", "start_time": 1}
    hidden = {"op": "param", "run_id": world.run, "key": "p", "value": "1"}
    number = world.server.make_experiment("wanda", "for ingest")
    world.server.grant("nora", "writer", experiment_id=number)
    opened = start | {"run_id": "n1", "experiment_id": number}
    assert ingest(world, "nora", opened, hidden) == 403
    assert ingest(world, "nora", opened, start | {"run_id": "n2", "experiment": "hidden"}) == 403
    assert ingest(world, "nora", opened, start | {"run_id": "n3", "experiment": "a new one"}) == 403
    assert ingest(world, "nora", opened, start | {"run_id": "n4"}) == 403
    assert ingest(world, "nora", start | {"run_id": world.run, "experiment_id": number}) == 403
    assert world.server.call("wanda", "GET", f"{API}/runs/get?run_id=n1").status == 404
    assert ingest(world, "nora", opened, opened | {"op": "tag", "key": "k", "value": "v"}) == 200


def test_versions_take_no_files_that_may_not_be_read(world: World) -> None:
    source = f"mlflow-artifacts:/{world.hidden}/{world.run}/artifacts/model"
    for version in (
        {"name": "open", "source": source, "run_id": world.run},
        {"name": "open", "source": "models:/secret/1"},
        {"name": "open", "source": f"models:/{world.model}", "model_id": world.model},
    ):
        answer = world.server.call("nora", "POST", f"{API}/model-versions/create", version)
        assert answer.status == 403, version


def test_only_admins_choose_where_files_lie(world: World) -> None:
    body = {"name": "elsewhere", "artifact_location": f"mlflow-artifacts:/{world.hidden}"}
    assert world.server.call("wanda", "POST", f"{API}/experiments/create", body).status == 403
    placed = {"name": "of the team", "artifact_location": "mlflow-artifacts:/team/a"}
    number = world.server.call("root", "POST", f"{API}/experiments/create", placed).json["experiment_id"]
    path = "/api/2.0/mlflow-artifacts/artifacts/team/a/x.txt"
    assert world.server.ask("PUT", path, body=b"x", headers=basic("nora") | {"connection": "close"}).status == 403
    world.server.grant("nora", "writer", experiment_id=number)
    assert world.server.ask("PUT", path, body=b"x", headers=basic("nora")).status == 200
    assert world.server.call("nora", "GET", "/api/2.0/mlflow-artifacts/artifacts?path=team").status == 403


def test_who_follows_a_models_address_must_be_able_to_read_what_it_names(world: World) -> None:
    def status(user: str, uri: str) -> int:
        return world.server.call(user, "GET", f"{OURS}/models/resolve", fields={"uri": uri}).status

    for uri in ("models:/secret/1", f"models:/{world.model}", f"runs:/{world.run}/a.txt"):
        assert status("nora", uri) == 403
        assert status("rita", uri) != 403
    answer = world.server.call("nora", "GET", f"{OURS}/models/resolve", fields={"uri": "models:/open/1"})
    assert answer.status == 404


def test_nearest_names_are_only_of_what_may_be_read(world: World) -> None:
    def told(user: str) -> str:
        answer = world.server.call(user, "GET", f"{OURS}/models/resolve", fields={"uri": "models:/secre/1"})
        return str(answer.json["message"])

    assert "did you mean 'secret'?" in told("rita")
    world.server.grant("rita", "none", model="secret")
    try:
        assert "secret'" not in told("rita")
    finally:
        world.server.grant("rita", "reader", model="secret")


def test_gates_of_models_that_may_not_be_read_are_not_shown(world: World) -> None:
    def shown(user: str) -> set[str]:
        answer = world.server.call(user, "GET", f"{OURS}/gates/policies").json
        return {entry["model"] for entry in answer["policies"]}

    assert shown("nora") == {"", "open"}
    assert shown("wanda") == {"", "open", "secret"}
