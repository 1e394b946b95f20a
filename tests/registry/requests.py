"""Requests that are sent to a real MLflow and to us, in this order: each has a name, for the list of differences.

``<RUN>``, ``<ROOT>``, ``<LOGGED>`` and ``<WEBHOOK>`` stand for the ids of a run, its artifacts' address, a
logged model and a webhook of the server that is asked.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Step(NamedTuple):
    name: str
    method: str
    path: str
    body: dict[str, Any]


MODELS, VERSIONS = "registered-models", "model-versions"
TAG = {"key": "k", "value": "v"}
EVENTS = [{"entity": "MODEL_VERSION", "action": "CREATED"}]
HOOK = {"name": "w", "url": "http://127.0.0.1:9/x", "events": EVENTS}


def _models() -> list[Step]:
    def create(name: str, /, **body: Any) -> Step:
        return Step(f"create model: {name}", "POST", f"{MODELS}/create", body)

    def post(name: str, path: str, /, **body: Any) -> Step:
        return Step(f"{path}: {name}", "POST", f"{MODELS}/{path}", body)

    def call(name: str, method: str, path: str, /, **body: Any) -> Step:
        return Step(f"{path}: {name}", method, f"{MODELS}/{path}", body)

    return [
        create("plain", name="m"),
        create("again", name="m"),
        create("full", name="full", description="d", tags=[TAG, {"key": "empty"}]),
        create("tag twice", name="twice", tags=[TAG, {"key": "k", "value": "last"}]),
        create("no name"),
        create("null name", name=None),
        create("blank name", name="  "),
        create("slash", name="a/b"),
        create("colon", name="a:b"),
        create("dots", name=".."),
        create("number as name", name=7),
        create("text as tags", name="t", tags="x"),
        create("tag without key", name="t", tags=[{"value": "1"}]),
        create("tag with a bad key", name="t", tags=[{"key": "a$b", "value": "1"}]),
        create("tag with a path", name="t", tags=[{"key": "a//b", "value": "1"}]),
        create("long tag key", name="t", tags=[{"key": "k" * 251, "value": "1"}]),
        create("long tag value", name="t", tags=[{"key": "k", "value": "v" * 100_001}]),
        create("longest tag value", name="longest", tags=[{"key": "k", "value": "v" * 100_000}]),
        create("long name", name="n" * 257),
        create("name as a prompt's", name="m", tags=[{"key": "mlflow.prompt.is_prompt", "value": "true"}]),
        call("known", "GET", "get", name="full"),
        call("unknown", "GET", "get", name="nope"),
        call("none", "GET", "get"),
        call("slash", "GET", "get", name="a/b"),
        call("text", "PATCH", "update", name="full", description="other"),
        call("nothing", "PATCH", "update", name="full"),
        call("unknown", "PATCH", "update", name="nope"),
        post("taken", "rename", name="full", new_name="m"),
        post("none", "rename", name="full"),
        post("blank", "rename", name="full", new_name="  "),
        post("colon", "rename", name="full", new_name="a:b"),
        post("itself", "rename", name="full", new_name="full"),
        post("free", "rename", name="full", new_name="renamed"),
        post("unknown", "rename", name="full", new_name="other"),
        post("new", "set-tag", name="m", key="k", value="v"),
        post("no value", "set-tag", name="m", key="k2"),
        post("no key", "set-tag", name="m", value="v"),
        post("unknown model", "set-tag", name="nope", key="k", value="v"),
        call("there", "DELETE", "delete-tag", name="m", key="k2"),
        call("not there", "DELETE", "delete-tag", name="m", key="k2"),
        call("no key", "DELETE", "delete-tag", name="m"),
        call("tagged", "GET", "get", name="m"),
    ]


def _sources() -> list[Step]:
    def create(source: str | None, **body: Any) -> Step:
        ids = " ".join(f"{key}={value}" for key, value in body.items())
        return Step(
            f"source {source!r} {ids}".strip(), "POST", f"{VERSIONS}/create", {"name": "m", "source": source, **body}
        )

    run, logged = {"run_id": "<RUN>"}, {"model_id": "<LOGGED>"}
    return [
        *(
            create(source)
            for source in ("s3://b/x", "s3://b/a b", "s3://b/a%20b", "gs://x//y", "gs://a/x/", "dbfs:/x/y")
        ),
        *(
            create(source)
            for source in ("wasbs://a@b/x", "s3://b/x#frag", "s3://b/x?q=1", "models:/m/1", "models:/m/latest")
        ),
        *(
            create(source)
            for source in (None, "", "  ", "x y", "/etc", "file:///etc", "C:\\x", "weird:thing", "s3://b")
        ),
        *(
            create(source)
            for source in ("s3://b/../x", "s3://b/%2e%2e/x", "s3://b/%252e%252e/x", "s3://b/x%00", "s3://b/./x")
        ),
        *(create(source) for source in ("s3://b/x#../..", "s3://b/x?q=../..", "http://h/x", "ftp://h/x", "hdfs://h/x")),
        *(create(source) for source in ("mlflow-artifacts:/1/r/artifacts", "mlflow-artifacts://h/1", "runs:/abc/m")),
        *(
            create(source)
            for source in ("models:/m-1234", "models:/", "models://h/m/1", "models:/a/b/c", "models:/m@nope")
        ),
        *(create(source) for source in ("models:/m/99", "models:/nope/1", "models:/m/Production", "models:/m/Bogus")),
        create("models:/m/1", run_id="other"),
        create("runs:/abc/m", run_id="abc"),
        create("runs:/abc/m", run_id="other"),
        create("s3://b/x", run_id="not-there"),
        create("s3://b/x", model_id="m-zzz"),
        create("models:/m-zzz", model_id="m-zzz"),
        create("<ROOT>/m", **run),
        create("<ROOT>", **run),
        create("<ROOT>-other", **run),
        create("<ROOT>/../x", **run),
        create("<ROOT>/%2e%2e/x", **run),
        create("<ROOT>/m"),
        create("/etc", **run),
        create("models:/<LOGGED>", **logged),
        create("models:/<LOGGED>"),
        create("models:/<LOGGED>", model_id="m-other"),
        create("s3://b/x", **logged),
        create("runs:/<RUN>/m", **logged),
        create("/etc", **logged),
        Step("version of an unknown model", "POST", f"{VERSIONS}/create", {"name": "nope", "source": "s3://b/x"}),
        Step(
            "full version",
            "POST",
            f"{VERSIONS}/create",
            {"name": "m", "source": "s3://b/x", "run_link": "http://l", "description": "d", "tags": [TAG]},
        ),
    ]


def _versions() -> list[Step]:
    def move(version: Any, stage: Any, **body: Any) -> Step:
        name = f"stage {version!r} {stage!r} {body.get('archive_existing_versions', '')}".strip()
        sent = {"name": "v", "version": version, "stage": stage, **body}
        return Step(name, "POST", f"{VERSIONS}/transition-stage", sent)

    def call(name: str, method: str, path: str, /, **body: Any) -> Step:
        return Step(f"version {path}: {name}", method, f"{VERSIONS}/{path}", {"name": "v", **body})

    archive = {"archive_existing_versions": True}
    made = [
        Step(f"version {number}", "POST", f"{VERSIONS}/create", {"name": "v", "source": f"s3://b/{number}"})
        for number in range(1, 5)
    ]
    return [
        Step("model v", "POST", f"{MODELS}/create", {"name": "v"}),
        *made,
        move("1", "production"),
        move("2", "PRODUCTION", **archive),
        move("3", "Staging"),
        move(" 3 ", "Staging"),
        move("1", "Prod"),
        move("1", ""),
        move("1", None),
        move("1", "none", **archive),
        move("1", "Staging", archive_existing_versions="yes"),
        move("99", "Staging"),
        move("x", "Staging"),
        move("3.0", "Staging"),
        move("-1", "Staging"),
        move("9" * 30, "Staging"),
        move(3, "Staging"),
        call("known", "GET", "get", version="1"),
        call("unknown", "GET", "get", version="99"),
        call("no number", "GET", "get", version="abc"),
        call("none", "GET", "get"),
        call("text", "PATCH", "update", version="1", description="d"),
        call("nothing", "PATCH", "update", version="1"),
        call("unknown", "PATCH", "update", version="99"),
        call("new", "POST", "set-tag", version="1", key="k", value="v"),
        call("no value", "POST", "set-tag", version="1", key="k2"),
        call("unknown", "POST", "set-tag", version="99", key="k", value="v"),
        call("long", "POST", "set-tag", version="1", key="k", value="v" * 100_001),
        call("there", "DELETE", "delete-tag", version="1", key="k2"),
        call("not there", "DELETE", "delete-tag", version="1", key="k2"),
        call("known", "GET", "get-download-uri", version="1"),
        call("unknown", "GET", "get-download-uri", version="99"),
        call("none", "GET", "get-download-uri"),
        call("known", "DELETE", "delete", version="4"),
        call("gone", "DELETE", "delete", version="4"),
        call("no number", "DELETE", "delete", version="x"),
        call("after a deletion", "POST", "create", source="s3://b/again"),
    ]


def _aliases() -> list[Step]:
    def point(alias: Any, version: Any = "1", name: str = "v") -> Step:
        sent = {"name": name, "alias": alias, "version": version}
        return Step(f"alias {alias!r:.40} to {name} {version}", "POST", f"{MODELS}/alias", sent)

    def get(alias: Any, name: str = "v") -> Step:
        return Step(f"get alias {alias!r} of {name}", "GET", f"{MODELS}/alias", {"name": name, "alias": alias})

    def delete(alias: Any, name: str = "v") -> Step:
        return Step(f"delete alias {alias!r} of {name}", "DELETE", f"{MODELS}/alias", {"name": name, "alias": alias})

    return [
        point("champ"),
        point("champ", "2"),
        point("Champ", "2"),
        point("other"),
        point("ünï"),
        *(point(alias) for alias in ("v1", "V12", "Latest", "a b", "x" * 256, "", None, "a/b")),
        point("z", "99"),
        point("z", "x"),
        point("z", "1", "nope"),
        *(get(alias) for alias in ("champ", "latest", "nope", "a b", None)),
        get("latest", "nope"),
        get("a", "nope"),
        delete("other"),
        delete("nope"),
        delete("v1"),
        delete("x", "nope"),
        Step("version with aliases", "GET", f"{VERSIONS}/get", {"name": "v", "version": "2"}),
        Step("model with aliases", "GET", f"{MODELS}/get", {"name": "v"}),
        Step("latest: all", "POST", f"{MODELS}/get-latest-versions", {"name": "v"}),
        Step("latest: none given", "POST", f"{MODELS}/get-latest-versions", {"name": "v", "stages": []}),
        Step("latest: one", "POST", f"{MODELS}/get-latest-versions", {"name": "v", "stages": ["production"]}),
        Step("latest: bogus", "POST", f"{MODELS}/get-latest-versions", {"name": "v", "stages": ["bogus"]}),
        Step("latest: by GET", "GET", f"{MODELS}/get-latest-versions", {"name": "v", "stages": "Archived"}),
        Step("latest: unknown", "POST", f"{MODELS}/get-latest-versions", {"name": "nope"}),
        Step("delete the version behind an alias", "DELETE", f"{VERSIONS}/delete", {"name": "v", "version": "2"}),
        Step("alias of the deleted version", "GET", f"{MODELS}/alias", {"name": "v", "alias": "champ"}),
    ]


def _searches() -> list[Step]:
    def versions(**body: Any) -> Step:
        return Step(f"search versions {body}", "GET", f"{VERSIONS}/search", body)

    def models(**body: Any) -> Step:
        return Step(f"search models {body}", "GET", f"{MODELS}/search", body)

    filters = [
        "name='v'",
        "name = 'v' and run_id=''",
        "name LIKE 'v%' AND version_number >= 3",
        "name ILIKE 'V'",
        "version_number = '3'",
        "version_number > 'a'",
        "run_id IN ('<RUN>')",
        "run_id = '<RUN>'",
        "source_path = 's3://b/3'",
        "source_path IN ('a')",
        "tags.k = 'v'",
        "tags.k != 'x'",
        "tag.`k` LIKE '%v%' AND name = 'v'",
        "bogus = 'x'",
        "name = v",
        "name = 'v' OR name = 'm'",
        "tags.`mlflow.prompt.is_prompt` = 'true'",
        "tags.`mlflow.prompt.is_prompt` = 'false' AND name = 'v'",
        "tags.`mlflow.prompt.is_prompt` != 'true' AND name = 'v'",
        "creation_timestamp > 1",
    ]
    prompt = {"tags": [{"key": "mlflow.prompt.is_prompt", "value": "true"}]}
    return [
        Step("a prompt", "POST", f"{MODELS}/create", {"name": "p", **prompt}),
        Step("a prompt's version", "POST", f"{VERSIONS}/create", {"name": "p", "source": "dummy-source", **prompt}),
        Step("a prompt's file", "POST", f"{VERSIONS}/create", {"name": "p", "source": "s3://b/x", **prompt}),
        Step("a prompt as source", "POST", f"{VERSIONS}/create", {"name": "m", "source": "models:/p/1"}),
        *(versions(filter=text) for text in filters),
        *(
            versions(max_results=2, order_by=order, filter="name = 'v'")
            for order in ("name", "version_number", "name UP", "bogus")
        ),
        versions(max_results=0),
        versions(max_results=200_001),
        versions(page_token="abc"),
        *(
            models(filter=text)
            for text in filters
            if "version_number" not in text and "run_id" not in text and "path" not in text
        ),
        models(filter="name IN ('v', 'm')"),
        *(models(max_results=1, order_by=order) for order in ("name DESC", "last_updated_timestamp", "timestamp ASC")),
        *(models(max_results=1, order_by=order) for order in ("creation_timestamp", "bogus")),
        models(max_results=0),
        models(max_results=-1),
        models(max_results=1_001),
        Step("delete model", "DELETE", f"{MODELS}/delete", {"name": "v"}),
        Step("delete model again", "DELETE", f"{MODELS}/delete", {"name": "v"}),
        Step("delete slash", "DELETE", f"{MODELS}/delete", {"name": "a/b"}),
        Step("make it again", "POST", f"{MODELS}/create", {"name": "v"}),
        Step("its first version", "POST", f"{VERSIONS}/create", {"name": "v", "source": "s3://b/x"}),
    ]


def _webhooks() -> list[Step]:
    def create(name: str, /, **body: Any) -> Step:
        return Step(f"webhook: {name}", "POST", "webhooks", {**HOOK, **body})

    def call(name: str, method: str, path: str = "", /, **body: Any) -> Step:
        return Step(f"webhook: {name}", method, f"webhooks{path}", body)

    return [
        create("plain", secret="hush"),
        create("full", description="d", status="DISABLED"),
        create("no name", name=None),
        create("no url", url=None),
        create("no events", events=None),
        create("empty events", events=[]),
        create("events twice", events=EVENTS * 2),
        create("unknown entity", events=[{"entity": "BOGUS", "action": "CREATED"}]),
        create("unknown action", events=[{"entity": "MODEL_VERSION", "action": "DELETED"}]),
        create("unknown status", status="BOGUS"),
        create("bad name", name="-w"),
        create("long name", name="w" * 64),
        create("ftp", url="ftp://127.0.0.1/"),
        create("no host", url="http://"),
        create("blank url", url="  "),
        create("broken url", url="http://[::1/x"),
        create("unknown host", url="http://nowhere.invalid/"),
        call("get", "GET", "/<WEBHOOK>"),
        call("get unknown", "GET", "/nope"),
        call("rename", "PATCH", "/<WEBHOOK>", name="new"),
        call("change", "PATCH", "/<WEBHOOK>", description="", status="DISABLED", secret=""),
        call("change nothing", "PATCH", "/<WEBHOOK>"),
        call("change to a bad name", "PATCH", "/<WEBHOOK>", name="-"),
        call("change unknown", "PATCH", "/nope", name="x"),
        call("test unknown", "POST", "/nope/test"),
        call(
            "test an unknown action", "POST", "/<WEBHOOK>/test", event={"entity": "MODEL_VERSION", "action": "DELETED"}
        ),
        call("too many", "GET", "", max_results=1_001),
        call("bad token", "GET", "", page_token="zz"),
        call("delete", "DELETE", "/<WEBHOOK>"),
        call("delete again", "DELETE", "/<WEBHOOK>"),
    ]


def _odd() -> list[Step]:
    """What only one of the two accepts stands at the end, where it changes no later answer."""

    def create(source: str) -> Step:
        return Step(
            f"source {source!r}", "POST", f"{VERSIONS}/create", {"name": "m", "source": source, "run_id": "<RUN>"}
        )

    return [
        *(create(source) for source in ("<ROOT>/m#x", "<ROOT>/m?x", "runs:/<RUN>/m?x")),
        Step("alias with a line break", "POST", f"{MODELS}/alias", {"name": "m", "alias": "a\n", "version": "1"}),
    ]


STEPS = [*_models(), *_sources(), *_versions(), *_aliases(), *_searches(), *_webhooks(), *_odd()]
