"""From a metric on the wire to a point that can be kept."""

from __future__ import annotations

import math
from collections.abc import Sequence

from solvent.tracking.validation import LARGEST_INTEGER, check_key, invalid, missing, required
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

    Most points of a large batch are plain numbers of a few keys: a key is looked at once, and such a
    point passes in one condition. All others go the long way, which knows what to say.
    """
    sound: set[str | None] = set()
    checked: list[Checked] = []
    for index, metric in enumerate(given):
        key, value, timestamp, step = metric.key, metric.value, metric.timestamp, metric.step
        if (
            key is not None
            and key in sound
            and type(value) is float
            and value == value
            and type(timestamp) is int
            and 0 <= timestamp <= LARGEST_INTEGER
            and type(step) is int
            and -LARGEST_INTEGER <= step <= LARGEST_INTEGER
        ):
            checked.append((key, step, timestamp, value, 0))
        else:
            checked.append(check_point(key, value, timestamp, step, f"metrics[{index}]"))
            sound.add(key)
    return checked


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
