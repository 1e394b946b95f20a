"""SQL that somebody else wrote is ended when its time is over: an endless query is an answer, not a check that hangs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from solvent.data.engine.conditions import Condition, Sql
from solvent.data.engine.duck.conditions import CannotCompile

if TYPE_CHECKING:
    import duckdb

SECONDS = 600.0
"""What the SQL of a contract may take each time that it is asked."""
_AGAIN = 0.5


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection, conditions: Sequence[Condition] | None = None) -> Iterator[None]:
    """Limits what is asked inside; with ``conditions``, only if SQL is among them.

    Raises:
        CannotCompile: the time was over.
    """
    import duckdb

    if conditions is not None and not any(isinstance(one, Sql) for one in conditions):
        yield
        return
    over, ended = Event(), Event()
    watch = Thread(target=_watch, args=(connection, over, ended), daemon=True)
    watch.start()
    try:
        yield
    except duckdb.InterruptException as error:
        if not ended.is_set():
            raise
        raise CannotCompile(f"the SQL was ended after {SECONDS:g} seconds; write it so that it takes less") from error
    finally:
        over.set()
        watch.join()


def _watch(connection: duckdb.DuckDBPyConnection, over: Event, ended: Event) -> None:
    """Again and again, because a query that is still being planned does not hear it."""
    left = SECONDS
    while not over.wait(left):
        ended.set()
        connection.interrupt()
        left = _AGAIN
