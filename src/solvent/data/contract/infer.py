"""From a profile to the draft of a contract. Never an active one: what data happened to be is not yet what it must be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import msgspec

from solvent.data.contract.infer_bounds import Note, within_bounds
from solvent.data.contract.infer_range import widened
from solvent.data.contract.model import EVIDENCE, ROLE, LogicalType, Role
from solvent.data.engine.protocol import Kind, Scalars
from solvent.data.profile.model import ColumnProfile, Profile

ENOUGH_ROWS = 100
"""Fewer rows say too little for values, lengths and uniqueness."""
ROWS_PER_VALUE = 10
"""A column is one of few values if each is met so often on average."""
_NEAR_UNIQUE = 0.85
"""The estimate of a sketch, in parts of the rows, from which it is worth counting whether values are unique."""
_LONGEST_VALUE = 256
_TYPES: dict[Kind, LogicalType] = {
    "boolean": "boolean",
    "integer": "integer",
    "number": "number",
    "text": "string",
    "date": "date",
    "time": "time",
    "timestamp": "timestamp",
    "binary": "string",
    "list": "array",
    "struct": "object",
}
_EXACT = 2**53
_NO_VALUE = "no value was seen"
_NO_TYPES = ('"NULL"', "NULL")
"""What an engine calls a column that nobody gave a type."""
_CUT = re.compile(r"…[0-9a-f]{12}$")
"""How a text ends of which a profile keeps the beginning and a digest: data does not have it as a value."""
_ID = re.compile(r"(^|[_\W])(u?u?id|key|code)$|[a-z]I[Dd]$", re.IGNORECASE)


class Inferred(NamedTuple):
    document: dict[str, Any]
    notes: list[Note]


def candidates(profile: Profile) -> list[str]:
    """Columns whose values look unique, so that it is worth asking an engine whether they are."""
    return [column.name for column in profile.columns if _could_be_unique(column, profile)]


def infer(
    profile: Profile,
    name: str,
    *,
    id: str | None = None,
    roles: dict[str, Role] | None = None,
    unique: Collection[str] = (),
    table: str | None = None,
) -> Inferred:
    """The draft of a contract for data like this.

    Args:
        name: of the table.
        id: of the contract; by default made of the name.
        roles: of columns, where they are known.
        unique: those of ``candidates`` that an engine has found to be unique.
        table: what the data base calls the table, if it is one's.
    """
    notes = list(_general_notes(profile))
    columns = [_column(column, profile, (roles or {}).get(column.name), unique, notes) for column in profile.columns]
    seen = f"{profile.sampled:,} of {profile.rows:,} rows" if profile.sampled is not None else f"{profile.rows:,} rows"
    evidence = {"profile": digest_of_profile(profile), "rows": profile.rows, "seen": seen}
    physical = {"physicalName": table} if table not in (None, name) else {}
    document: dict[str, Any] = {
        "kind": "DataContract",
        "apiVersion": "v3.1.0",
        "id": id or slug(name),
        "name": name,
        "version": "1.0.0",
        "status": "draft",
        "customProperties": [{"property": EVIDENCE, "value": evidence}],
        "schema": [{"name": name, **physical, "logicalType": "object", "properties": columns}],
    }
    return Inferred(document, [*within_bounds(document), *notes])


def digest_of_profile(profile: Profile) -> str:
    return f"sha256:{hashlib.sha256(msgspec.json.encode(profile, order='deterministic')).hexdigest()}"


def slug(name: str) -> str:
    """
    >>> slug("Loan data (2026)"), slug("数据")
    ('loan-data-2026', '数据')
    """
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-") or "contract"


def _general_notes(profile: Profile) -> Iterator[Note]:
    if profile.rows < ENOUGH_ROWS:
        yield Note(None, f"{profile.rows} rows are few: lists of values, lengths and uniqueness were not inferred")
    if profile.sampled is not None:
        yield Note(None, f"only {profile.sampled:,} of {profile.rows:,} rows were looked at")
    yield Note(
        None, "not inferred: patterns, bounds of dates and times, rules between columns, the primary key, owners"
    )
    yield from (Note(None, text) for text in profile.notes)


def _column(
    column: ColumnProfile, profile: Profile, role: Role | None, unique: Collection[str], notes: list[Note]
) -> dict[str, Any]:
    """The column as the standard writes it; what can't be inferred goes to the notes."""
    part: dict[str, Any] = {"name": column.name}
    scalars = column.scalars
    if column.type not in _NO_TYPES and (scalars is None or _present(scalars) or not scalars.rows):
        _add_type(part, column, notes)
    if column.failed is not None or scalars is None:
        notes.append(
            Note(column.name, f"could not be looked at: {column.failed or 'no statistics'}: only its type is asked for")
        )
    elif not _present(scalars):
        notes.append(Note(column.name, _nothing_asked(part)))
    else:
        _add_rules(part, column, scalars, profile, unique, notes)
    words = [{"property": ROLE, "value": role}] if role else []
    if scalars is not None:
        words.append({"property": EVIDENCE, "value": _evidence(column, scalars)})
    return part | ({"customProperties": words} if words else {})


def _nothing_asked(part: dict[str, Any]) -> str:
    if "logicalType" in part or "physicalType" in part:
        return f"{_NO_VALUE}: only its type is asked for"
    return f"{_NO_VALUE}: neither a type nor anything else is asked for"


def _add_type(part: dict[str, Any], column: ColumnProfile, notes: list[Note]) -> None:
    logical = _TYPES.get(column.kind)
    if logical is not None:
        part["logicalType"] = logical
    if logical is None or column.kind == "binary":
        part["physicalType"] = column.type
        notes.append(
            Note(column.name, f"the standard has no type for {column.type}: only its physical type is asked for")
        )


def _present(scalars: Scalars) -> int:
    return scalars.rows - scalars.nulls - scalars.nans


def _add_rules(
    part: dict[str, Any],
    column: ColumnProfile,
    scalars: Scalars,
    profile: Profile,
    unique: Collection[str],
    notes: list[Note],
) -> None:
    is_whole = profile.sampled is None
    if not scalars.nulls and not scalars.nans:
        part["required"] = True
    is_unique = column.name in unique or (is_whole and column.distinct_exact and _could_be_unique(column, profile))
    if is_unique:
        part["unique"] = True
    elif _could_be_unique(column, profile):
        notes.append(Note(column.name, "looks unique, which was not counted: add 'unique: true' if it must be"))
    options = _options(column, scalars, is_unique, notes)
    if options:
        part["logicalTypeOptions"] = options
    rules: list[dict[str, Any]] = []
    if column.kind == "number" and not scalars.positive_infinite and not scalars.negative_infinite:
        if not options and not scalars.nans:
            rules.append({"type": "custom", "engine": "solvent", "implementation": {"rule": "finite"}})
    elif column.kind == "number":
        notes.append(Note(column.name, "holds infinities: no bounds were inferred"))
    values = _few_values(column, scalars, is_whole)
    if any(_CUT.search(value) for value in values):
        notes.append(Note(column.name, "has long values, which a profile keeps cut: valid values were not inferred"))
    elif values:
        few = {"type": "library", "metric": "invalidValues", "arguments": {"validValues": values}, "mustBe": 0}
        rules.append(few)
    if rules:
        part["quality"] = rules


def _options(column: ColumnProfile, scalars: Scalars, is_unique: bool, notes: list[Note]) -> dict[str, Any]:
    if scalars.least is None or scalars.most is None:
        return {}
    if column.kind in ("integer", "number"):
        if scalars.positive_infinite or scalars.negative_infinite:
            return {}
        if scalars.nans:
            notes.append(Note(column.name, "holds NaN, which lies in no range: no bounds were inferred"))
            return {}
        if column.kind == "integer" and max(-scalars.least, scalars.most) >= _EXACT:
            notes.append(Note(column.name, "numbers of more than 53 bits: no bounds were inferred"))
            return {}
        if scalars.least == scalars.most:
            notes.append(Note(column.name, f"always {scalars.first or scalars.least}: no bounds were inferred"))
            return {}
        if is_unique and column.kind == "integer":
            notes.append(Note(column.name, "unique whole numbers mostly grow: no upper bound was inferred"))
            return {"minimum": 0} if scalars.least >= 0 else {}
        low, high = widened(scalars.least, scalars.most, whole=column.kind == "integer")
        return {"minimum": low, "maximum": high}
    if column.kind == "text" and scalars.rows >= ENOUGH_ROWS and 0 < scalars.least == scalars.most <= _LONGEST_VALUE:
        return {"minLength": int(scalars.least), "maxLength": int(scalars.most)}
    return {}


def _few_values(column: ColumnProfile, scalars: Scalars, is_whole: bool) -> list[str]:
    """The values of a text that has few, in order; none if there may be more."""
    found = column.categories
    if column.kind != "text" or found is None or not found.complete or not is_whole or scalars.rows < ENOUGH_ROWS:
        return []
    values = [value for value, _ in found.top]
    if len(values) < 2 or len(values) * ROWS_PER_VALUE > _present(scalars):
        return []
    return sorted(values) if all(len(value) <= _LONGEST_VALUE for value in values) else []


def _could_be_unique(column: ColumnProfile, profile: Profile) -> bool:
    """All values differ, or by the estimate they may, and the column is of a kind or name that identifies."""
    if column.scalars is None or column.distinct is None or column.kind not in ("integer", "text"):
        return False
    present = _present(column.scalars)
    if present < ENOUGH_ROWS or present < column.scalars.rows or not _identifies(column, profile):
        return False
    return column.distinct == present if column.distinct_exact else column.distinct >= _NEAR_UNIQUE * present


def _identifies(column: ColumnProfile, profile: Profile) -> bool:
    return bool(_ID.search(column.name)) or profile.columns[0].name == column.name


def _evidence(column: ColumnProfile, scalars: Scalars) -> str:
    """What was seen, for whoever reads the draft."""
    told = [f"{scalars.nulls:,} of {scalars.rows:,} missing"]
    if not _present(scalars):
        told.insert(0, _NO_VALUE)
    if scalars.nans:
        told.append(f"{scalars.nans:,} NaN")
    if column.kind in ("integer", "number") and scalars.least is not None and scalars.most is not None:
        mean = f", mean {scalars.mean:.6g}" if scalars.mean is not None else ""
        told.append(f"{scalars.least:.10g} to {scalars.most:.10g}{mean}")
    elif column.kind in ("date", "time", "timestamp") and scalars.first is not None:
        told.append(f"{scalars.first} to {scalars.last}")
    elif scalars.least is not None and column.kind in ("text", "list"):
        told.append(f"lengths {scalars.least:.10g} to {scalars.most:.10g}")
    if column.distinct is not None:
        told.append(f"{'' if column.distinct_exact else 'about '}{column.distinct:,} distinct")
    return "; ".join(told)
