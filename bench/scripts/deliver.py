"""Seconds until a server has N points that were logged through the SDK: ``python deliver.py N``."""

from __future__ import annotations

import json
import sys
import time

import solvent

points = int(sys.argv[1])
run = solvent.start_run()
begin = time.perf_counter()
for step in range(points):
    solvent.log_metric("loss", step / 7, step=step)
solvent.end_run()
solvent.flush()
seconds = time.perf_counter() - begin
history = solvent.Client().get_metric_history(run.info.run_id, "loss")
assert [point.value for point in history] == [step / 7 for step in range(points)]
print(json.dumps({"seconds": seconds}))
