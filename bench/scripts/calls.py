"""What ``log_metric`` costs its caller: ``python calls.py FOLDER`` logs to an embedded store there."""

from __future__ import annotations

import json
import sys
import time

import solvent

CALLS = 10_000

solvent.set_tracking_uri(sys.argv[1])
begin = time.process_time()
solvent.log_metric("loss", 1.0, step=0)
first = time.process_time() - begin

begin = time.thread_time()
for step in range(1, CALLS + 1):
    solvent.log_metric("loss", 1.0, step=step)
following = (time.thread_time() - begin) / CALLS
solvent.end_run()
print(json.dumps({"first": first, "next": following}))
