"""Bulk histories and data sets of experiments: the same requests to a real MLflow and to us."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

AJAX = "/ajax-api/2.0/mlflow/"


class Server:
    """One server with two runs of one metric, named by their ids in ``runs``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = urllib3.PoolManager(retries=False, timeout=60)
        self.experiment = self.post("experiments/create", {"name": "bulk histories"})["experiment_id"]
        made = [self.post("runs/create", {"experiment_id": self.experiment, "start_time": 1}) for _ in range(2)]
        self.runs = sorted(run["run"]["info"]["run_id"] for run in made)
        for place, run in enumerate(self.runs):
            points = [
                {"key": "m", "value": i * i, "timestamp": 1_000 - i, "step": i // 3} for i in range(40 + 7 * place)
            ]
            self.post("runs/log-batch", {"run_id": run, "metrics": points})
            dataset = {"name": f"rows {place}", "digest": "1", "source_type": "local", "source": "x"}
            tags = [{"key": "mlflow.data.context", "value": "training"}] * place
            self.post("runs/log-inputs", {"run_id": run, "datasets": [{"dataset": dataset, "tags": tags}]})

    def post(self, path: str, body: object) -> Any:
        answer = self.http.request("POST", f"{self.url}/api/2.0/mlflow/{path}", json=body)
        assert answer.status == 200, answer.data
        return answer.json()

    def get(self, path: str, query: list[tuple[str, str]]) -> tuple[int, Any]:
        """Status and body, runs by their place instead of their id."""
        named = [(key, self.runs[int(value[1:])] if value.startswith("#") else value) for key, value in query]
        answer = self.http.request("GET", f"{self.url}{AJAX}{path}?{urlencode(named)}")
        return answer.status, self._plain(answer.json())

    def _plain(self, body: Any) -> Any:
        if "error_code" in body:
            return body["error_code"]
        return [
            (self.runs.index(metric["run_id"]), metric["key"], metric["step"], metric["timestamp"], metric["value"])
            for metric in body.get("metrics", [])
        ]

    def datasets(self, experiment_ids: list[str]) -> tuple[int, Any]:
        body = {"experiment_ids": [self.experiment if one == "#" else one for one in experiment_ids]}
        answer = self.http.request("POST", f"{self.url}{AJAX}experiments/search-datasets", json=body)
        found = answer.json()
        for summary in found.get("dataset_summaries", []):
            assert summary.pop("experiment_id") == self.experiment
        return answer.status, found.get("error_code") or found


@pytest.fixture(scope="module")
def both(mlflow_url: str, solvent_url: str) -> tuple[Server, Server]:
    return Server(mlflow_url), Server(solvent_url)


INTERVAL = "metrics/get-history-bulk-interval"
BULK = "metrics/get-history-bulk"
QUESTIONS = [
    (BULK, [("run_id", "#1"), ("run_id", "#0"), ("metric_key", "m")]),
    (BULK, [("run_id", "#1"), ("run_id", "#0"), ("metric_key", "m"), ("max_results", "43")]),
    (BULK, [("run_id", "#1"), ("metric_key", "m"), ("max_results", "0")]),
    (BULK, [("run_id", "nobody"), ("metric_key", "m")]),
    (BULK, [("run_id", "#1")]),
    (BULK, [("metric_key", "m")]),
    (BULK, [("run_id", f"r{i}") for i in range(101)] + [("metric_key", "m")]),
    *[(INTERVAL, [("run_ids", "#0"), ("run_ids", "#1"), ("metric_key", "m"), ("max_results", str(size))]) for size in (1, 2, 3, 7, 20, 39, 40, 41, 2_500)],
    (INTERVAL, [("run_ids", "#1"), ("run_ids", "#0"), ("run_ids", "#1"), ("metric_key", "m"), ("max_results", "4")]),
    (INTERVAL, [("run_ids", "#1"), ("metric_key", "m"), ("max_results", "4"), ("start_step", "2"), ("end_step", "9")]),
    (INTERVAL, [("run_ids", "#1"), ("metric_key", "m"), ("start_step", "9"), ("end_step", "2")]),
    (INTERVAL, [("run_ids", "#1"), ("metric_key", "m"), ("start_step", "9")]),
    (INTERVAL, [("run_ids", "#1"), ("metric_key", "m"), ("start_step", "90"), ("end_step", "91")]),
    (INTERVAL, [("run_ids", "#1"), ("metric_key", "m"), ("max_results", "0")]),
    (INTERVAL, [("run_ids", "#1"), ("metric_key", "m"), ("max_results", "2501")]),
    (INTERVAL, [("run_ids", "#1"), ("metric_key", "m"), ("max_results", "x")]),
    (INTERVAL, [("run_ids", "#1")]),
    (INTERVAL, [("metric_key", "m")]),
    (INTERVAL, [("run_ids", "nobody"), ("metric_key", "m")]),
    (INTERVAL, [("run_ids", f"r{i}") for i in range(101)] + [("metric_key", "m")]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "query"), QUESTIONS)
def test_histories_are_those_of_mlflow(both: tuple[Server, Server], path: str, query: list[tuple[str, str]]) -> None:
    theirs, ours = (server.get(path, query) for server in both)
    assert ours == theirs


@pytest.mark.parametrize("experiment_ids", [["#"], ["#", "999"], ["999"], [], ["x"], [str(i) for i in range(21)]])
def test_data_sets_are_those_of_mlflow(both: tuple[Server, Server], experiment_ids: list[str]) -> None:
    theirs, ours = (server.datasets(experiment_ids) for server in both)
    assert ours == theirs
