"""Other tools' names of types: numpy's, pandas', Polars', Arrow's, Spark's, SQL's and Python's are much the same words."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from solvent.data.contract.model import LogicalType


class Type(NamedTuple):
    """A logical type of the standard, and its ``logicalTypeOptions``."""

    logical: LogicalType
    options: dict[str, Any]


_PLAIN: dict[str, LogicalType] = {
    "bool": "boolean",
    "boolean": "boolean",
    "booleantype": "boolean",
    "bool_": "boolean",
    "int": "integer",
    "integer": "integer",
    "bigint": "integer",
    "smallint": "integer",
    "tinyint": "integer",
    "number": "number",
    "numeric": "number",
    "decimal": "number",
    "float": "number",
    "real": "number",
    "str": "string",
    "str_": "string",
    "string": "string",
    "stringtype": "string",
    "utf8": "string",
    "large_string": "string",
    "text": "string",
    "varchar": "string",
    "char": "string",
    "uuid": "string",
    "date": "date",
    "date32": "date",
    "datetype": "date",
    "date32[day]": "date",
    "datetime": "timestamp",
    "datetime64": "timestamp",
    "timestamp": "timestamp",
    "timestamptype": "timestamp",
    "time": "time",
    "double": "number",
    "doubletype": "number",
    "floattype": "number",
}
_WIDTHS: dict[str, tuple[LogicalType, str]] = {
    "integertype": ("integer", "i32"),
    "longtype": ("integer", "i64"),
    "long": ("integer", "i64"),
    "shorttype": ("integer", "i16"),
    "bytetype": ("integer", "i8"),
}


def type_named(name: str) -> Type | None:
    """What a type's name means; None if that is not known, or if it says nothing of the values (``object``).

    >>> type_named("int64")
    Type(logical='integer', options={'format': 'i64'})
    >>> type_named("datetime64[ns, UTC]")
    Type(logical='timestamp', options={'timezone': True})
    """
    word = name.strip().lower().removeprefix("<class '").removesuffix("'>")
    if whole := re.fullmatch(r"(u?)int(8|16|32|64|128)(?:dtype)?(?:\[pyarrow\])?", word):
        return Type("integer", {"format": f"{whole[1] or 'i'}{whole[2]}"})
    if floating := re.fullmatch(r"float(16|32|64)(?:\[pyarrow\])?", word):
        return Type("number", {"format": f"f{floating[1]}"} if floating[1] != "16" else {})
    if word in _WIDTHS:
        logical, width = _WIDTHS[word]
        return Type(logical, {"format": width})
    if word in _PLAIN:
        return Type(_PLAIN[word], {})
    return _with_parameters(word)


def _with_parameters(word: str) -> Type | None:
    if re.fullmatch(r"(datetime64|datetime|timestamp)\s*[\[(].*[\])](\[pyarrow\])?", word):
        zone = re.search(r"\[\w+, *\S+\]|time_zone=(?!none)|tz=(?!none)", word)
        return Type("timestamp", {"timezone": True} if zone else {})
    if re.fullmatch(r"(decimal\w*|numeric)\s*[\[(].*[\])](\[pyarrow\])?", word):
        return Type("number", {})
    if re.fullmatch(r"(string|str|large_string)\[\w*\]|(var)?char(acter varying)?\(\d+\)|(string|utf8)\(\)", word):
        return Type("string", {})
    if re.fullmatch(r"(list|array)\b.*", word):
        return Type("array", {})
    return None
