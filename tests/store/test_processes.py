"""Several processes on one file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from solvent.store.store import Store
from solvent.tracking.ingest import ingest
from solvent.tracking.metrics import get_metric_history
from solvent.tracking.runs import create_run, get_run, set_tag
from solvent.wire.ingest import Ingest, RunRecord
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun, GetRun, SetTag

WORK = """
import sys
from pathlib import Path
import solvent.tracking
from solvent.store.store import Store
from solvent.tracking.experiments import create_experiment
from solvent.tracking.logging import log_batch, log_metric
from solvent.wire.experiments import CreateExperiment
from solvent.wire.metrics import Metric
from solvent.wire.runs import LogBatch, LogMetric
from solvent.tracking.runs import create_run
from solvent.wire.runs import CreateRun

path, number = Path(sys.argv[1]), int(sys.argv[2])
store = Store(path, synchronous="NORMAL")
print("ready", flush=True)
sys.stdin.readline()
experiment = store.write(create_experiment, CreateExperiment(name=f"e{number}")).experiment_id
run = store.write(create_run, CreateRun(experiment_id=experiment, run_id=f"r{number}")).run.info.run_id
for step in range(40):
    store.write(log_metric, LogMetric(run_id=run, key=f"own{step}", value=1.0, timestamp=step, step=step))
    shared = Metric(key="shared", value=float(number), timestamp=step, step=step)
    store.write(log_batch, LogBatch(run_id="common", metrics=[shared, Metric(key="same", value=1.0, timestamp=step, step=step)]))
store.close()
"""


def start(path: Path, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORK, str(path), str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_processes_that_make_and_fill_one_file_lose_nothing(tmp_path: Path) -> None:
    """All of them open the file that is not there yet, and write the same new names at the same time."""
    path = tmp_path / "s.db"
    workers = [start(path, number) for number in range(4)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    store = Store(path, synchronous="NORMAL")
    store.write(create_run, CreateRun(run_id="common"))
    for worker in workers:
        worker.communicate("go\n", timeout=60)
        assert worker.returncode == 0
    shared = store.read(get_metric_history, GetMetricHistory(run_id="common", metric_key="shared")).metrics
    assert len(shared) == 4 * 40
    same = store.read(get_metric_history, GetMetricHistory(run_id="common", metric_key="same")).metrics
    assert [metric.step for metric in same] == list(range(40))
    experiments = set()
    for number in range(4):
        run = store.read(get_run, GetRun(run_id=f"r{number}")).run
        experiments.add(run.info.experiment_id)
        assert len(run.data.metrics) == 40
    assert experiments == {"1", "2", "3", "4"}
    store.close()


def test_a_forked_child_opens_its_own_connection(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db", synchronous="NORMAL")
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    script = f"""
import os, sys
from pathlib import Path
from solvent.store.store import Store
from solvent.tracking.runs import get_run, set_tag
from solvent.wire.runs import GetRun, SetTag

store = Store(Path({str(store.path)!r}), synchronous="NORMAL")
store.write(set_tag, SetTag(run_id={run_id!r}, key="before", value="1"))
child = os.fork()
if child == 0:
    store.write(set_tag, SetTag(run_id={run_id!r}, key="child", value="1"))
    seen = store.read(get_run, GetRun(run_id={run_id!r})).run.data.tags
    store.close()
    os._exit(0 if "child" in [tag.key for tag in seen] else 1)
_, status = os.waitpid(child, 0)
store.write(set_tag, SetTag(run_id={run_id!r}, key="parent", value="1"))
store.close()
sys.exit(os.waitstatus_to_exitcode(status))
"""
    done = subprocess.run([sys.executable, "-c", script], timeout=60, check=False)
    assert done.returncode == 0
    store.write(set_tag, SetTag(run_id=run_id, key="after", value="1"))
    tags = {tag.key for tag in store.read(get_run, GetRun(run_id=run_id)).run.data.tags}
    assert tags == {"mlflow.runName", "before", "child", "parent", "after"}
    (verdict,) = store._connection.execute("PRAGMA integrity_check").fetchone()
    assert verdict == "ok"
    store.close()


def test_one_spool_sent_by_two_processes_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Store(path).close()
    script = f"""
from pathlib import Path
from solvent.store.store import Store
from solvent.tracking.ingest import ingest
from solvent.wire.ingest import Ingest, MetricRecord, RunRecord
store = Store(Path({str(path)!r}), synchronous="NORMAL")
records = [RunRecord(run_id="r", start_time=1)]
records += [MetricRecord(run_id="r", key="m", value=1.0, timestamp=1, step=step) for step in range(199)]
for start in range(0, 200, 10):
    store.write(ingest, Ingest(spool="s", offset=start, records=records[start:start + 10]))
store.close()
"""
    workers = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    store = Store(path)
    history = store.read(get_metric_history, GetMetricHistory(run_id="r", metric_key="m")).metrics
    assert [metric.step for metric in history] == list(range(199))
    assert store.write(ingest, Ingest(spool="s", offset=0, records=[RunRecord(run_id="x", start_time=1)])).offset == 200
    store.close()
