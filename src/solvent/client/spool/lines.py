"""The lines of a spool: JSON of the records in ``wire/ingest.py``, written without importing them.

Logging must not pay for the import of the wire's decoder; a test holds these lines against it.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii
from typing import Any

quoted = encode_basestring_ascii
Json = dict[str, Any]


def metric_prefix(run_id: str, key: str) -> bytes:
    """The part of a metric's line that is the same for all points of it."""
    return f'{{"op":"metric","run_id":{quoted(run_id)},"key":{quoted(key)},"value":'.encode()


def metric_line(prefix: bytes, value: float, timestamp: int, step: int) -> bytes:
    """One point. ``value`` is written with all its digits; what JSON has no number for, as a text."""
    if value - value == 0.0:  # finite
        return prefix + f'{value!r},"timestamp":{timestamp},"step":{step}}}\n'.encode()
    text = "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return prefix + f'"{text}","timestamp":{timestamp},"step":{step}}}\n'.encode()


def param_line(run_id: str, key: str, value: str) -> bytes:
    return _line({"op": "param", "run_id": run_id, "key": key, "value": value})


def tag_line(run_id: str, key: str, value: str | None) -> bytes:
    """``value`` None deletes the tag."""
    return _line({"op": "tag", "run_id": run_id, "key": key, "value": value})


def end_line(run_id: str, status: str, end_time: int) -> bytes:
    return _line({"op": "end", "run_id": run_id, "status": status, "end_time": end_time})


def input_line(run_id: str, dataset: dict[str, str], tags: dict[str, str]) -> bytes:
    return _line({"op": "input", "run_id": run_id, "dataset": dataset, "tags": tags})


def run_line(
    run_id: str,
    *,
    experiment: str | None,
    experiment_id: str | None,
    name: str | None,
    user: str,
    start_time: int,
    tags: dict[str, str],
) -> bytes:
    fields: Json = {"op": "run", "run_id": run_id, "experiment": experiment, "experiment_id": experiment_id}
    return _line(fields | {"name": name, "user": user, "start_time": start_time, "tags": tags})


def _line(fields: Json) -> bytes:
    """A JSON line of texts, numbers, None and objects of them. A lone surrogate travels as U+FFFD."""
    return f"{_value(fields)}\n".encode()


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_value(key)}:{_value(entry)}" for key, entry in value.items()) + "}"
    if value is None:
        return "null"
    if isinstance(value, str):
        return quoted(value.encode("utf-8", "replace").decode() if not value.isascii() else value)
    return repr(value)
