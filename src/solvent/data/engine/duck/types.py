"""DuckDB's types: what kind each is, and how its values become numbers, texts and hashes."""

from __future__ import annotations

import re

from solvent.data.engine.protocol import Kind

_KINDS: dict[str, Kind] = {
    "BOOLEAN": "boolean",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BIGNUM"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "number"),
    **dict.fromkeys(("VARCHAR", "UUID", "JSON"), "text"),
    "DATE": "date",
    **dict.fromkeys(("TIME", "TIME_NS", "TIME WITH TIME ZONE"), "time"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "timestamp"),
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "BLOB": "binary",
}
RANGES = {
    "TINYINT": (-(2**7), 2**7 - 1),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "BIGINT": (-(2**63), 2**63 - 1),
    "HUGEINT": (-(2**127), 2**127 - 1),
    "UTINYINT": (0, 2**8 - 1),
    "USMALLINT": (0, 2**16 - 1),
    "UINTEGER": (0, 2**32 - 1),
    "UBIGINT": (0, 2**64 - 1),
    "UHUGEINT": (0, 2**128 - 1),
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_WIDE = frozenset({"HUGEINT", "UHUGEINT", "BIGNUM"})


def kind_of(type: str) -> Kind:
    """The kind of a type as DESCRIBE writes it."""
    if type.startswith("ENUM(") and type.endswith(")"):
        return "text"
    if type.endswith("]"):
        return "list"
    if type.startswith("STRUCT("):
        return "struct"
    if _DECIMAL.fullmatch(type):
        return "number"
    return _KINDS.get(type, "other")


def decimal_of(type: str) -> tuple[int, int] | None:
    """Digits in all and after the point, of a decimal."""
    found = _DECIMAL.fullmatch(type)
    return (int(found[1]), int(found[2])) if found else None


def is_floating(type: str) -> bool:
    return type in ("FLOAT", "DOUBLE")


def number(column: str, kind: Kind, type: str) -> str | None:
    """The expression that makes a finite number (DOUBLE, else null) of a value; None if there is none.

    Wide integers and decimals go through text, which alone rounds them right.
    """
    if is_floating(type):
        return f"CASE WHEN isfinite({column}) THEN {column}::DOUBLE END"
    if kind in ("integer", "number"):
        digits = decimal_of(type)
        wide = type in _WIDE or (digits is not None and digits[0] > 15)
        return f"{column}::VARCHAR::DOUBLE" if wide else f"{column}::DOUBLE"
    if kind == "boolean":
        return f"{column}::INTEGER::DOUBLE"
    if kind == "text":
        return f"length({_text(column, type)})::DOUBLE"
    if kind == "list":
        return f"len({column})::DOUBLE"
    if kind == "binary":
        return f"octet_length({column})::DOUBLE"
    if kind in ("date", "timestamp"):
        return f"CASE WHEN isfinite({column}) THEN epoch({column}) END"
    if type in ("TIME", "TIME_NS"):
        return f"epoch({column})"
    return None


def canonical(column: str, kind: Kind, type: str) -> str:
    """The value in the form that is hashed and grouped, equal for narrow and wide types of one kind."""
    if kind == "integer" and type not in (*_WIDE, "UBIGINT"):
        return f"{column}::BIGINT"
    if kind == "integer":
        return f"{column}::VARCHAR"
    if is_floating(type):
        return f"{column}::DOUBLE"
    return _text(column, type) if kind == "text" else column


def _text(column: str, type: str) -> str:
    return column if type == "VARCHAR" else f"{column}::VARCHAR"
