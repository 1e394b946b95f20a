"""The fluent functions that log: each returns once what it was given is kept on this machine."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

from solvent.client.checks import check_artifact_path, check_key, to_float, to_tag
from solvent.client.fluent.runs import current_run, open_log
from solvent.client.process.log import RunLog
from solvent.client.process.session import session
from solvent.errors import InvalidInput

CONTEXT = "mlflow.data.context"
TABLES = "mlflow.loggedArtifacts"


def log_metric(
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
) -> None:
    """One point of a metric of the active run.

    Args:
        value: a number, a NumPy scalar or a one-element tensor; NaN and infinities are kept as they are.
        step: a whole number, 0 if not given.
        synchronous: True waits until the backend has it.
        timestamp: milliseconds since 1970 (UTC), now if not given.
        run_id: another run than the active one.
    """
    stack = session.thread.stack
    log = stack[-1].log if run_id is None and stack else _log_of(run_id)
    log.metric(key, value, step, timestamp)
    if synchronous:
        flush()


def log_metrics(
    metrics: dict[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
) -> None:
    """Several metrics at one step; none of them if one is no number."""
    log = _log_of(run_id)
    values = {check_key(key, "metric"): to_float(key, value) for key, value in metrics.items()}
    for key, value in values.items():
        log.metric(key, value, step, timestamp)
    if synchronous:
        flush()


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """A param of the active run, as the text of ``value``; it can be given once."""
    current_run().log.param(key, value)
    if synchronous:
        flush()
    return value


def log_params(params: dict[str, Any], synchronous: bool | None = None, run_id: str | None = None) -> None:
    """Several params; none of them if one is refused."""
    log = _log_of(run_id)
    log.check_params(params)
    for key, value in params.items():
        log.param(key, value)
    if synchronous:
        flush()


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> None:
    """A tag of the active run, as the text of ``value``."""
    current_run().log.tag(key, value)
    if synchronous:
        flush()


def set_tags(tags: dict[str, Any], synchronous: bool | None = None) -> None:
    """Several tags; none of them if one is refused."""
    texts = {check_key(key, "tag"): to_tag(key, value) for key, value in tags.items()}
    log = current_run().log
    for key, value in texts.items():
        log.tag(key, value)
    if synchronous:
        flush()


def delete_tag(key: str) -> None:
    """Take a tag off the active run."""
    current_run().log.delete_tag(key)


def log_input(
    dataset: Any,
    context: str | None = None,
    tags: dict[str, str] | None = None,
    *,
    name: str | None = None,
    profile: bool | Literal["sample"] | None = None,
) -> None:
    """A data set that the active run reads, with its fingerprint and, if the extra [data] is there, its profile.

    Args:
        dataset: a file, a folder, a pandas or Polars data frame, an Arrow table, a NumPy array, an MLflow dataset or a
            ``Dataset``.
        context: what it is used for: training, validation, testing.
        name: its name, where the object has none.
        profile: True or "sample" (of 100,000 rows) insist on a profile of a table, False does without; else there is
            one if it can be made.
    """
    from solvent.client.datasets import dataset_fields, describe

    described = {key: str(value) for key, value in tags.items()} if tags else {}
    if context:
        described[CONTEXT] = context
    current_run().log.input(dataset_fields(describe(dataset, name, profile)), described)


def log_artifact(
    local_path: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """A file, or a folder with all that is in it, in the folder ``artifact_path`` of the run's artifacts."""
    file = Path(local_path)
    name = f"{artifact_path}/{file.name}" if artifact_path else file.name
    if file.is_dir():
        return log_artifacts(file, name, run_id)
    if not file.is_file():
        raise InvalidInput(f"the artifact '{file}' is not there: give a file or a folder that exists")
    _keep(_log_of(run_id), name, file)
    return None


def log_artifacts(
    local_dir: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """The files of a folder."""
    from solvent.client.files import files_below

    log = _log_of(run_id)
    for file, name in files_below(Path(local_dir), artifact_path):
        _keep(log, name, file)


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """A text as an artifact, in UTF-8."""
    _keep(_log_of(run_id), artifact_file, text.encode())


def log_dict(dictionary: Any, artifact_file: str, run_id: str | None = None) -> None:
    """As YAML if the name ends in .yaml or .yml, else as JSON."""
    from solvent.client.render import dict_bytes

    _keep(_log_of(run_id), artifact_file, dict_bytes(dictionary, artifact_file))


def log_figure(figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None) -> None:
    """A Matplotlib or Plotly figure, in the format that the name ends in."""
    from solvent.client.render import figure_bytes

    _keep(current_run().log, artifact_file, figure_bytes(figure, artifact_file, save_kwargs))


def log_image(image: Any, artifact_file: str) -> None:
    """A PIL image or an array of shape (height, width[, 1|3|4])."""
    from solvent.client.render import image_bytes

    _keep(current_run().log, artifact_file, image_bytes(image, artifact_file))


def log_table(data: Any, artifact_file: str, run_id: str | None = None) -> None:
    """A table as JSON; what this process logs again under the same name is added below.

    Args:
        data: a dictionary of columns, or a data frame.
        artifact_file: a name that ends in .json.
    """
    from solvent.client.render import table_bytes, table_columns

    name = check_artifact_path(artifact_file)
    if not name.endswith(".json"):
        raise InvalidInput(f"the name of a table must end in .json, not '{artifact_file}'")
    log = _log_of(run_id)
    added = table_columns(data)
    known = log.tables.get(name)
    if known is not None:
        before, after = (len(next(iter(table.values()), [])) for table in (known, added))
        for key in {**known, **added}:
            known[key] = known.get(key, [None] * before) + added.get(key, [None] * after)
    log.tables[name] = known if known is not None else added
    _keep(log, name, table_bytes(log.tables[name]))
    log.tag(TABLES, json.dumps([{"path": path, "type": "table"} for path in log.tables]))


def flush(timeout: float = 60.0) -> bool:
    """Wait until all that this process has logged is delivered; False if that takes longer than ``timeout`` seconds."""
    return session.flush(limit=timeout, patience=timeout, hang=timeout)


def _log_of(run_id: str | None) -> RunLog:
    """Where records of a run are written: an open one of this process, or any other by its id."""
    if run_id is None:
        return current_run().log
    run = session.open_runs.get(run_id)
    if run is not None:
        return run.log
    key = (session.address, run_id)
    log = session.logs.get(key)
    if log is None:
        log = session.logs[key] = open_log(run_id)
    return log


def _keep(log: RunLog, path: str, source: Path | bytes) -> None:
    from solvent.client.fluent.artifacts import keep

    keep(log, check_artifact_path(path), source)
