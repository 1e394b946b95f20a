"""Runs as rows: read page by page, written as CSV with one column per key."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from solvent.backend.protocol import Backend
from solvent.wire.runs import Run, SearchRuns

_PAGE = 1000


def all_runs(
    backend: Backend,
    experiment_ids: list[str],
    *,
    view: str = "ACTIVE_ONLY",
    filter_text: str | None = None,
    order_by: list[str] | None = None,
    limit: int | None = None,
) -> Iterator[Run]:
    """The runs of the experiments, newest first unless ordered otherwise; at most ``limit`` of them."""
    token: str | None = None
    left = limit
    while left is None or left > 0:
        answer = backend.call(
            SearchRuns(
                experiment_ids=experiment_ids,
                run_view_type=view,
                filter=filter_text,
                order_by=order_by,
                max_results=_PAGE if left is None else min(_PAGE, left),
                page_token=token,
            )
        )
        yield from answer.runs
        token = answer.next_page_token
        if not token:
            return
        left = None if left is None else left - len(answer.runs)


def write_csv(backend: Backend, experiment_id: str, path: Path | None) -> None:
    """All active runs of an experiment, with the columns of MLflow's CSV; to stdout without a path.

    A file appears whole or not at all.
    """
    runs = list(all_runs(backend, [experiment_id]))
    if path is None:
        _write(runs, sys.stdout)
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            _write(runs, file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write(runs: list[Run], file: TextIO) -> None:
    rows = [_row(run) for run in runs]
    keys = {key for row in rows for key in row} - set(_INFO)
    columns = [
        *_INFO,
        *(key for prefix in ("metrics.", "params.", "tags.") for key in sorted(keys) if key.startswith(prefix)),
    ]
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


_INFO = ("run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time")


def _row(run: Run) -> dict[str, object]:
    info = run.info
    row: dict[str, object] = {
        "run_id": info.run_id,
        "experiment_id": info.experiment_id,
        "status": info.status,
        "artifact_uri": info.artifact_uri,
        "start_time": _instant(info.start_time),
        "end_time": _instant(info.end_time),
    }
    row |= {f"metrics.{metric.key}": metric.value for metric in run.data.metrics}
    row |= {f"params.{param.key}": param.value for param in run.data.params}
    row |= {f"tags.{tag.key}": tag.value for tag in run.data.tags}
    return row


def _instant(milliseconds: int | None) -> str:
    """UTC with milliseconds, as pandas writes and reads it."""
    if milliseconds is None:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(sep=" ", timespec="milliseconds")
