"""What a process knows is its own."""

from __future__ import annotations

from pathlib import Path

import solvent
from tests.client.conftest import Script


def test_a_forked_child_logs_for_itself(home: Path, script: Script) -> None:
    code = """
import os, solvent
with solvent.start_run(run_name="parent") as run:
    solvent.log_metric("m", 1)
    child = os.fork()
    if child == 0:
        assert solvent.active_run() is None
        solvent.log_metric("from the child", 2, run_id=run.info.run_id)
        with solvent.start_run(run_name="child"):
            solvent.log_metric("m", 3)
        solvent.flush()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    solvent.log_metric("m", 2, step=1)
"""
    script(code)
    runs = {run.info.run_name: run for run in solvent.search_runs(output_format="list")}
    assert runs["parent"].data.metrics == {"m": 2.0, "from the child": 2.0}
    assert runs["parent"].info.status == "FINISHED"
    assert runs["child"].data.metrics == {"m": 3.0}
