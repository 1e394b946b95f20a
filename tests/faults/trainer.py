"""A trainer that logs through the SDK as fast as it can and tells, through a pipe, what has returned."""

from __future__ import annotations

import os
import struct
from multiprocessing.connection import Connection
from pathlib import Path

from solvent import log_metric, log_param, start_run

COUNT = struct.Struct("<Q")


def train(reports: Connection, uri: str, folder: Path) -> None:
    """Log until killed. First reports the run's id, then after each ``log_metric`` how many have returned."""
    os.chdir(folder)
    os.environ["SOLVENT_TRACKING_URI"] = uri
    run = start_run()
    log_param("pid", os.getpid())
    reports.send_bytes(run.info.run_id.encode())
    number = 0
    while True:
        log_metric("loss", number / 7, step=number)
        number += 1
        reports.send_bytes(COUNT.pack(number))
