"""Run by a real MLflow's Python: writes through its client until told to stop, and tells what was acknowledged.

Each line on stdout is JSON: ``{"run": id}`` when ``create_run`` has returned, ``{"kept": number}`` when
request ``number`` of that run has. When the server dies, it waits until it is back and opens a new run.
"""

import json
import sys
import threading
import time

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

TIME = 1_700_000_000_000
stopped = threading.Event()


def tell(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


def write(client: MlflowClient, kind: str) -> None:
    """Log to a new run until the server is gone. What request i leaves: see ``expected`` in test_real_clients.py."""
    run = client.create_run("0", tags={"kind": kind, "whole": "x" * 1000}).info.run_id
    tell(run=run)
    number = 0
    while not stopped.is_set():
        if kind == "batch":
            metrics = [Metric(f"b{i}", number / 7, TIME, number) for i in range(20)]
            client.log_batch(run, metrics, [Param(f"p{number}", "1")], [RunTag(f"t{number}", "1")])
        else:
            client.log_metric(run, "single", number / 7, TIME, number)
        tell(kept=number)
        number += 1


def wait_for_the_end() -> None:
    sys.stdin.readline()
    stopped.set()


def main(url: str, kind: str) -> None:
    client = MlflowClient(url)
    threading.Thread(target=wait_for_the_end, daemon=True).start()
    while not stopped.is_set():
        try:
            write(client, kind)
        except MlflowException:
            time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
