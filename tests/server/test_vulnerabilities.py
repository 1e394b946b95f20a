"""The classes of vulnerability that trackers have had, each tried on a real server.

Endpoints without authorisation are in ``test_authorization.py`` and ``test_access.py``; more of
foreign pages is in ``test_guard.py``, of paths in ``test_artifacts.py``, of webhooks in ``tests/notify``.
"""

from __future__ import annotations

import ast
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from solvent.backend.resolve import open_embedded
from solvent.projects.parameters import command_line, resolve
from solvent.projects.spec import load_project
from solvent.server.loopback import Loopback
from tests.server.conftest import Web
from tests.server.secured import PASSWORD, basic, secured

API = "/api/2.0/mlflow"
PROXY = "/api/2.0/mlflow-artifacts/artifacts"
SOURCE = Path(__file__).parents[2] / "src" / "solvent"
SECRET = b"not for anybody"


class Target(Web):
    """``run`` is one of experiment ``experiment``; a secret lies beside the artifacts, above them and far away."""

    experiment: str
    run: str
    outside: Path


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("target")
    outside = folder / "etc" / "passwd"
    backend = open_embedded(str(folder / "store"))
    for place in (outside, folder / "store" / "passwd", folder / "passwd"):
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(SECRET)
    with Loopback(backend) as loopback:
        web = Target(loopback.url, backend)
        web.experiment = web.post(f"{API}/experiments/create", {"name": "e"}).json["experiment_id"]
        web.run = web.post(f"{API}/runs/create", {"experiment_id": web.experiment}).json["run"]["info"]["run_id"]
        web.outside = outside
        assert web.put(f"{PROXY}/{web.experiment}/{web.run}/artifacts/a.txt", b"a").status == 200
        yield web
        web.close()
    backend.close()


def climbing(target: Target) -> list[str]:
    """Paths that lead out, in every form in which a path can be written."""
    forms = []
    for way in ("../passwd", "../../passwd", "../../../passwd", "../../../../passwd", str(target.outside)):
        twice = quote(quote(way, safe=""), safe="")
        forms += [way, quote(way, safe=""), twice, way.replace("/", "\\"), way.replace("..", "....//"), f"a.txt/{way}"]
        forms += [
            f"{way}#a.txt",
            f"{way}?a.txt",
            f"a.txt#/{way}",
            f"file://{way}",
            f"//{way}",
            f"{way}\x00.txt",
            f"%2e%2e/{way}",
        ]
    return forms


def test_path_traversal_by_artifact_path(target: Target) -> None:
    for path in climbing(target):
        encoded = quote(path, safe="/")
        for address in (
            f"{PROXY}/{encoded}",
            f"{PROXY}/{target.experiment}/{target.run}/artifacts/{encoded}",
            f"{PROXY}?path={quote(path, safe='')}",
            f"/get-artifact?run_uuid={target.run}&path={quote(path, safe='')}",
            f"{API}/artifacts/list?run_id={target.run}&path={quote(path, safe='')}",
        ):
            answer = target.get(address)
            assert answer.status in (200, 400, 404), (address, answer.status)
            assert SECRET not in answer.body, address
        put = target.ask("PUT", f"{PROXY}/{encoded}", body=b"overwritten", headers={"connection": "close"})
        assert put.status in (200, 400, 404)
        assert target.ask("DELETE", f"{PROXY}/{encoded}").status in (200, 400, 404)
    assert target.outside.read_bytes() == SECRET
    assert (target.outside.parents[1] / "passwd").read_bytes() == SECRET


def test_path_traversal_by_artifact_location(target: Target) -> None:
    folder = target.outside.parent
    locations = [
        str(folder), f"file://{folder}", f"file:{folder}", f"file://{folder}#x", f"file://{folder}?x", f"FILE://{folder}",
        f"mlflow-artifacts:{folder}", "mlflow-artifacts:/../../etc", "mlflow-artifacts:/%2e%2e/%2e%2e/etc", "../etc",
        f"mlflow-artifacts:/x#/../../{folder}", f"mlflow-artifacts:/x?/../../{folder}", f"mlflow-artifacts://{folder}",
    ]  # fmt: skip
    for number, location in enumerate(locations):
        made = target.post(f"{API}/experiments/create", {"name": f"at {number}", "artifact_location": location})
        if made.status != 200:
            assert made.status == 400, location
            continue
        run_id = f"passwd{number}"  # a run's folder would be the file's, if its id could be so chosen
        body = {"experiment_id": made.json["experiment_id"], "run_id": run_id}
        assert target.post(f"{API}/runs/create", body).status == 200
        for address in (
            f"/get-artifact?run_uuid={run_id}&path=passwd",
            f"/get-artifact?run_uuid={run_id}&path={quote('../../passwd', safe='')}",
            f"{API}/artifacts/list?run_id={run_id}",
        ):
            assert SECRET not in target.get(address).body, (location, address)
        upload = f"{API}/upload-artifact?run_uuid={run_id}&path=new.txt"
        target.ask("POST", upload, body=b"x", headers={"connection": "close"})
    assert sorted(path.name for path in folder.iterdir()) == ["passwd"]


def test_path_traversal_by_model_source(target: Target) -> None:
    target.post(f"{API}/registered-models/create", {"name": "m"})
    own = f"mlflow-artifacts:/{target.experiment}/{target.run}/artifacts"
    sources = [
        str(target.outside.parent), f"file://{target.outside.parent}", f"{own}/../../..", f"{own}/%2e%2e/%2e%2e",
        f"{own}#/../..", f"{own}?x=/../..", f"{own}-of-another", "mlflow-artifacts:/", "mlflow-artifacts:/0",
        f"runs:/{target.run}/../../x", f"runs:/{'0' * 32}/model", "http://127.0.0.1/api/2.0/mlflow-artifacts/artifacts/0",
        "file:///etc#/x", "FILE:///etc", "//etc/passwd", "models:/m/../../etc", "models:/m-none",
    ]  # fmt: skip
    for source in sources:
        body = {"name": "m", "source": source, "run_id": target.run}
        answer = target.post(f"{API}/model-versions/create", body)
        assert answer.status in (400, 404), (source, answer.status)


@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "hdfs", "s3", "gs", "dbfs", "wasbs", "gopher"])
def test_the_server_goes_to_no_address_that_a_client_names(target: Target, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0)
        location = f"{scheme}://127.0.0.1:{trap.getsockname()[1]}/x"
        made = target.post(f"{API}/experiments/create", {"name": f"far {scheme}", "artifact_location": location})
        if made.status == 200:
            body = {"experiment_id": made.json["experiment_id"]}
            run_id = target.post(f"{API}/runs/create", body).json["run"]["info"]["run_id"]
            for address in (f"{API}/artifacts/list?run_id={run_id}", f"/get-artifact?run_uuid={run_id}&path=a"):
                assert 400 <= target.get(address).status < 504
        target.post(f"{API}/registered-models/create", {"name": "far"})
        target.post(f"{API}/model-versions/create", {"name": "far", "source": location})
        with pytest.raises(BlockingIOError):
            trap.accept()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "169.254.169.254", "10.0.0.1", "2130706433"])  # fmt: skip
def test_webhooks_reach_no_private_address(target: Target, host: str) -> None:
    body = {
        "name": "inward",
        "url": f"https://{host}/",
        "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"}],
    }
    assert target.post(f"{API}/webhooks", body).status == 400


def test_a_webhooks_name_that_changes_its_meaning_gains_nothing(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is judged, private when it is used."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0)
        real, meanings = socket.getaddrinfo, iter(["93.184.216.34"])

        def lookup(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
            if host != "rebinding.example":
                return real(host, port, *rest, **options)
            address = next(meanings, "127.0.0.1")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        url = f"https://rebinding.example:{trap.getsockname()[1]}/"
        body = {"name": "rebinding", "url": url, "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]}
        made = target.post(f"{API}/webhooks", body)
        assert made.status == 200
        tried = target.post(f"{API}/webhooks/{made.json['webhook']['webhook_id']}/test", {})
        assert tried.status != 200 or not tried.json["result"]["success"]
        with pytest.raises(BlockingIOError):
            trap.accept()


def test_there_are_no_default_credentials(tmp_path: Path) -> None:
    with secured(tmp_path, "root") as server:
        for name, password in [("admin", "password"), ("admin", "password1234"), ("admin", "admin"), ("root", "root"), ("", "")]:  # fmt: skip
            answer = server.get(f"{API}/experiments/get?experiment_id=0", headers=basic(name, password))
            assert answer.status == 401


def test_guessing_is_slowed_down_and_shuts_out_nobody_who_is_known(tmp_path: Path) -> None:
    with secured(tmp_path, "root") as server:
        address = f"{API}/experiments/get?experiment_id=0"
        assert server.get(address, headers=basic("root")).status == 200
        statuses = [server.get(address, headers=basic("root", f"guess {number}")).status for number in range(8)]
        assert statuses == [401] * 5 + [429] * 3
        refused = server.get(address, headers=basic("root", "guess"))
        assert refused.json["error_code"] == "REQUEST_LIMIT_EXCEEDED"
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert server.post("/api/solvent/v1/session", {"name": "root", "password": PASSWORD}).status == 429
        assert server.get(address, headers=basic("root")).status == 200
        for number in range(40):
            server.get(address, headers=basic(f"name{number}", "guess"))
        assert server.get(address, headers=basic("somebody else", "guess")).status == 429


FORBIDDEN = {
    "eval", "exec", "compile", "__import__", "pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.load",
    "marshal.loads", "shelve.open", "yaml.load", "yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen",
    "joblib.load", "cloudpickle.load", "cloudpickle.loads", "dill.load", "dill.loads",
}  # fmt: skip


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return f"{node.func.value.id}.{node.func.attr}"
    return ""


def is_safe_load(call: ast.Call, tree: ast.Module) -> bool:
    """``yaml.load`` with the safe loader (in Python or C), or one that the same module derives from it."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "yaml"
        for alias in node.names
        if alias.name in ("SafeLoader", "CSafeLoader")
    }
    safe = imported | {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and [ast.unparse(base) for base in node.bases] in (["yaml.SafeLoader"], *([name] for name in imported))
    }
    return called(call) == "yaml.load" and len(call.args) == 2 and ast.unparse(call.args[1]) in safe


def only_parses(call: ast.Call) -> bool:
    """``compile`` that makes a syntax tree and no code."""
    flags = ast.unparse(call.args[3]).split(" | ") if len(call.args) == 4 else []
    return called(call) == "compile" and "ast.PyCF_ONLY_AST" in flags


UNPICKLING = {"models/flavors/pickles.py", "models/flavors/pytorch.py"}
"""Flavours of models that are pickles: ``models.load`` calls them only for recorded files, or if the user says so."""


def test_nothing_is_unpickled_evaluated_or_given_to_a_shell() -> None:
    found = []
    for path in SOURCE.rglob("*.py"):
        if str(path.relative_to(SOURCE)) in UNPICKLING:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for call in calls:
            shell = any(
                word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
                for word in call.keywords
            )
            safe = is_safe_load(call, tree) or only_parses(call)
            if (called(call) in FORBIDDEN and not safe) or shell:
                found.append(f"{path.relative_to(SOURCE)}:{call.lineno}")
        imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
        for node in imports:
            names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
            if names & {"pickle", "marshal", "shelve", "cloudpickle", "dill", "joblib"}:
                found.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize("value", ["$(touch hacked)", "`touch hacked`", "; touch hacked", "x' ; touch hacked '", '" ; touch hacked "', "| touch hacked", "&& touch hacked", "\n touch hacked", "$IFS;touch$IFS'hacked'"])  # fmt: skip
@pytest.mark.parametrize("template", ["echo {p}", "echo '{p}'", 'echo "{p}"', "echo x={p}", "echo {p} > out"])
def test_no_parameter_of_a_project_is_run(tmp_path: Path, template: str, value: str) -> None:
    declared = f"name: p\nentry_points:\n  main:\n    parameters:\n      p: string\n    command: {template!r}\n"
    (tmp_path / "MLproject").write_text(declared, "utf-8")
    entry = load_project(tmp_path).entry_point("main")
    command = command_line(entry, resolve(entry, {"p": value, "extra": value}, tmp_path))
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, capture_output=True, timeout=30)
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml", "a.xhtml", "a.js", "a.pdf", "a.HTML", "a.html%00.png", "a", "a.mht"])  # fmt: skip
def test_stored_scripts_run_nowhere(target: Target, name: str) -> None:
    script = b"<script>alert(1)</script><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    path = f"{PROXY}/{target.experiment}/{target.run}/artifacts/{name}"
    if target.put(path, script).status != 200:
        return
    for address in (path, f"/get-artifact?run_uuid={target.run}&path={name}"):
        headers = target.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-disposition"].startswith("attachment")
        assert "sandbox" in headers["content-security-policy"]
        assert not headers["content-type"].startswith(("text/html", "image/svg", "text/xml", "application/xhtml"))


def test_texts_never_come_back_as_html(target: Target) -> None:
    payload = "<script>alert(1)</script>"
    for answer in (
        target.get(f"{API}/experiments/get-by-name?experiment_name={quote(payload)}"),
        target.get(f"/api/{quote(payload)}"),
        target.post(f"{API}/experiments/create", {"name": payload}),
        target.post(f"{API}/experiments/create", {"name": payload}),
    ):
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_runs_its_own_scripts_alone_and_in_no_frame(target: Target) -> None:
    headers = target.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_changes_nothing(target: Target, kind: str) -> None:
    answer = target.ask("POST", f"{API}/experiments/create", body=b'{"name": "forged"}', headers={"content-type": kind})
    assert answer.status == 400
    foreign = {"content-type": "application/json", "origin": "https://evil.example"}
    assert target.ask("POST", f"{API}/experiments/create", body=b'{"name": "forged"}', headers=foreign).status == 403
    assert target.get(f"{API}/experiments/get-by-name?experiment_name=forged").status == 404


def test_other_origins_are_not_invited(target: Target) -> None:
    for method in ("GET", "OPTIONS"):
        answer = target.ask(
            method, f"{API}/experiments/get?experiment_id=0", headers={"origin": "https://evil.example"}
        )
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.fixture
def behind_proxy(tmp_path: Path) -> Iterator[Web]:
    options = {"allowed_hosts": ["solvent.example"], "trusted_proxies": ["127.0.0.0/8"]}
    with secured(tmp_path, "root", **options) as server:
        yield server


FORWARDED = {
    "host": "127.0.0.1:5000",
    "x-forwarded-host": "solvent.example",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "203.0.113.7",
}


def test_an_honest_proxy_is_accepted(behind_proxy: Web) -> None:
    own = FORWARDED | {"origin": "https://solvent.example"}
    signed = behind_proxy.ask(
        "POST", "/api/solvent/v1/session", json={"name": "root", "password": PASSWORD}, headers=own
    )
    assert signed.status == 200
    assert "Secure" in signed.headers["set-cookie"]
    cookie = own | {"cookie": signed.headers["set-cookie"].split(";")[0]}
    assert behind_proxy.ask("POST", f"{API}/experiments/create", json={"name": "x"}, headers=cookie).status == 200
    foreign = cookie | {"origin": "https://evil.example"}
    assert behind_proxy.ask("POST", f"{API}/experiments/create", json={"name": "y"}, headers=foreign).status == 403
    poisoned = FORWARDED | {"x-forwarded-host": "evil.example"}
    assert behind_proxy.get("/health", headers=poisoned).status == 403
    sent_by_client = FORWARDED | {"x-forwarded-host": "evil.example, solvent.example"}
    assert behind_proxy.get("/health", headers=sent_by_client).status == 200


def test_a_proxys_clients_are_told_apart(behind_proxy: Web) -> None:
    address = f"{API}/experiments/get?experiment_id=0"
    for number in range(40):
        guess = basic("root", "guess") | FORWARDED | {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.9"}
        last = behind_proxy.get(address, headers=guess).status
    assert last == 429  # what a client wrote before the proxy's own word counts for nothing
    assert behind_proxy.get(address, headers=basic("root") | FORWARDED).status == 200


def test_nobody_else_speaks_as_a_proxy(tmp_path: Path) -> None:
    options = {"allowed_hosts": ["solvent.example"], "trusted_proxies": ["192.0.2.1"]}
    with secured(tmp_path, "root", **options) as server:
        poisoned = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
        signed = server.ask(
            "POST", "/api/solvent/v1/session", json={"name": "root", "password": PASSWORD}, headers=poisoned
        )
        assert "Secure" not in signed.headers["set-cookie"]
        assert server.get("/health", headers={"host": "evil.example", "x-forwarded-host": "127.0.0.1"}).status == 403


def test_large_questions_are_bounded(target: Target) -> None:
    many = [str(number) for number in range(10_001)]
    assert target.post(f"{API}/runs/search", {"experiment_ids": many}).status == 400
    assert target.post(f"{API}/runs/search", {"experiment_ids": ["0"], "max_results": 10**9}).status == 400
    nested = "(" * 100_000 + "metrics.a > 1" + ")" * 100_000
    long = " AND ".join(["metrics.a > 1"] * 100_000)
    for text in (nested, long, "NOT " * 100_000, "'" * 100_000):
        assert target.post(f"{API}/runs/search", {"experiment_ids": ["0"], "filter": text}).status == 400
    history = f"{API}/metrics/get-history?run_id={target.run}&metric_key=m&max_results="
    assert [target.get(f"{history}{size}").status for size in (-1, 10**30)] == [400, 400]
    slices = {"run_ids": many, "keys": many, "width": 10**9}
    assert target.post("/api/solvent/v1/metrics/slices", slices).status == 400
    deep = b'{"name":' + b"[" * 200_000
    answer = target.ask("POST", f"{API}/experiments/create", body=deep, headers={"content-type": "application/json"})
    assert answer.status == 400
    points = [{"key": "m", "value": 1.0, "timestamp": step, "step": step} for step in range(1_001)]
    assert target.post(f"{API}/runs/log-batch", {"run_id": target.run, "metrics": points}).status == 400
    bulk = "&".join(f"run_id={number}" for number in range(101))
    assert target.get(f"{API}/metrics/get-history-bulk?{bulk}&metric_key=m").status == 400
