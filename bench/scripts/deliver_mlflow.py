"""Seconds for N synchronous ``mlflow.log_metric``: ``python deliver_mlflow.py N``."""

from __future__ import annotations

import json
import sys
import time

import mlflow

points = int(sys.argv[1])
run = mlflow.start_run()
mlflow.log_metric("warm", 1.0)
begin = time.perf_counter()
for step in range(points):
    mlflow.log_metric("loss", step / 7, step=step)
seconds = time.perf_counter() - begin
mlflow.end_run()
history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
assert [point.value for point in history] == [step / 7 for step in range(points)]
print(json.dumps({"seconds": seconds}))
