"""Runs as a pandas data frame, with MLflow's column names."""

from __future__ import annotations

from typing import Any

import pandas

from solvent.client.entities import Run


def frame_of(runs: list[Run]) -> pandas.DataFrame:
    """One row per run: its attributes, then ``metrics.*`` (NaN if missing), ``params.*`` and ``tags.*`` (None)."""
    infos = [run.info for run in runs]
    columns: dict[str, Any] = {
        name: [getattr(info, name) for info in infos] for name in ("run_id", "experiment_id", "status", "artifact_uri")
    }
    for name in ("start_time", "end_time"):
        times = [getattr(info, name) for info in infos]
        columns[name] = pandas.to_datetime(pandas.Series(times, dtype="Int64"), unit="ms", utc=True)
    for kind, missing in (("metrics", float("nan")), ("params", None), ("tags", None)):
        entries: list[dict[str, Any]] = [getattr(run.data, kind) for run in runs]
        for key in dict.fromkeys(key for entry in entries for key in entry):
            values = [entry.get(key, missing) for entry in entries]
            columns[f"{kind}.{key}"] = values if kind == "metrics" else pandas.Series(values, dtype=object)
    return pandas.DataFrame(columns)
