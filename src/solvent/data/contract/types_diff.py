"""Whether a column's new type holds more or less than its old one."""

from __future__ import annotations

import re

from solvent.data.contract.changes import Level
from solvent.data.contract.model import LogicalType

_WIDER: set[tuple[LogicalType, LogicalType]] = {("integer", "number"), ("date", "timestamp")}
_SIZES = (
    ("tinyint", "smallint", "int", "bigint", "hugeint"),
    ("int8", "int16", "int32", "int64", "int128"),
    ("uint8", "uint16", "uint32", "uint64", "uint128"),
    ("float", "double"),
    ("float16", "float32", "float64"),
)
_SAME = {"integer": "int", "real": "float", "numeric": "decimal", "double precision": "double"}


def logical_level(old: LogicalType | None, new: LogicalType | None) -> Level:
    """Of two types that differ."""
    if old is None:
        return "NARROWING"
    if new is None or (old, new) in _WIDER:
        return "WIDENING"
    return "NARROWING" if (new, old) in _WIDER else "BREAKING"


def physical_level(old: str | None, new: str | None) -> Level:
    """Of two types that differ.

    >>> physical_level("varchar(10)", "varchar(20)"), physical_level("BIGINT", "INTEGER"), physical_level("int", "text")
    ('WIDENING', 'NARROWING', 'BREAKING')
    """
    if old is None:
        return "NARROWING"
    if new is None:
        return "WIDENING"
    (before, sizes), (after, new_sizes) = _parts(old), _parts(new)
    if before != after:
        for chain in _SIZES:
            if before in chain and after in chain:
                return "WIDENING" if chain.index(after) > chain.index(before) else "NARROWING"
        return "BREAKING"
    if sizes == new_sizes:
        return "COSMETIC"
    if len(sizes) == len(new_sizes) == 1 or not sizes or not new_sizes:
        grown = not new_sizes or (bool(sizes) and new_sizes[0] > sizes[0])
        return "WIDENING" if grown else "NARROWING"
    return "BREAKING"


def _parts(text: str) -> tuple[str, tuple[int, ...]]:
    word = " ".join(re.sub(r"\(.*", "", text.lower()).split())
    return _SAME.get(word, word), tuple(int(size) for size in re.findall(r"\d{1,9}", text.partition("(")[2]))
