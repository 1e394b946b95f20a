"""The registry's requests to a real MLflow and to us: the same answers, but for the intended differences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pytest
import urllib3

from solvent.backend.embedded import EmbeddedBackend
from solvent.server.loopback import Loopback
from solvent.store.store import Store
from tests.oracle import servers
from tests.registry.differences import OUTCOMES, WORDS
from tests.registry.requests import HOOK, STEPS, Step

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

_TIMES = {"creation_timestamp", "last_updated_timestamp"}
_ONLY_OURS = {"model_id", "model_params", "model_metrics"}
"""What we tell of a version made from a logged model, and MLflow keeps to itself."""


class Answer(NamedTuple):
    outcome: str
    body: Any


class World:
    """One server with a run, a logged model and a webhook."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = urllib3.PoolManager(retries=False, timeout=60)
        run = self.post("runs/create", {"experiment_id": "0", "start_time": 1})["run"]["info"]
        logged = self.post("logged-models", {"experiment_id": "0", "name": "lm", "source_run_id": run["run_id"]})
        hook = self.post("webhooks", HOOK)["webhook"]["webhook_id"]
        self.ids = {
            "RUN": run["run_id"],
            "ROOT": run["artifact_uri"],
            "LOGGED": logged["model"]["info"]["model_id"],
            "WEBHOOK": hook,
        }

    def post(self, path: str, body: dict[str, Any]) -> Any:
        status, answer = self.send("POST", path, body)
        assert status == 200, (path, body, answer)
        return answer

    def send(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        url = f"{self.url}/api/2.0/mlflow/{path}"
        if method == "GET":
            answer = self.http.request(
                "GET", url, fields={key: value for key, value in body.items() if value is not None}
            )
        else:
            headers = {"Content-Type": "application/json"}
            answer = self.http.request(method, url, body=json.dumps(body), headers=headers)
        try:
            return answer.status, answer.json()
        except ValueError:
            return answer.status, {"error_code": "(no JSON)"}

    def ask(self, step: Step) -> Answer:
        text = json.dumps([step.path, step.body])
        for name, value in self.ids.items():
            text = text.replace(f"<{name}>", value)
        path, body = json.loads(text)
        status, answer = self.send(step.method, path, body)
        if status != 200:
            return Answer(f"{status} {answer.get('error_code', '')}".strip(), self._named(answer.get("message", "")))
        return Answer("200", normal(self._named(answer)))

    def _named(self, answer: Any) -> Any:
        text = json.dumps(answer)
        for name, value in sorted(self.ids.items(), key=lambda each: -len(each[1])):
            text = text.replace(value, f"<{name}>")
        return json.loads(text)


def normal(value: Any, inside: str = "") -> Any:
    """What means the same made equal: times and tokens masked, what is empty left out, stages sorted.

    Aliases are compared where MLflow fills them in: we do so in searches and latest versions as well.
    """
    if isinstance(value, list):
        entries = [normal(entry, inside) for entry in value]
        return sorted(entries, key=json.dumps) if inside in {"latest_versions", "tags", "aliases"} else entries
    if not isinstance(value, dict):
        return value
    left_out = _ONLY_OURS | ({"aliases"} if inside in {"latest_versions", "model_versions"} else set())
    fields = {key: normal(entry, key) for key, entry in value.items() if key not in left_out}
    masks = dict.fromkeys(_TIMES, "a time") | {"next_page_token": "a token", "webhook_id": "an id"}
    return {key: masks.get(key, entry) for key, entry in sorted(fields.items()) if entry not in ("", [], None)}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Step, Answer, Answer]]]:
    folder = tmp_path_factory.mktemp("registry")
    told = {"MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true", "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https"}
    backend = EmbeddedBackend(str(folder), Store(folder / "solvent.db"), folder / "artifacts")
    with (
        pytest.MonkeyPatch.context() as patch,
        servers.mlflow_server(folder, **told) as mlflow,
        Loopback(backend) as solvent,
    ):
        patch.setenv("SOLVENT_WEBHOOKS_ALLOW_PRIVATE", "true")
        patch.setenv("SOLVENT_WEBHOOKS_SCHEMES", "http,https")
        theirs, ours = World(mlflow), World(solvent.url)
        yield [(step, theirs.ask(step), ours.ask(step)) for step in STEPS]
    backend.close()


Answers = list[tuple[Step, Answer, Answer]]


def test_we_answer_as_mlflow_does(answered: Answers) -> None:
    told = []
    for step, theirs, ours in answered:
        other = theirs.outcome != ours.outcome
        listed = (
            any(
                fnmatchcase(step.name, each.steps) and (each.theirs, each.ours) == (theirs.outcome, ours.outcome)
                for each in OUTCOMES
            )
            if other
            else any(fnmatchcase(step.name, each.steps) for each in WORDS) and ours.outcome != "200"
        )
        if (other or theirs.body != ours.body) and not listed:
            told.append(f"{step.name}\n  MLflow:  {str(theirs)[:600]}\n  Solvent: {str(ours)[:600]}")
    assert not told, f"{len(told)} of {len(answered)} differ:\n" + "\n".join(told)


def test_all_intended_differences_are_seen(answered: Answers) -> None:
    outcomes = [(step.name, theirs.outcome, ours.outcome) for step, theirs, ours in answered]
    gone = [
        each
        for each in OUTCOMES
        if not any(fnmatchcase(name, each.steps) and (a, b) == (each.theirs, each.ours) for name, a, b in outcomes)
    ]
    worded = [
        step.name for step, theirs, ours in answered if theirs.outcome == ours.outcome and theirs.body != ours.body
    ]
    silent = [each for each in WORDS if not any(fnmatchcase(name, each.steps) for name in worded)]
    assert (gone, silent) == ([], [])


def test_we_never_fail_inside(answered: Answers) -> None:
    assert [step.name for step, _, ours in answered if ours.outcome.startswith("5")] == []


def test_every_step_has_a_name_of_its_own() -> None:
    names = [step.name for step in STEPS]
    assert len(names) == len(set(names))
