"""Runs side by side, differences first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from solvent.cli.output import duration, local_time
from solvent.wire.runs import Run

_SHOWN_TAGS = {
    "mlflow.source.git.commit": "commit",
    "solvent.code": "code",
    "mlflow.project.entryPoint": "entry point",
    "mlflow.user": "user",
    "solvent.python": "python",
    "solvent.host": "host",
}
"""The tags that tell where a difference may come from; own tags, without a dot, are shown by their keys."""


class Row(NamedTuple):
    """One thing in all runs; a value that a run does not have is None."""

    kind: str
    key: str
    values: list[str | None]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1 or len(self.values) == 1 or self.kind in ("", "metric")

    @property
    def notable(self) -> bool:
        """Whether it is shown unasked: the machine's own measurements differ always and rarely matter."""
        return self.differs and self.kind != "system"


def compare_runs(runs: Sequence[Run]) -> list[Row]:
    """The rows of a comparison: who and when, params, metrics, tags and the machine's metrics
    that differ; then what is equal."""
    if not runs:
        return []
    head = [
        Row("", "run id", [run.info.run_id for run in runs]),
        Row("", "started", [local_time(run.info.start_time) for run in runs]),
        Row("", "duration", [duration(run.info.start_time, run.info.end_time) for run in runs]),
        Row("", "status", [run.info.status for run in runs]),
    ]
    params = _rows("param", [{param.key: param.value for param in run.data.params} for run in runs])
    points = [{metric.key: _number(metric.value) for metric in run.data.metrics} for run in runs]
    metrics = _rows("metric", [_only(column, system=False) for column in points])
    system = _rows("system", [_only(column, system=True) for column in points])
    tags = _rows("tag", [_tags(run) for run in runs])
    rows = [*params, *metrics, *tags, *system]
    return [*head, *(row for row in rows if row.differs), *(row for row in rows if not row.differs)]


def _rows(kind: str, columns: Sequence[dict[str, str]]) -> list[Row]:
    keys = sorted({key for column in columns for key in column})
    return [Row(kind, key, [column.get(key) for column in columns]) for key in keys]


def _only(column: dict[str, str], *, system: bool) -> dict[str, str]:
    """The metrics that the machine was sampled for, or the others."""
    return {key: value for key, value in column.items() if key.startswith("system/") == system}


def _tags(run: Run) -> dict[str, str]:
    tags = {_SHOWN_TAGS.get(tag.key, tag.key): tag.value for tag in run.data.tags}
    return {key: value for key, value in tags.items() if "." not in key}


def _number(value: float | str | None) -> str:
    return f"{value:.6g}" if isinstance(value, float | int) else str(value)
