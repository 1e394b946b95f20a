"""From a condition to SQL that is false for the rows that don't fulfil it, and true or null for the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from solvent.data.engine.conditions import (
    Condition,
    Finite,
    InRange,
    Length,
    Matches,
    MultipleOf,
    NoneOf,
    NotNull,
    OneOf,
    Value,
)
from solvent.data.engine.duck.literals import double, text
from solvent.data.engine.duck.opened import Cell
from solvent.data.engine.duck.types import RANGES, decimal_of, is_floating
from solvent.data.engine.nearest import no_column

_EXACT = Context(prec=1_000)
"""The usual 28 digits are fewer than a decimal or a wide integer has."""


class CannotCompile(Exception):
    """The reason why a condition can't be asked of this table."""


def holds(condition: Condition, cells: Mapping[str, Cell]) -> str:
    """Conditions on one column; ``Unique`` and ``Sql`` are asked otherwise.

    Raises:
        CannotCompile: no such column, or its type is not one that can be asked so.
    """
    cell = cell_of(condition.column, cells)  # type: ignore[union-attr]
    match condition:
        case NotNull():
            return f"({cell.sql} IS NOT NULL{f' AND NOT isnan({cell.sql})' if is_floating(cell.type) else ''})"
        case Finite():
            return _finite(cell)
        case InRange():
            return _range(condition, cell)
        case OneOf():
            said = _values(cell, condition.values)
            # Without a value that the column could have, every row with a value fails.
            return f"({_comparable(cell)} IN ({', '.join(said)}))" if said else f"({cell.sql} IS NULL)"
        case NoneOf():
            said = _values(cell, condition.values)
            return f"({_comparable(cell)} NOT IN ({', '.join(said)}))" if said else "true"
        case Matches():
            _expect(cell, ("text",), "a pattern")
            return f"regexp_full_match({cell.sql}::VARCHAR, {text(condition.pattern)})"
        case Length():
            return _length(condition, cell)
        case MultipleOf():
            return _multiple(condition, cell)
    raise CannotCompile(f"the engine does not know the condition {type(condition).__name__}")


def cell_of(name: str, cells: Mapping[str, Cell]) -> Cell:
    if name not in cells:
        raise CannotCompile(no_column(name, cells).reason)
    return cells[name]


def _expect(cell: Cell, kinds: tuple[str, ...], what: str) -> None:
    if cell.kind not in kinds:
        raise CannotCompile(
            f"{what} is for columns of kind {' or '.join(kinds)}, and '{cell.name}' is {cell.kind} ({cell.type})"
        )


def _finite(cell: Cell) -> str:
    _expect(cell, ("integer", "number"), "a test for finite numbers")
    return f"isfinite({cell.sql})" if is_floating(cell.type) else "true"


def _range(condition: InRange, cell: Cell) -> str:
    parts = []
    if condition.low is not None:
        parts.append(_bound(cell, condition.low, ">" if condition.open_low else ">="))
    if condition.high is not None:
        parts.append(_bound(cell, condition.high, "<" if condition.open_high else "<="))
    if is_floating(cell.type):
        parts.append(f"NOT isnan({cell.sql})")
    return f"({' AND '.join(parts)})" if parts else "true"


def _bound(cell: Cell, value: Value, sign: str) -> str:
    """A comparison. Bounds of integers and decimals are moved to the next value that the type has: no rounding."""
    grid = _grid(cell.type)
    if grid is None or isinstance(value, bool | str):
        return f"{_comparable(cell)} {sign} {literal(cell, value)}"
    literal(cell, value)
    if math.isnan(value):
        return f"({cell.sql} IS NULL)"
    up = sign[0] == ">"
    always, never = "true", f"({cell.sql} IS NULL)"
    if math.isinf(value):
        inside = (value < 0) == up
        return always if inside else never
    scale, least, most = grid
    exact = _units(value, scale)
    moved = exact.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR, _EXACT)
    if moved != exact:
        sign = sign[0] + "="
    if moved < least:
        return always if up else never
    if moved > most:
        return never if up else always
    return f"{cell.sql} {sign} {_on_grid(cell.type, int(moved))}"


def _grid(type: str) -> tuple[int, int, int] | None:
    """Digits after the point, and the least and the largest value in units of the last one, of exact numbers."""
    if type in RANGES:
        return (0, *RANGES[type])
    digits = decimal_of(type)
    return (digits[1], -(10 ** digits[0]) + 1, 10 ** digits[0] - 1) if digits else None


def _units(value: float, scale: int) -> Decimal:
    return Decimal(repr(value)).scaleb(scale, _EXACT)


def _on_grid(type: str, units: int) -> str:
    digits = decimal_of(type)
    return f"'{Decimal(units).scaleb(-digits[1], _EXACT):f}'::{type}" if digits else f"'{units}'::{type}"


def _values(cell: Cell, values: tuple[Value, ...]) -> list[str]:
    """Those of the values that the column's type has."""
    grid = _grid(cell.type)
    said = []
    for value in values:
        sql = literal(cell, value)
        if grid is not None and not isinstance(value, str | bool):
            if not math.isfinite(value):
                continue
            units = _units(value, grid[0])
            if units != units.to_integral_value(context=_EXACT) or not grid[1] <= units <= grid[2]:
                continue
            sql = _on_grid(cell.type, int(units))
        said.append(sql)
    return said


def _comparable(cell: Cell) -> str:
    if cell.kind == "text" and cell.type != "VARCHAR":
        return f"{cell.sql}::VARCHAR"
    if cell.kind == "date":
        return f"{cell.sql}::TIMESTAMP"
    return cell.sql


def literal(cell: Cell, value: Value) -> str:
    """A value as the column's type.

    Raises:
        CannotCompile: the column holds something else.
    """
    if isinstance(value, bool):
        _expect(cell, ("boolean",), f"{str(value).lower()}")
        return str(value).lower()
    if isinstance(value, int | float):
        _expect(cell, ("integer", "number"), f"the number {value}")
        try:
            said = double(float(value))
        except OverflowError:
            raise CannotCompile(f"a number of {len(str(value))} digits can't be compared with '{cell.name}'") from None
        return f"{said}::FLOAT" if cell.type == "FLOAT" else said
    if (cell.kind == "timestamp" and cell.type != "TIMESTAMP WITH TIME ZONE") or cell.kind == "date":
        return _moment(value)
    if cell.kind in ("timestamp", "time"):
        return f"{text(value)}::{cell.type}"
    _expect(cell, ("text",), f"the text '{value[:40]}'")
    return text(value)


def _moment(value: str) -> str:
    """A timestamp without a zone; one with a zone is taken in UTC."""
    clock = value[10:]
    if "+" in clock or "-" in clock or clock.endswith(("Z", "z")):
        return f"({text(value)}::TIMESTAMPTZ AT TIME ZONE 'UTC')"
    return f"{text(value)}::TIMESTAMP"


def _length(condition: Length, cell: Cell) -> str:
    _expect(cell, ("text", "list", "binary"), "a length")
    measure = {"text": "length({}::VARCHAR)", "list": "len({})", "binary": "octet_length({})"}[cell.kind].format(
        cell.sql
    )
    most = "" if condition.most is None else f" AND {measure} <= {int(condition.most)}"
    return f"({measure} >= {int(condition.least)}{most})"


def _multiple(condition: MultipleOf, cell: Cell) -> str:
    """Exact for integers and decimals; a floating number counts if it is as near to a multiple as rounding allows."""
    _expect(cell, ("integer", "number"), "a step")
    step = condition.step
    if not (math.isfinite(step) and step > 0):
        raise CannotCompile(f"expected a step above 0, got {step}")
    grid = _grid(cell.type)
    if grid is not None:
        units = _units(step, grid[0])
        if units == units.to_integral_value(context=_EXACT) and 0 < units <= grid[2]:
            return f"{cell.sql} % {_on_grid(cell.type, int(units))} = 0"
    literal(cell, step)
    value = cell.value or cell.sql
    near = f"abs({value} - round({value} / {double(step)}) * {double(step)}) <= abs({value}) * 8.881784197001252e-16"
    return f"(isfinite({cell.sql}) AND {near})" if is_floating(cell.type) else f"({near})"
