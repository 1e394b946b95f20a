"""Metrics that were logged for a logged model as well as for a run."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.store import keys, models
from solvent.store.runs import RunRef
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import any_model
from solvent.tracking.points import Checked
from solvent.tracking.validation import check_length
from solvent.wire.metrics import Metric
from solvent.wire.runs import LogMetric

MAX_DATASET_NAME = 500
MAX_DATASET_DIGEST = 36


def keep_model_metrics(tx: Transaction, run: RunRef, logged: Sequence[tuple[Metric | LogMetric, Checked]]) -> None:
    """Keep points with the models that their ``model_id`` names."""
    ids = keys.intern(tx, (point[0] for _, point in logged))
    rows = []
    for metric, point in logged:
        name = check_length("dataset_name", metric.dataset_name or "", MAX_DATASET_NAME)
        digest = check_length("dataset_digest", metric.dataset_digest or "", MAX_DATASET_DIGEST)
        model = any_model(tx, metric.model_id)
        rows.append((model.id, run.id, ids[point[0]], *point[1:], name, digest))
    models.add_metrics(tx, rows)
