"""How many rows don't fulfil conditions, and which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from solvent.data.engine.conditions import Condition, Sql, Unique
from solvent.data.engine.duck.conditions import CannotCompile, cell_of, holds
from solvent.data.engine.duck.limited import limited
from solvent.data.engine.duck.literals import identifier as _quoted
from solvent.data.engine.duck.opened import DATA, NUMBERED, Cell, Opened, failed, reason
from solvent.data.engine.protocol import Failed

AT_ONCE = 200
"""Conditions in one pass."""
_FIRST = 6
"""Columns of a wide table that are shown beside those of the condition."""


def failing(opened: Opened, conditions: Sequence[Condition]) -> list[int | Failed]:
    """See ``Table.failing``: all conditions on rows in one pass, each of the others in one of its own."""
    answers: dict[int, int | Failed] = {}
    rows: list[_Asked] = []
    for place, condition in enumerate(conditions):
        try:
            if isinstance(condition, Unique):
                answers[place] = _number(opened, _repeated(condition, opened, "coalesce(sum(times), 0)"))
            elif isinstance(condition, Sql):
                answers[place] = _untrue(opened, condition)
            else:
                rows.append(_Asked(place, holds(condition, opened.cells), opened.cells[condition.column]))
        except CannotCompile as error:
            answers[place] = Failed(str(error))
    for begin in range(0, len(rows), AT_ONCE):
        answers |= _counted(opened, rows[begin : begin + AT_ONCE])
    return [answers[place] for place in range(len(conditions))]


class _Asked(NamedTuple):
    place: int
    sql: str
    cell: Cell


def _counted(opened: Opened, rows: Sequence[_Asked]) -> dict[int, int | Failed]:
    import duckdb

    counts = ", ".join(f"count(*) FILTER (WHERE NOT {each.sql})" for each in rows)
    try:
        found = opened.ask(f"SELECT {counts} FROM {opened.beside(each.cell for each in rows)}")[0]
    except duckdb.Error as error:
        if len(rows) == 1:
            return {rows[0].place: failed(error)}
        half = len(rows) // 2
        return _counted(opened, rows[:half]) | _counted(opened, rows[half:])
    return {each.place: int(count) for each, count in zip(rows, found, strict=True)}


def _number(opened: Opened, query: str) -> int | Failed:
    import duckdb

    try:
        return int(opened.ask(query)[0][0])
    except duckdb.Error as error:
        return failed(error)


def _repeated(condition: Unique, opened: Opened, wanted: str) -> str:
    cells = [cell_of(name, opened.cells) for name in condition.columns]
    keys = [cell.sql for cell in cells]
    if not keys:
        raise CannotCompile("expected the columns that must be unique together, got none")
    known = "true" if condition.nulls else " AND ".join(f"{key} IS NOT NULL" for key in keys)
    listed = ", ".join(keys)
    return (
        f"SELECT {wanted} FROM (SELECT {listed}, count(*) AS times FROM {opened.beside(cells)} WHERE {known} "
        f"GROUP BY {listed} HAVING count(*) > 1)"
    )


def _untrue(opened: Opened, condition: Sql) -> int | Failed:
    """How many rows an expression is not true of.

    It is a column beside the others: windows are allowed there, and totals of all rows are not.
    """
    import duckdb

    _told_apart(condition.expression, opened)
    truth = free("solvent truth", opened)
    inner = f"SELECT *, {_truth(condition)} AS {truth} FROM {DATA}"
    try:
        with limited(opened):
            columns = opened.ask(f"DESCRIBE {inner}")
            untrue, all_, rows = opened.ask(
                f"SELECT count(*) FILTER (WHERE NOT {truth}), count(*), (SELECT count(*) FROM {DATA}) FROM ({inner})"
            )[0]
    except duckdb.Error as error:
        return failed(error)
    if len(columns) != len(opened.cells) + 1 or all_ != rows or _SEVERAL.search(condition.expression):
        return Failed("expected one truth of each row; COLUMNS and unnest give several, or none")
    return int(untrue)


_SEVERAL = re.compile(r"\b(unnest|columns)\b\"?\s*\(", re.IGNORECASE)


def _told_apart(sql: str, opened: Opened) -> None:
    """SQL does not look at upper and lower case: of two such columns it takes the first, whichever is named.

    Raises:
        CannotCompile: it names one.
    """
    twice = [name for name, times in Counter(map(str.lower, opened.cells)).items() if times > 1]
    named = [name for name in twice if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sql.lower())]
    if named:
        same = " and ".join(f"'{name}'" for name in opened.cells if name.lower() == named[0])
        raise CannotCompile(f"SQL can't tell the columns {same} apart, which differ in upper and lower case alone")


def _truth(condition: Sql) -> str:
    return f"(({expression(condition.expression)}\n))::BOOLEAN"


def free(name: str, opened: Opened) -> str:
    """A name that no column has, for DuckDB does not look at upper and lower case."""
    names = {each.lower() for each in opened.cells}
    while name in names:
        name += "_"
    return _quoted(name)


def expression(sql: str) -> str:
    """The text, if it is one expression: nothing that ends it and begins something else.

    Raises:
        CannotCompile: it is not.
    """
    import duckdb

    try:
        duckdb.SQLExpression(sql)
    except duckdb.Error as error:
        raise CannotCompile(f"expected one SQL expression: {reason(error)}") from error
    return sql


def examples(opened: Opened, condition: Condition, most: int) -> list[tuple[int, dict[str, Any]]]:
    """See ``Table.examples``.

    Raises:
        CannotCompile: the condition can't be asked of this table.
    """
    cells = list(opened.cells.values())
    if opened.is_wide and not isinstance(condition, Sql):
        cells = list({cell.name: cell for cell in [*cells[:_FIRST], *_about(condition, opened)]}.values())
    listed = ", ".join(cell.sql for cell in cells)
    with limited(opened, [condition]):
        found = opened.ask(
            f"SELECT n, {listed} FROM ({numbers(condition, opened, cells)}) ORDER BY n LIMIT {int(most)}"
        )
    return [(int(row[0]), {cell.name: value for cell, value in zip(cells, row[1:], strict=True)}) for row in found]


def _about(condition: Condition, opened: Opened) -> list[Cell]:
    names = condition.columns if isinstance(condition, Unique) else (condition.column,)  # type: ignore[union-attr]
    return [cell_of(name, opened.cells) for name in names]


def numbers(condition: Condition, opened: Opened, cells: Sequence[Cell] = ()) -> str:
    """A query for the rows, numbered, that don't fulfil a condition; they have at least these cells.

    Raises:
        CannotCompile: the condition can't be asked of this table.
    """
    if isinstance(condition, Unique):
        repeated = _repeated(condition, opened, "*")
        keys = [cell.sql for cell in _about(condition, opened)]
        same = " AND ".join(f"rows.{key} IS NOT DISTINCT FROM keys.{key}" for key in keys)
        return f"SELECT rows.* FROM {opened.numbered([*_about(condition, opened), *cells])} AS rows SEMI JOIN ({repeated}) AS keys ON {same}"
    if isinstance(condition, Sql):
        _told_apart(condition.expression, opened)
        truth, row = free("solvent truth", opened), free("solvent row", opened)
        named = ", ".join(f"{cell.sql} AS {opened.sql_names[cell.name]}" for cell in opened.cells.values())
        inner = f"SELECT *, {_truth(condition)} AS {truth} FROM (SELECT n AS {row}, {named} FROM {NUMBERED})"
        listed = ", ".join(f"{opened.sql_names[cell.name]} AS {cell.sql}" for cell in opened.cells.values())
        return f"SELECT {row} AS n, {listed} FROM ({inner}) WHERE NOT {truth}"
    return f"SELECT * FROM {opened.numbered([*_about(condition, opened), *cells])} WHERE NOT {holds(condition, opened.cells)}"


def number(opened: Opened, query: str, column: str | None) -> float | Failed:
    """See ``Table.number``."""
    import duckdb

    names = {"table": DATA, "object": DATA} | (
        {} if column is None else dict.fromkeys(("column", "property"), _quoted(column))
    )
    asked = re.sub(r"\$?\{(\w+)\}", lambda found: names.get(found[1], found[0]), query)
    try:
        _told_apart(asked, opened)
        statements = opened.connection.extract_statements(asked)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return Failed("expected one SELECT")
        with limited(opened):
            rows = opened.connection.execute(asked).fetchmany(2)  # no more than what tells that there are too many
    except CannotCompile as error:
        return Failed(str(error))
    except duckdb.Error as error:
        return failed(error)
    if len(rows) != 1 or len(rows[0]) != 1:
        several = "several" if len(rows) > 1 else len(rows)
        return Failed(f"expected one number, got {several} rows of {len(rows[0]) if rows else 0} columns")
    try:
        return float(rows[0][0])
    except (TypeError, ValueError, OverflowError):
        return Failed(f"expected a number, got {rows[0][0]!r}"[:200])
