"""SQL that somebody else wrote is ended when its time is over: an endless query is an answer, not a check that hangs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from solvent.data.engine.conditions import Condition, Sql
from solvent.data.engine.duck.conditions import CannotCompile

if TYPE_CHECKING:
    import duckdb

    from solvent.data.engine.duck.opened import Opened

SECONDS = 600.0
"""What the SQL of a contract may take each time that it is asked."""
ALL = 3_600.0
"""What all of it may take of one table: there may be thousands of rules."""
_AGAIN = 0.5


@contextmanager
def limited(opened: Opened, conditions: Sequence[Condition] | None = None) -> Iterator[None]:
    """Limits what is asked inside; with ``conditions``, only if SQL is among them.

    Raises:
        CannotCompile: the time was over, or is used up.
    """
    import duckdb

    if conditions is not None and not any(isinstance(one, Sql) for one in conditions):
        yield
        return
    seconds = min(SECONDS, ALL - opened.sql_seconds)
    if seconds <= 0:
        raise CannotCompile(f"not asked: the SQL before it has used up the {ALL:g} seconds for all SQL of a table")
    over, ended, began = Event(), Event(), monotonic()
    watch = Thread(target=_watch, args=(opened.connection, seconds, over, ended), daemon=True)
    watch.start()
    try:
        yield
    except duckdb.InterruptException as error:
        if not ended.is_set():
            raise
        raise CannotCompile(f"the SQL was ended after {seconds:g} seconds; write it so that it takes less") from error
    finally:
        over.set()
        watch.join()
        opened.sql_seconds += monotonic() - began


def _watch(connection: duckdb.DuckDBPyConnection, seconds: float, over: Event, ended: Event) -> None:
    """Again and again, because a query that is still being planned does not hear it."""
    left = seconds
    while not over.wait(left):
        ended.set()
        connection.interrupt()
        left = _AGAIN
