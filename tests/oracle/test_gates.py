"""From a run to Production under a strict policy, through an unmodified MLflow client: refused until nothing is missing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.resolve import connect
from solvent.wire.accounts import CreateUser
from solvent.wire.gates import ListEvidence
from tests.oracle import environments, servers
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

PASSWORD = "correct horse"
SCRIPT = Path(__file__).parent / "scripts" / "moves.py"
SOLVENT = Path(sys.executable).with_name("solvent")
POLICY = """
level = "strict"

[stage.Staging]
signature = true
input_example = true
no_pickle = true

[stage.Production]
signature = "whole"
contract = "current"
clean_code = true
reproduced = true
metrics = [{ name = "f1_score", margin = 0.01, significance = 0.05, minimum = 0.8 }]
slices = [{ column = "country", metric = "f1_score", gap = 0.1 }]
tests = true
card = "complete"
staging_time = "5s"
monitor = true
approvals = 1

[alias.champion]
signature = true
"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"
DATA = {"digest": "d1", "name": "holdout.csv", "rows": 1000}
HELD = [{"id": "payments", "version": "1.0.0", "digest": "c1", "path": "payments.odcs.yaml", "outcome": "passed"}]
CARD = {"intended_use": "finds fraud in payments", "assumptions": "amounts in EUR", "limits": "not for refunds"}
JUNIT = '<testsuites><testsuite><testcase name="a"/><testcase name="b"/></testsuite></testsuites>'


class Site:
    """A server with users, the commands of each of them, and wanda's MLflow client."""

    def __init__(self, url: str, folder: Path, client: subprocess.Popen[str]) -> None:
        self.url = url
        self.folder = folder
        self.client = client

    def mlflow(self, *call: Any) -> Any:
        """What the client answers."""
        answer = self._ask(call)
        assert "answer" in answer, answer
        return answer["answer"]

    def refused(self, *call: Any) -> list[str]:
        """What is missing, as the client's user is told."""
        answer = self._ask(call)
        assert "error" in answer, answer
        head, *lines = answer["error"].splitlines()
        assert head.startswith("PERMISSION_DENIED: Version "), head
        count = "1 thing is" if len(lines) == 1 else f"{len(lines)} things are"
        assert head.endswith(f"{count} missing of what the gate asks"), head
        assert all(". Next: " in line for line in lines), lines
        return [line.split(": ")[0].strip() for line in lines]

    def solvent(self, user: str, *arguments: str | Path) -> str:
        ended = subprocess.run(
            [SOLVENT, *arguments],
            cwd=self.folder,
            env=known(self.url, user),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def give(self, kind: str, version: str, body: dict[str, Any]) -> None:
        file = self.folder / f"{kind}.json"
        file.write_text(json.dumps(body))
        self.solvent("wanda", "gates", "record", f"fraud/{version}", kind, "--body", file)

    def report(self, version: str) -> dict[str, Any]:
        asked: list[str | Path] = [SOLVENT, "gates", "check", f"fraud/{version}", "--json"]
        ended = subprocess.run(asked, env=known(self.url, "wanda"), capture_output=True, text=True, timeout=120)
        found: dict[str, Any] = json.loads(ended.stdout)
        assert ended.returncode == (0 if found["passes"] else 1)
        return found

    def _ask(self, call: tuple[Any, ...]) -> dict[str, Any]:
        assert self.client.stdin
        assert self.client.stdout
        self.client.stdin.write(json.dumps(call) + "\n")
        self.client.stdin.flush()
        answer: dict[str, Any] = json.loads(self.client.stdout.readline())
        return answer


def known(url: str, user: str) -> dict[str, str]:
    who = {"MLFLOW_TRACKING_USERNAME": user, "MLFLOW_TRACKING_PASSWORD": PASSWORD}
    return bare_environment(MLFLOW_TRACKING_URI=url, GIT_PYTHON_REFRESH="quiet", **who)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    backend = connect(f"sqlite:///{tmp_path}/solvent.db")
    backend.call(CreateUser(name="root", password=PASSWORD, admin=True))
    for name in ("wanda", "rob"):
        backend.call(CreateUser(name=name, password=PASSWORD, role="writer"))
    backend.close()
    with servers.solvent_server(tmp_path) as url, talking(url, tmp_path) as client:
        yield Site(url, tmp_path, client)


@contextmanager
def talking(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [environments.executable("mlflow-3.17"), SCRIPT]
    with (
        (folder / "client.log").open("w") as log,
        subprocess.Popen(
            command,
            cwd=folder,
            env=known(url, "wanda"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as client,
    ):
        yield client
        assert client.stdin
        client.stdin.close()


def evaluation(value: float) -> dict[str, Any]:
    parts = [{"column": "country", "value": name, "rows": 500, "metrics": {"f1_score": value}} for name in ("AT", "DE")]
    return {"data": DATA, "metrics": {"f1_score": {"value": value}}, "slices": parts}


def comparison(value: float, against: float, version: str, digest: str) -> dict[str, Any]:
    metric = {"value": value, "against": against, "difference": value - against, "p_value": 0.001}
    return {"against": {"version": version, "digest": digest}, "data": DATA, "metrics": {"f1_score": metric}}


def supply_all_but_a_comparison(site: Site, version: str, run_id: str, missing: list[str], value: float) -> None:
    """One thing after the other, the client being refused for exactly the rest in between."""

    def supplied(*needs: str) -> None:
        for need in needs:
            missing.remove(need)
        assert site.refused("move", version, "Production", {"archive": True}) == missing

    assert site.refused("move", version, "Production", {"archive": True}) == missing
    site.mlflow("tag", run_id, "solvent.contracts", json.dumps(HELD))
    supplied("contract")
    site.mlflow("tag", run_id, "mlflow.source.git.commit", COMMIT)
    supplied()
    site.mlflow("tag", run_id, "solvent.git.dirty", "false")
    supplied("clean_code")
    site.mlflow("tag", run_id, "solvent.reproduction", json.dumps({"run_id": run_id, "outcome": "diverged"}))
    supplied()
    site.mlflow("tag", run_id, "solvent.reproduction", json.dumps({"run_id": run_id, "outcome": "reproduced"}))
    supplied("reproduced")
    site.give("evaluation", version, evaluation(value))
    supplied("metrics", "slices")
    report = site.folder / "report.xml"
    report.write_text(JUNIT)
    site.solvent("wanda", "gates", "record", f"fraud/{version}", "tests", "--junit", report, "--commit", COMMIT)
    supplied("tests")
    site.give("card", version, {"sections": CARD, "unconfirmed": ["limits"]})
    supplied()
    site.give("card", version, {"sections": CARD})
    supplied("card")
    site.solvent("wanda", "gates", "record", f"fraud/{version}", "monitor", "--name", "drift of fraud")
    supplied("monitor")
    site.solvent("wanda", "gates", "approve", f"fraud/{version}", "--reason", "it is mine")
    supplied()
    site.solvent("rob", "gates", "approve", f"fraud/{version}", "--reason", "looked at its errors")
    if len(missing) > 1:
        supplied("approvals")
    else:
        missing.remove("approvals")


def wait_for_staging_time(site: Site, version: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if all(check["met"] for check in site.report(version)["checks"] if check["need"] == "staging_time"):
            return
        time.sleep(0.5)
    raise AssertionError("its time in Staging does not pass")


def test_from_run_to_production_and_back(site: Site) -> None:
    (site.folder / "gates.toml").write_text(POLICY)
    site.solvent("root", "gates", "apply")

    # What the files lack no evidence can supply: another version is logged.
    site.mlflow("log", False, {"serialization_format": "cloudpickle"})
    assert site.refused("move", "1", "Staging") == ["signature", "input_example", "no_pickle"]
    assert site.refused("point", "champion", "1") == ["signature"]
    assert "from" in site.refused("move", "1", "Production")
    assert "from" in site.refused("point", "Production", "1")

    first = site.mlflow("log", True, {"serialization_format": "skops"})
    assert first["version"] == "2"
    site.mlflow("move", "2", "Staging")
    wait_for_staging_time(site, "2")
    missing = [
        *("contract", "clean_code", "reproduced", "metrics", "slices"),
        *("tests", "card", "monitor", "approvals"),
    ]
    supply_all_but_a_comparison(site, "2", first["run_id"], missing, 0.85)
    assert missing == []
    assert site.mlflow("move", "2", "Production", {"archive": True}) == "Production"
    site.mlflow("point", "production", "2")

    second = site.mlflow("log", True, {"serialization_format": "skops"})
    assert second["version"] == "3"
    site.mlflow("move", "3", "Staging")
    wait_for_staging_time(site, "3")
    missing = [
        *("contract", "clean_code", "reproduced", "metrics", "metrics", "slices"),
        *("tests", "card", "monitor", "approvals"),
    ]
    supply_all_but_a_comparison(site, "3", second["run_id"], missing, 0.9)
    assert missing == ["metrics"]
    digest = current_digest(site)
    site.give("comparison", "3", comparison(0.853, 0.85, "2", digest))
    assert site.refused("move", "3", "Production", {"archive": True}) == ["metrics"]
    site.give("comparison", "3", comparison(0.9, 0.85, "2", digest))
    assert site.mlflow("move", "3", "Production", {"archive": True}) == "Production"
    assert site.mlflow("stages") == {"1": "None", "2": "Archived", "3": "Production"}

    # Version 2 has passed, and has the same files: it may come back at once.
    assert site.mlflow("move", "2", "Production", {"archive": True}) == "Production"
    assert site.mlflow("stages") == {"1": "None", "2": "Production", "3": "Archived"}
    assert site.mlflow("predict", "models:/fraud/Production") == [0, 0, 1, 1]
    history = json.loads(site.solvent("wanda", "models", "history", "fraud", "--max-results", "200", "--json"))
    kinds = [event["kind"] for event in history]
    assert kinds.count("gate.passed") == 6
    assert kinds.count("gate.refused") > 20
    assert {event["actor"] for event in history if event["kind"] == "gate.refused"} == {"wanda"}


def current_digest(site: Site) -> str:
    """Of the files of version 2, as evidence on it says."""
    backend = connect(f"sqlite:///{site.folder}/solvent.db")
    found = backend.call(ListEvidence(name="fraud", version="2", kind="evaluation")).evidence[0].digest
    backend.close()
    assert found
    return found
