"""From a metric on the wire to a point that can be kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import repeat
from typing import Any

from solvent.tracking.validation import LARGEST_INTEGER, check_key, invalid, is_key, missing, required
from solvent.wire.base import Number
from solvent.wire.metrics import Metric

Checked = tuple[str, int, int, float, int]
"""A metric whose every part is sound: key, step, timestamp, value, is_nan. NaN is value 0.0 with is_nan 1."""


def check_point(
    key: str | None, value: Number | None, timestamp: int | None, step: int | None, path: str = ""
) -> Checked:
    """The metric, checked; ``path`` is where it stood in the request, like ``metrics[3]``."""
    key = check_key(key, _at(path, "key" if key is None or key == "" else "name"))
    if value is None or value == "":
        raise missing(_at(path, "value"))
    number = _number(value, _at(path, "value"))
    timestamp = required(timestamp, _at(path, "timestamp"))
    if type(timestamp) is not int or not 0 <= timestamp <= LARGEST_INTEGER:
        reason = f"metric '{key}' (value={number}). Timestamp must be a nonnegative long (64-bit integer) "
        raise invalid(_at(path, "timestamp"), timestamp, reason)
    if step is None:
        step = 0
    if type(step) is not int or not -LARGEST_INTEGER - 1 <= step <= LARGEST_INTEGER:
        reason = f"metric '{key}' (value={number}). Step must be a valid long (64-bit integer)."
        raise invalid(_at(path, "step"), step, reason)
    if math.isnan(number):
        return key, step, timestamp, 0.0, 1
    return key, step, timestamp, number, 0


def check_points(given: Sequence[Metric]) -> list[Checked]:
    """The metrics of a batch, checked.

    Most batches are plain numbers of a few keys: such a batch is looked at by columns, and each key once.
    All others go the long way, which knows what to say.
    """
    plain = _plain_points(given) if len(given) > 1 else None
    return plain or [
        check_point(metric.key, metric.value, metric.timestamp, metric.step, f"metrics[{index}]")
        for index, metric in enumerate(given)
    ]


def _plain_points(given: Sequence[Metric]) -> list[Checked] | None:
    """The metrics if there is nothing to say about any of them; None if there may be."""
    values: list[Any] = [metric.value for metric in given]
    times: list[Any] = [metric.timestamp for metric in given]
    steps: list[Any] = [metric.step for metric in given]
    if {*map(type, values)} != {float} or {*map(type, times), *map(type, steps)} != {int}:
        return None
    if math.isnan(sum(values)) or min(times) < 0 or max(max(times), max(steps), -min(steps)) > LARGEST_INTEGER:
        return None  # a NaN among the values makes their sum NaN
    keys = [metric.key for metric in given]
    if not all(type(key) is str and is_key(key) for key in {*keys}):
        return None
    return list(zip(keys, steps, times, values, repeat(0)))


def _number(value: Number, path: str) -> float:
    """Any double, NaN and the infinities included; texts are those that JSON can't say as numbers, or digits."""
    if type(value) is float:
        return value
    problem = "Please specify value as a valid double (64-bit floating point)"
    if isinstance(value, bool) or (isinstance(value, str) and ("_" in value or value != value.strip())):
        raise invalid(path, value, problem)
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        raise invalid(path, value, problem) from None


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
