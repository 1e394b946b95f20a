"""Clients that write to a server until it dies, and remember what it acknowledged."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import urllib3

API = "/api/2.0/mlflow"
TIME = 1_700_000_000_000
BATCH = 20


def post(http: urllib3.PoolManager, url: str, path: str, body: dict[str, Any]) -> Any:
    """The decoded answer.

    Raises:
        urllib3.exceptions.HTTPError: nobody answered, or not to the end.
    """
    answer = http.request("POST", f"{url}{API}/{path}", json=body)
    assert answer.status == 200, (path, answer.status, answer.data[:300])
    return answer.json()


@dataclass
class Written:
    """What one writer knows of its run: ``acknowledged`` requests were answered, ``sent`` ones left here.

    Request number i wrote the points of step i: ``single`` alone, or ``batch/0`` to ``batch/19``
    together with the param ``p<i>``.
    """

    run_id: str
    batched: bool
    sent: int = 0
    acknowledged: list[int] = field(default_factory=list)

    def body(self, number: int) -> tuple[str, dict[str, Any]]:
        if not self.batched:
            point = {"key": "single", "value": number / 7, "timestamp": TIME + number, "step": number}
            return "runs/log-metric", {"run_id": self.run_id} | point
        points = [
            {"key": f"batch/{i}", "value": number / 7, "timestamp": TIME + number, "step": number} for i in range(BATCH)
        ]
        params = [{"key": f"p{number}", "value": str(number)}]
        return "runs/log-batch", {"run_id": self.run_id, "metrics": points, "params": params}


class Writer(threading.Thread):
    """Writes to one new run, one request after the other, until the server is gone."""

    def __init__(self, url: str, experiment_id: str, *, batched: bool) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.http = urllib3.PoolManager(retries=False, timeout=30)
        run = post(self.http, url, "runs/create", {"experiment_id": experiment_id, "start_time": TIME})
        self.written = Written(run["run"]["info"]["run_id"], batched)
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while True:
                number = self.written.sent
                self.written.sent += 1
                post(self.http, self.url, *self.written.body(number))
                self.written.acknowledged.append(number)
        except urllib3.exceptions.HTTPError:
            return  # killed: what was in flight may be there or not
        except BaseException as error:  # handed to the test, which fails with it
            self.failure = error
