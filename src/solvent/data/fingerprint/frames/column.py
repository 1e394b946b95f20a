"""One column in a form that no library has a say in, and the bytes of it that are hashed.

- Numbers and truth values: their little-endian bytes; where one is missing, zero, and a bit that says so. A NaN counts as
  missing, for pandas keeps what is missing so. -0.0 and 0.0 differ.
- Dates: days since 1970. Timestamps: microseconds since 1970 (UTC), whatever their unit, unless that would lose something.
- Text: the lengths in code points, then all of it as UTF-8.
- Anything else, value by value (``values.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from solvent.data.fingerprint.frames.values import encode

_LARGEST = 2**63 - 1
_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}


class Column(NamedTuple):
    """``kind`` is our word for the type, ``parts`` the bytes."""

    kind: str
    rows: int
    missing: bool
    parts: Sequence[Any]

    def digest(self) -> str:
        whole = hashlib.sha256(msgspec.json.encode([self.kind, self.rows, self.missing]))
        for part in self.parts:
            whole.update(part)
        return whole.hexdigest()


def numbers(values: Any, missing: Any = None, kind: str | None = None) -> Column:
    """From a NumPy array of numbers or truth values, and one of truth values that says which are missing."""
    import numpy

    kind = kind or values.dtype.name
    if values.dtype.kind == "f":
        nan = numpy.isnan(values)
        missing = nan if missing is None else nan | missing
    if values.dtype.kind == "b":
        values = values.view("uint8")
    some = missing is not None and bool(missing.any())
    if some:
        values = numpy.where(missing, values.dtype.type(0), values)
    plain = numpy.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    bits = [numpy.packbits(missing).data] if some else []
    return Column(kind, len(plain), some, [*bits, plain.view("uint8").data])


def timestamps(values: Any, missing: Any, unit: str, zone: str | None) -> Column:
    """From 64-bit integers since 1970 in ``unit`` (s, ms, us, ns)."""
    import numpy

    if missing is not None and missing.any():
        values = numpy.where(missing, numpy.int64(0), values)
    kind = f"timestamp {zone}" if zone else "timestamp"
    if unit == "ns":
        whole, rest = numpy.divmod(values, 1_000)
        exact = not rest.any()
    else:
        factor = _MICROSECONDS[unit]
        limit = _LARGEST // factor
        exact = not len(values) or (values.min() >= -limit and values.max() <= limit)
        whole = values * factor if exact else values
    return numbers(whole, missing, kind) if exact else numbers(values, missing, f"{kind} in {unit}")


def texts(values: Sequence[str | None], kind: str = "text") -> Column:
    import numpy

    missing = numpy.fromiter((value is None for value in values), bool, len(values))
    some = bool(missing.any())
    present = [value or "" for value in values] if some else values
    lengths = numpy.fromiter(map(len, present), "<u4", len(values))  # type: ignore[arg-type]
    joined = "".join(present).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
    bits = [numpy.packbits(missing).data] if some else []
    return Column(kind, len(values), some, [*bits, lengths.data, joined])


def objects(values: Iterable[Any], name: str, kind: str = "values") -> Column:
    """From Python values: texts if all of them are, else each by itself. ``name`` is the column's, for errors."""
    from solvent.data.fingerprint.frames.values import is_missing

    plain = [None if is_missing(value) else value for value in values]
    if all(value is None or type(value) is str for value in plain) and not all(value is None for value in plain):
        return texts(plain, "text" if kind == "values" else kind)
    return Column(kind, len(plain), any(value is None for value in plain), [encode(plain, name)])
