"""The data that the browser tests look at, sent to a real server over HTTP."""

from __future__ import annotations

import io
import json
import math
import random
import time
from typing import NamedTuple

from solvent.backend.protocol import Backend
from solvent.wire.base import to_number
from solvent.wire.datasets import Dataset
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.ingest import (
    EndRecord,
    Ingest,
    InputRecord,
    MetricRecord,
    ParamRecord,
    Record,
    RunRecord,
    TagRecord,
)
from solvent.wire.runs import GetRun

CHURN_RUNS, VISION_RUNS = 240, 60
LONG_POINTS, PEAK_STEP, PEAK = 20_000, 12_345, 9.5
BEST, RIVAL = "4b1f0c9a7e6d4d2c8f3a5b6c7d8e9f01", "c7d20e5b91a84f6e8d13f0a2b4c6e877"
COMMIT = "3f2a9c41b7d06e58a1c94d20b8e7f6a5d4c3b2a1"
PAYLOADS = (
    "<script>window.__hacked=1</script>",
    "<img src=x onerror='window.__hacked=1'>",
    "\"><svg onload='window.__hacked=1'>",
    "javascript:window.__hacked=1",
)
UNICODE = "Ünïcødé 名前 اسم 🚀"
PATCH = """diff --git a/src/train.py b/src/train.py
index 83db48f..bf2a1c0 100644
--- a/src/train.py
+++ b/src/train.py
@@ -12,7 +12,8 @@ def train(alpha: float, depth: int) -> None:
     frame = load("customers.csv")
     features = prepare(frame)
-    model = GradientBoosting(depth=depth)
+    # deeper trees, smaller steps
+    model = GradientBoosting(depth=depth, rate=alpha / 2)
     model.fit(features)
     solvent.log_metric("accuracy", model.score(features))
diff --git a/conf/model.yaml b/conf/model.yaml
index 1f0c3aa..90a6d77 100644
--- a/conf/model.yaml
+++ b/conf/model.yaml
@@ -1,3 +1,3 @@
 kind: gradient-boosting
-depth: 4
+depth: 6
 rate: 0.1
"""
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60">
<script>window.__hacked=1</script><rect width="120" height="60" fill="teal"/></svg>"""
CUSTOMERS = {
    "version": 1,
    "rows": 7043,
    "notes": ["looked at by length and nulls alone: calls"],
    "columns": [
        {
            "name": "tenure",
            "kind": "integer",
            "type": "BIGINT",
            "scalars": {"rows": 7043, "nulls": 0, "least": 0, "most": 72, "mean": 32.37, "deviation": 24.56},
            "counts": {
                "type": "numbers",
                "edges": [0, 2, 9, 29, 55, 72, 72.5],
                "counts": [0, 624, 1500, 1400, 1760, 1397, 362, 0],
            },
            "distinct": 73,
        },
        {
            "name": "monthly_charge",
            "kind": "number",
            "type": "DOUBLE",
            "scalars": {"rows": 7043, "nulls": 11, "nans": 3, "least": 18.25, "most": 118.75, "mean": 64.76},
            "counts": {
                "type": "numbers",
                "edges": [18, 21, 36, 70, 90, 119],
                "counts": [0, 1420, 350, 1750, 1755, 1754, 0],
            },
            "distinct": 1585,
        },
        {
            "name": "contract",
            "kind": "text",
            "type": "VARCHAR",
            "scalars": {"rows": 7043, "nulls": 0, "least": 8, "most": 14, "mean": 11.3},
            "counts": {
                "type": "numbers",
                "edges": [8, 9, 10, 11, 12, 13, 14, 14.5],
                "counts": [0, 3168, 0, 0, 0, 0, 0, 3875, 0],
            },
            "categories": {
                "type": "categories",
                "top": [["month-to-month", 3875], ["two year", 1695], ["one year", 1473]],
                "others": 0,
                "complete": True,
            },
            "distinct": 3,
            "distinct_exact": True,
        },
        {"name": "home", "kind": "other", "type": "GEOMETRY", "failed": "values of type GEOMETRY can't be ordered"},
    ],
}
FIRST = ["calm", "brisk", "amber", "quiet", "bold", "lucid", "plain", "swift", "mellow", "keen", "vivid", "stout"]
SECOND = ["otter", "heron", "maple", "lynx", "cedar", "raven", "birch", "finch", "ibis", "wren", "tapir", "alder"]


class Seeded(NamedTuple):
    """Ids of what the tests ask for by name."""

    churn: str
    vision: str
    hostile: str
    best: str
    rival: str
    long: str
    going: str
    odd: str


def seed(backend: Backend) -> Seeded:
    churn, vision, hostile = (
        backend.call(CreateExperiment(name=name, tags=tags)).experiment_id
        for name, tags in (
            ("churn-model", [Tag(key="team", value="retention")]),
            ("vision-baseline", [Tag(key="team", value="perception")]),
            (PAYLOADS[1], [Tag(key="名前 اسم", value=PAYLOADS[0] + UNICODE)]),
        )
    )
    now = int(time.time() * 1000)
    dice = random.Random(7)
    records: list[Record] = []
    for index in range(CHURN_RUNS):
        records += _churn_run(dice, churn, index, now - (CHURN_RUNS - index) * 17 * 60_000)
    for index in range(VISION_RUNS):
        records += _vision_run(dice, vision, index, now - (VISION_RUNS - index) * 41 * 60_000)
    records += _pair(churn, now)
    records += _long_run(vision, now)
    records += [RunRecord(run_id="going", experiment_id=churn, name="going-now", start_time=now - 60_000)]
    records += [MetricRecord(run_id="going", key="accuracy", value=0.5, timestamp=now, step=1)]
    records += _odd_run(hostile, now)
    _send(backend, records)
    _write_files(backend)
    return Seeded(churn, vision, hostile, BEST, RIVAL, "long", "going", "odd")


def _churn_run(dice: random.Random, experiment: str, index: int, start: int) -> list[Record]:
    run = f"churn{index:03}"
    alpha, depth = dice.choice([0.01, 0.05, 0.1, 0.5, 1.0]), dice.randint(2, 9)
    accuracy = 0.74 + 0.02 * depth - 0.05 * abs(math.log10(alpha) + 1) + dice.uniform(-0.02, 0.02)
    accuracy = min(accuracy, 0.955)
    length = dice.randint(8_000, 400_000)
    status = "FAILED" if index % 17 == 3 else "KILLED" if index % 41 == 7 else "FINISHED"
    params = {"alpha": alpha, "depth": depth, "optimizer": dice.choice(["adam", "sgd"]), "model.layers": depth * 2}
    records: list[Record] = [
        RunRecord(
            run_id=run,
            experiment_id=experiment,
            name=f"{dice.choice(FIRST)}-{dice.choice(SECOND)}-{index}",
            user=dice.choice(["ada", "grace", "alan"]),
            start_time=start,
            tags={"mlflow.source.git.commit": COMMIT, "mlflow.source.name": "train.py", "team": "retention"},
        )
    ]
    records += [ParamRecord(run_id=run, key=key, value=str(value)) for key, value in params.items()]
    for step in range(10):
        progress = 1 - math.exp(-step / 3)
        values = {
            "accuracy": 0.5 + (accuracy - 0.5) * progress,
            "loss": 0.7 * (1 - progress) + 0.05 + dice.uniform(0, 0.02),
        }
        if step == 9:
            values |= {"val/accuracy": accuracy - dice.uniform(0, 0.03), "val/auc": min(0.99, accuracy + 0.03)}
        records += [
            MetricRecord(run_id=run, key=key, value=value, timestamp=start + step * length // 10, step=step)
            for key, value in values.items()
        ]
    return [*records, EndRecord(run_id=run, status=status, end_time=start + length)]


def _vision_run(dice: random.Random, experiment: str, index: int, start: int) -> list[Record]:
    run = f"vision{index:02}"
    return [
        RunRecord(run_id=run, experiment_id=experiment, name=f"resnet-{index}", user="grace", start_time=start),
        ParamRecord(run_id=run, key="backbone", value=dice.choice(["resnet18", "resnet50"])),
        MetricRecord(run_id=run, key="top1", value=dice.uniform(0.6, 0.8), timestamp=start, step=0),
        EndRecord(run_id=run, status="FINISHED", end_time=start + 3_600_000),
    ]


def _pair(experiment: str, now: int) -> list[Record]:
    """Two runs of a project that differ in two params, one package and the code."""
    records: list[Record] = []
    for run, name, alpha, depth, peak in (
        (BEST, "tuned-forest", 0.1, 6, 0.97),
        (RIVAL, "base-forest", 0.5, 4, 0.93),
    ):
        start = now - (300_000 if run == BEST else 600_000)
        tags = {
            "mlflow.source.type": "PROJECT",
            "mlflow.source.name": "https://git.example.org/churn.git",
            "mlflow.project.entryPoint": "main",
            "mlflow.source.git.commit": COMMIT,
            "mlflow.source.git.branch": "main",
            "mlflow.note.content": "Deeper trees, smaller steps.\nBest so far; check the calibration before it goes on.",
            "solvent.code": "dirty" if run == BEST else "versioned",
            "solvent.git.dirty": "true" if run == BEST else "false",
            "solvent.command": f"python src/train.py --alpha {alpha} --depth {depth}",
            "solvent.python": "3.11.7",
            "solvent.host": "trainer-2",
            "team": "retention",
        }
        records.append(
            RunRecord(run_id=run, experiment_id=experiment, name=name, user="ada", start_time=start, tags=tags)
        )
        for key, value in {"alpha": alpha, "depth": depth, "optimizer": "adam", "seed": 42}.items():
            records.append(ParamRecord(run_id=run, key=key, value=str(value)))
        for step in range(60):
            progress = 1 - math.exp(-step / (9 if run == BEST else 14))
            wave = 0.006 * math.sin(step * 1.7)
            at = start + step * 2_000
            for key, value in {
                "accuracy": 0.5 + (peak - 0.5) * progress + wave,
                "loss": 0.7 * (1 - progress) + 0.04 - wave,
            }.items():
                records.append(MetricRecord(run_id=run, key=key, value=value, timestamp=at, step=step))
        schema = {
            "mlflow_colspec": [
                {"type": "long", "name": "tenure", "required": True},
                {"type": "double", "name": "monthly_charge", "required": True},
                {"type": "string", "name": "contract", "required": False},
            ]
        }
        dataset = Dataset(
            name="customers",
            digest="9ae4f1c2" if run == BEST else "77b0d3e5",
            source_type="local",
            source=json.dumps({"uri": "data/customers.csv"}),
            schema=json.dumps(schema),
            profile=json.dumps({"num_rows": 7043, "num_elements": 21129, "solvent": CUSTOMERS}),
        )
        records.append(InputRecord(run_id=run, dataset=dataset, tags={"mlflow.data.context": "training"}))
        records.append(EndRecord(run_id=run, status="FINISHED", end_time=start + 124_000))
    return records


def _long_run(experiment: str, now: int) -> list[Record]:
    """One metric with many points and one peak, one that is not always finite, one below zero."""
    start = now - 7_200_000
    records: list[Record] = [
        RunRecord(run_id="long", experiment_id=experiment, name="long-history", user="grace", start_time=start)
    ]
    for step in range(LONG_POINTS):
        value = PEAK if step == PEAK_STEP else 2 / (1 + step / 400) + 0.05 * math.sin(step / 50)
        records.append(MetricRecord(run_id="long", key="loss", value=value, timestamp=start + step * 300, step=step))
    for step, value in enumerate([0.5, math.nan, 0.25, math.inf, 0.125]):
        at = start + step * 1000
        records.append(MetricRecord(run_id="long", key="broken", value=to_number(value), timestamp=at, step=step))
        records.append(MetricRecord(run_id="long", key="score", value=-step / 4, timestamp=at, step=step))
    return [*records, EndRecord(run_id="long", status="FINISHED", end_time=start + LONG_POINTS * 300)]


def _odd_run(experiment: str, now: int) -> list[Record]:
    """Names and texts that try to run as script, and texts of every direction and length."""
    records: list[Record] = [
        RunRecord(
            run_id="odd",
            experiment_id=experiment,
            name=PAYLOADS[1],
            user=PAYLOADS[2],
            start_time=now - 5_000,
            tags={"mlflow.note.content": PAYLOADS[0], "mlflow.source.name": PAYLOADS[3], "payload": PAYLOADS[2]},
        ),
        ParamRecord(run_id="odd", key="long", value="x" * 6_000),
        ParamRecord(run_id="odd", key="unicode", value=UNICODE),
        TagRecord(run_id="odd", key="link", value=PAYLOADS[3]),
        InputRecord(
            run_id="odd",
            dataset=Dataset(name=PAYLOADS[1], digest="d", source_type="local", source=PAYLOADS[3], schema=PAYLOADS[0]),
        ),
    ]
    records += [ParamRecord(run_id="odd", key=f"payload {index}", value=text) for index, text in enumerate(PAYLOADS)]
    records += [MetricRecord(run_id="odd", key="m", value=step, timestamp=now, step=step) for step in range(3)]
    return [*records, EndRecord(run_id="odd", status="FINISHED", end_time=now)]


def _send(backend: Backend, records: list[Record], size: int = 1_000) -> None:
    for offset in range(0, len(records), size):
        answer = backend.call(Ingest(spool="e2e", offset=offset, records=records[offset : offset + size]))
        assert not answer.rejected, answer.rejected[:3]


def _write_files(backend: Backend) -> None:
    files = {
        BEST: {
            "solvent/patch.diff": PATCH,
            "solvent/packages.txt": "numpy==2.3.5\nscikit-learn==1.7.2\nsolvent==0.1.0\n",
            "report.md": "# Report\n\n" + PAYLOADS[0],
            "page.html": PAYLOADS[1],
            "confusion.csv": 'actual,predicted,count\nstay,stay,812\n"go, away",stay,<script>window.__hacked=1</script>\n',
            "config/model.json": json.dumps({"depth": 6, "note": PAYLOADS[0]}),
            "plots/importance.svg": PICTURE,
            "model.bin": "\0\1\2",
        },
        RIVAL: {"solvent/packages.txt": "numpy==2.3.4\nscikit-learn==1.7.2\nsolvent==0.1.0\n"},
    }
    for run, contents in files.items():
        store = backend.artifacts(backend.call(GetRun(run_id=run)).run.info.artifact_uri)
        for path, text in contents.items():
            store.write(path, io.BytesIO(text.encode()))
