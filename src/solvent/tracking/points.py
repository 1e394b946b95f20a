"""From a metric on the wire to a point that can be kept."""

from __future__ import annotations

import math
from typing import NamedTuple

from solvent.tracking.validation import LARGEST_INTEGER, check_key, invalid, missing, required
from solvent.wire.base import Number


class Checked(NamedTuple):
    """A metric whose every part is sound. NaN is ``value`` 0.0 with ``is_nan`` 1, as the store keeps it."""

    key: str
    step: int
    timestamp: int
    value: float
    is_nan: int


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
        return Checked(key, step, timestamp, 0.0, 1)
    return Checked(key, step, timestamp, number, 0)


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
