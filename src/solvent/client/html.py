"""Runs and experiments as they show themselves in a notebook. Everything that was logged is escaped."""

from __future__ import annotations

import time
from html import escape

from solvent.client.entities import Experiment, Run

MAX_ROWS = 100


def run_html(run: Run) -> str:
    """Name, state, params, latest metrics and the user's own tags."""
    info = run.info
    facts = {
        "Run ID": info.run_id,
        "Experiment": info.experiment_id or "",
        "Status": info.status,
        "Started": _time(info.start_time),
        "Ended": _time(info.end_time),
    }
    tags = {key: value for key, value in run.data.tags.items() if not key.startswith(("mlflow.", "solvent."))}
    metrics = {key: f"{value:.6g}" for key, value in run.data.metrics.items()}
    tables = [_table("Metrics", metrics), _table("Params", run.data.params), _table("Tags", tags)]
    return f"<div><strong>Run {escape(info.run_name)}</strong>{_table('', facts)}{''.join(tables)}</div>"


def experiment_html(experiment: Experiment) -> str:
    facts = {
        "Experiment ID": experiment.experiment_id,
        "State": experiment.lifecycle_stage,
        "Created": _time(experiment.creation_time),
        "Artifacts": experiment.artifact_location,
    }
    return (
        f"<div><strong>Experiment {escape(experiment.name)}</strong>{_table('', facts)}"
        f"{_table('Tags', experiment.tags)}</div>"
    )


def _table(caption: str, entries: dict[str, str]) -> str:
    if not entries:
        return ""
    rows = [
        f'<tr><th style="text-align:left">{escape(key)}</th><td style="text-align:left">{escape(value)}</td></tr>'
        for key, value in sorted(entries.items() if caption else [])[:MAX_ROWS] or list(entries.items())
    ]
    if caption and len(entries) > MAX_ROWS:
        rows.append(f'<tr><td colspan="2">and {len(entries) - MAX_ROWS} more</td></tr>')
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<tbody>{''.join(rows)}</tbody></table>"


def _time(milliseconds: int | None) -> str:
    if not milliseconds:
        return ""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(milliseconds / 1000))
