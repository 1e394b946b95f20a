"""What the clients ask: endless scripts for ``bench.load``, the same for every server."""

from __future__ import annotations

import json
from typing import Any

from bench.load import Script, ask, request
from bench.runs import FILTER, ORDER
from bench.servers import Server

KEYS = 10
_FIRST_STEP = 1_000_000  # seven digits, so that all bodies of a script are equally long
_VALUE = 9_999_991
_SCATTER = 7_368_787  # values that jump about, as those of real metrics do


def create_run(server: Server) -> str:
    """A new run; its id."""
    answer = ask(server, _post("runs/create", {"experiment_id": "0", "start_time": 1_700_000_000_000}))
    return str(json.loads(answer.last)["run"]["info"]["run_id"])


class Points:
    """Points of one run, each with the next step. ``step`` is the last one that was sent."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.step = _FIRST_STEP

    def singles(self) -> Script:
        """``log-metric``, a point each."""
        text = request(
            "POST",
            "runs/log-metric",
            f'{{"run_id":"{self.run_id}","key":"metric-0","value":0.{_VALUE},'
            f'"timestamp":170000{_FIRST_STEP},"step":{_FIRST_STEP}}}'.encode(),
        )
        text = _template(text)
        while True:
            step = self.step + 1
            yield text % (step * _SCATTER % _VALUE, step, step)
            self.step = step

    def batches(self, size: int) -> Script:
        """``log-batch`` of ``size`` points: ten metrics, the rest are steps."""
        metrics = ",".join(
            f'{{"key":"metric-{index % KEYS}","value":0.{_VALUE},"timestamp":170000{_FIRST_STEP},"step":{_FIRST_STEP}}}'
            for index in range(size)
        )
        body = f'{{"run_id":"{self.run_id}","metrics":[{metrics}]}}'.encode()
        text = _template(request("POST", "runs/log-batch", body))
        numbers = [0] * (3 * size)
        while True:
            steps = [self.step + 1 + index // KEYS for index in range(size)]
            numbers[0::3] = [(step * KEYS + index) * _SCATTER % _VALUE for index, step in enumerate(steps)]
            numbers[1::3] = numbers[2::3] = steps
            yield text % tuple(numbers)
            self.step = steps[-1]


def life_cycles() -> Script:
    """A run made, tagged and finished, over and over."""
    create = _post("runs/create", {"experiment_id": "0", "start_time": 1_700_000_000_000})
    while True:
        run_id = json.loads((yield create))["run"]["info"]["run_id"]
        yield _post("runs/set-tag", {"run_id": run_id, "key": "stage", "value": "training"})
        yield _post("runs/update", {"run_id": run_id, "status": "FINISHED", "end_time": 1_700_000_060_000})


def again(text: bytes) -> Script:
    """The same request for ever."""
    while True:
        yield text


def filtered_search(page_token: str | None = None, order_by: str = ORDER, filter: str = FILTER) -> bytes:
    """The best 100 of the runs that hold a filter."""
    more = {"page_token": page_token} if page_token else {}
    query = {"experiment_ids": ["0"], "filter": filter, "order_by": [order_by], "max_results": 100}
    return _post("runs/search", query | more)


def default_search() -> bytes:
    """The newest 1,000 runs."""
    return _post("runs/search", {"experiment_ids": ["0"], "max_results": 1000})


def count_filtered() -> bytes:
    """How many runs hold the filter (ours alone)."""
    return _post("/api/solvent/v1/runs/count", {"experiment_ids": ["0"], "filter": FILTER})


def history_page(run_id: str, key: str) -> bytes:
    return request("GET", f"metrics/get-history?run_id={run_id}&metric_key={key}&max_results=25000")


def experiments_search() -> bytes:
    return _post("experiments/search", {"max_results": 1000})


def kept_runs(answer: bytes) -> list[Any]:
    """Ids, latest metrics and params of the runs of an answer, comparable between servers."""
    return [
        (
            run["info"]["run_id"],
            sorted((metric["key"], float(metric["value"]), int(metric["step"])) for metric in run["data"]["metrics"]),
            sorted((param["key"], param["value"]) for param in run["data"]["params"]),
        )
        for run in json.loads(answer)["runs"]
    ]


def kept_points(answer: bytes) -> list[Any]:
    return [(int(each["step"]), float(each["value"])) for each in json.loads(answer)["metrics"]]


def kept_experiments(answer: bytes) -> list[Any]:
    return [(each["experiment_id"], each["name"]) for each in json.loads(answer)["experiments"]]


def latest_step(server: Server, run_id: str) -> int:
    """The step of the latest point of ``metric-0``."""
    answer = json.loads(ask(server, request("GET", f"runs/get?run_id={run_id}")).last)
    return max(int(each["step"]) for each in answer["run"]["data"]["metrics"] if each["key"] == "metric-0")


def _template(text: bytes) -> bytes:
    return text.replace(b"%d" % _VALUE, b"%07d").replace(b"%d" % _FIRST_STEP, b"%d")


def _post(path: str, body: dict[str, Any]) -> bytes:
    return request("POST", path, json.dumps(body, separators=(",", ":")).encode())
