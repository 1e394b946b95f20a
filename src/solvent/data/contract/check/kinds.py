"""Which kinds of values a contract's types allow."""

from __future__ import annotations

import re

from solvent.data.contract.model import ColumnContract, LogicalType
from solvent.data.engine.protocol import Kind

LOGICAL: dict[LogicalType, frozenset[Kind]] = {
    "string": frozenset({"text"}),
    "date": frozenset({"date", "timestamp"}),  # frames have no dates of their own
    "timestamp": frozenset({"timestamp"}),
    "time": frozenset({"time"}),
    "number": frozenset({"number", "integer"}),
    "integer": frozenset({"integer"}),
    "object": frozenset({"struct"}),
    "array": frozenset({"list"}),
    "boolean": frozenset({"boolean"}),
    "map": frozenset({"struct", "other"}),
    "vector": frozenset({"list"}),
}

_PHYSICAL: tuple[tuple[str, frozenset[Kind]], ...] = (
    (r"bool(ean)?", frozenset({"boolean"})),
    (r"u?(tiny|small|medium|big|huge)int|u?int(eger|\d+)?|long|short|byte", frozenset({"integer"})),
    (r"(big)?(decimal|numeric)|number|float\d*|double( precision)?|real", frozenset({"number", "integer"})),
    (r"n?(var)?char2?|character( varying)?|text|string|large_string|utf8|str|clob|uuid|enum", frozenset({"text"})),
    (r"date(32|64)?", frozenset({"date", "timestamp"})),
    (r"timestamp(tz|_\w+)?( with(out)? time ?zone)?|datetime(2|64|tz)?", frozenset({"timestamp"})),
    (r"time(32|64|tz)?( with(out)? time ?zone)?", frozenset({"time"})),
    (r"blob|bytea|(var)?binary|bytes", frozenset({"binary"})),
    (r"struct|record|row|object", frozenset({"struct"})),
    (r"array|list|repeated", frozenset({"list"})),
    (r"map", frozenset({"struct", "other"})),
)


def allowed(column: ColumnContract) -> frozenset[Kind]:
    """The kinds that a column may have, by its logical type or its physical one; empty if neither says anything."""
    logical = LOGICAL[column.logical] if column.logical else frozenset[Kind]()
    return logical | physical_kinds(column.physical)


def physical_kinds(physical: str | None) -> frozenset[Kind]:
    """The kinds that a data base's or a library's word for a type stands for; empty if the word is not known.

    >>> sorted(physical_kinds("VARCHAR(10)")), sorted(physical_kinds("DECIMAL(10, 2)")), sorted(physical_kinds("money?"))
    (['text'], ['integer', 'number'], [])
    """
    if not physical:
        return frozenset()
    text = physical.lower().strip()
    if text.endswith("[]"):
        return frozenset({"list"})
    word = " ".join(re.split(r"[(\[<]", text)[0].split())
    return next((kinds for pattern, kinds in _PHYSICAL if re.fullmatch(pattern, word)), frozenset())


def wanted(column: ColumnContract) -> str:
    """The type that a contract asks for, in words."""
    if column.logical and column.physical and column.physical.lower() != column.logical:
        return f"{column.logical} ({column.physical})"
    return column.logical or column.physical or "any type"
