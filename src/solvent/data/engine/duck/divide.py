"""Rows that fail conditions, written apart with their reasons."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from solvent.data.engine.conditions import Condition
from solvent.data.engine.duck.conditions import CannotCompile
from solvent.data.engine.duck.failing import free, numbers
from solvent.data.engine.duck.limited import limited
from solvent.data.engine.duck.literals import text
from solvent.data.engine.duck.opened import NUMBERED, Opened, reason
from solvent.errors import InvalidInput

REASONS = "solvent_reasons"
ROW = "solvent_row"


def divide(opened: Opened, conditions: Sequence[Condition], bad: Path) -> int:
    """See ``Table.divide``. Two columns are added: the number of the row, and a list of what it fails.

    The file is whole or not there: it is written aside, and moved.

    Raises:
        InvalidInput: a condition can't be asked of this table, or its values can't be kept in Parquet.
    """
    import duckdb

    if not conditions:
        return 0
    try:
        parts = [
            f"SELECT n, {place} AS place, {text(described(condition))} AS why FROM ({numbers(condition, opened)})"
            for place, condition in enumerate(conditions)
        ]
        with limited(opened, conditions):
            opened.ask(
                "CREATE OR REPLACE TEMP TABLE bad AS SELECT n, list(why ORDER BY place) AS why "
                f"FROM ({' UNION ALL '.join(parts)}) GROUP BY n"
            )
        named = ", ".join(f"rows.{cell.sql} AS {opened.sql_names[cell.name]}" for cell in opened.cells.values())
        aside = opened.folder / "bad.parquet"
        opened.ask(
            f"COPY (SELECT {named}, bad.n AS {free(ROW, opened)}, bad.why AS {free(REASONS, opened)} "
            f"FROM {NUMBERED} AS rows JOIN bad ON rows.n = bad.n ORDER BY bad.n) TO {text(str(aside))} (FORMAT parquet)"
        )
        count: Sequence[Any] = opened.ask("SELECT count(*) FROM bad")[0]
    except CannotCompile as error:
        raise InvalidInput(str(error)) from error
    except duckdb.Error as error:
        raise InvalidInput(f"the bad rows can't be written: {reason(error)}") from error
    beside = bad.with_name(f".{bad.name}.{os.getpid()}")
    shutil.move(aside, beside)
    beside.replace(bad)
    return int(count[0])


def described(condition: Condition) -> str:
    """A condition in a few words, such as ``InRange age low=0``."""
    fields = {name: getattr(condition, name) for name in condition.__struct_fields__}
    column = fields.pop("column", None)
    kept = [f"{name}={value}" for name, value in fields.items() if value not in (None, False)]
    return " ".join([type(condition).__name__, *([column] if column else []), *kept])[:200]
