"""Unmodified MLflow clients go through a training session against MLflow's server and against ours.

What the client read back must be the same from both, and what it logged here must be what Solvent's
own ways of reading find.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.resolve import connect
from solvent.tracking.datasets_columns import columns_of, rows_of
from solvent.wire.datasets import GetDatasetVersion, ListDatasetUses
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import GetRun, SearchRuns
from tests.oracle import environments
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

SCRIPT = Path(__file__).parent / "scripts" / "session.py"
CLIENTS = ["mlflow-3.17", "mlflow-3.1", "mlflow-2.22"]

Answers = dict[str, Any]
Session = Callable[[str, str], Answers]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Runs the script with one client against one server, once; gives what the client read."""
    done: dict[tuple[str, str], Answers] = {}

    def answers(client: str, url: str) -> Answers:
        if (client, url) not in done:
            folder = tmp_path_factory.mktemp(client)
            command = [environments.executable(client), SCRIPT, folder / "answers.json"]
            environment = bare_environment(MLFLOW_TRACKING_URI=url, GIT_PYTHON_REFRESH="quiet")
            ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
            assert ended.returncode == 0, ended.stderr[-4000:]
            done[client, url] = json.loads((folder / "answers.json").read_text())
        return done[client, url]

    return answers


def without_ids(answers: Answers, url: str) -> Answers:
    """The answers with every id and address replaced by what it stands for."""
    text = json.dumps({key: value for key, value in answers.items() if key != "ids"})
    ids = answers["ids"]
    named = {ids["parent"]: "PARENT", ids["manual"]: "MANUAL", url: "URL"}
    named |= {run_id: f"CHILD {place}" for place, run_id in enumerate(ids["children"])}
    for run_id, name in named.items():
        text = text.replace(run_id, name)
    found: Answers = json.loads(text)
    return found


@pytest.mark.parametrize("client", CLIENTS)
def test_the_client_reads_the_same_from_both_servers(
    client: str, session: Session, mlflow_url: str, solvent_url: str
) -> None:
    theirs = without_ids(session(client, mlflow_url), mlflow_url)
    ours = without_ids(session(client, solvent_url), solvent_url)
    assert list(ours) == list(theirs)
    for part, expected in theirs.items():
        assert ours[part] == expected, part


@pytest.mark.parametrize("client", CLIENTS)
def test_solvent_reads_what_the_client_logged(client: str, session: Session, solvent_url: str) -> None:
    answers = session(client, solvent_url)
    backend = connect(solvent_url)
    ids = answers["ids"]
    for run_id, seen in [(ids["parent"], answers["parent"]), (ids["manual"], answers["manual"])]:
        run = backend.call(GetRun(run_id=run_id)).run
        assert {param.key: param.value for param in run.data.params} == seen["params"]
        assert {point.key: repr(float(point.value)) for point in run.data.metrics if point.value is not None} == seen[
            "metrics"
        ]
        tags = {tag.key: tag.value for tag in run.data.tags if tag.key != "mlflow.log-model.history"}
        assert tags == seen["tags"]
        inputs = [item.dataset.name for item in run.inputs.dataset_inputs if item.dataset] if run.inputs else []
        assert inputs == [item["dataset"]["name"] for item in seen["inputs"]]
        for key, history in seen["histories"].items():
            points = backend.call(GetMetricHistory(run_id=run_id, metric_key=key)).metrics
            assert [[point.step or 0, repr(float(point.value or 0))] for point in points] == history
    assert len(backend.call(SearchRuns(experiment_ids=[ids["experiment"]])).runs) == len(answers["search"]["all"])
    backend.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_what_the_client_logs_is_a_version_of_a_data_set(client: str, session: Session, solvent_url: str) -> None:
    answers = session(client, solvent_url)
    backend = connect(solvent_url)
    (seen,) = answers["parent"]["inputs"]
    digest = seen["dataset"]["digest"]
    version = backend.call(GetDatasetVersion(name="points", digest=digest)).version
    assert [version.source, version.schema, version.profile] == [
        seen["dataset"][key] for key in ("source", "schema", "profile")
    ]
    assert columns_of(version.schema) == {"x": "double", "y": "double"}
    assert rows_of(version.profile) == "4"
    uses = {use.run_id: use for use in backend.call(ListDatasetUses(name="points", digest=digest)).uses}
    use = uses[answers["ids"]["parent"]]
    assert use.contexts == ["training"]
    assert len(use.models_made) == (client != "mlflow-2.22")
    backend.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_solvent_finds_the_files_that_the_client_logged(client: str, session: Session, solvent_url: str) -> None:
    answers = session(client, solvent_url)
    backend = connect(solvent_url)
    run = backend.call(GetRun(run_id=answers["ids"]["parent"])).run
    files = backend.artifacts(run.info.artifact_uri)
    seen = sorted(path for path, is_folder, _ in answers["files"] if not is_folder)
    assert "several/b c.bin" in seen
    for path in seen:
        assert files.size(path) > 0, path
    backend.close()
