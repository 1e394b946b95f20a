"""The same objects on both servers, made by the same requests, and how a request names them."""

from __future__ import annotations

import json
import time
from typing import Any

import urllib3

EXPERIMENTS = (
    "EXPERIMENT",
    "WRITTEN EXPERIMENT",
    "DELETED EXPERIMENT",
    "RENAMED EXPERIMENT",
    "SHORT-LIVED EXPERIMENT",
)
RUNS = {
    "RUN": "EXPERIMENT",
    "SECOND RUN": "EXPERIMENT",
    "DELETED RUN": "EXPERIMENT",
    "WRITTEN RUN": "WRITTEN EXPERIMENT",
    "UPDATED RUN": "WRITTEN EXPERIMENT",
    "SHORT-LIVED RUN": "WRITTEN EXPERIMENT",
}
"""Runs and their experiments. What is written to is not what is searched, because a request that only
one of the servers accepts would make their later answers differ."""


class World:
    """One server with its objects: ``ids`` by the names that requests use, such as ``RUN``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = urllib3.PoolManager(retries=False, timeout=60)
        self.ids: dict[str, str] = {}
        for name in EXPERIMENTS:
            made = self.post("experiments/create", {"name": f"the {name.lower()}"})
            self.ids[name] = made["experiment_id"]
            time.sleep(0.003)  # times of creation order the answers, and are kept in milliseconds
        for place, (name, experiment) in enumerate(RUNS.items()):
            request = {
                "experiment_id": self.ids[experiment],
                "run_name": name.lower(),
                "start_time": 1_700_000_000_000 + place,
            }
            self.ids[name] = self.post("runs/create", request)["run"]["info"]["run_id"]
            self._log_something(self.ids[name], 1 + place)
        self.post("experiments/delete", {"experiment_id": self.ids["DELETED EXPERIMENT"]})
        self.post("runs/delete", {"run_id": self.ids["DELETED RUN"]})

    def _log_something(self, run_id: str, scale: int) -> None:
        points = [
            {"key": "loss", "value": scale / (4 + step), "timestamp": 1_700_000_000_000 + step, "step": step}
            for step in range(8)
        ]
        params = [{"key": "alpha", "value": "0.5"}]
        tags = [{"key": "team", "value": "vision"}, {"key": "a tag to delete", "value": "x"}]
        self.post("runs/log-batch", {"run_id": run_id, "metrics": points, "params": params, "tags": tags})

    def post(self, path: str, body: dict[str, Any]) -> Any:
        status, answer = self.send("POST", path, body, "")
        assert status == 200, (path, body, answer)
        return answer

    def send(self, method: str, path: str, request: dict[str, Any], name: str) -> tuple[int, Any]:
        """Status and decoded body of the answer. ``name`` stands for ``<NAME>`` in the request."""
        text = json.dumps(request)
        for known, value in {**self.ids, "NAME": name}.items():
            text = text.replace(f"<{known}>", value)
        url = f"{self.url}/api/2.0/mlflow/{path}"
        if method == "GET":
            fields = {key: str(value) for key, value in json.loads(text).items() if value is not None}
            answer = self.http.request("GET", url, fields=fields)
        else:
            answer = self.http.request(method, url, body=text, headers={"Content-Type": "application/json"})
        try:
            return answer.status, answer.json()
        except ValueError:
            return answer.status, {"not json": answer.data.decode(errors="replace")[:500]}
