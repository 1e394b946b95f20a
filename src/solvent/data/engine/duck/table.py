"""A table that DuckDB answers for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from solvent.data.engine.conditions import Condition
from solvent.data.engine.duck import categories, divide, failing, histograms, sample, scalars, sketch
from solvent.data.engine.duck.conditions import CannotCompile
from solvent.data.engine.duck.opened import CELLS, Opened, reason
from solvent.data.engine.duck.opening import opened
from solvent.data.engine.protocol import Categories, Column, Failed, Histogram, Scalars, Sketch
from solvent.data.errors import UnreadableData
from solvent.errors import InvalidInput


class DuckTable:
    """See ``engine.protocol.Table``."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    @property
    def columns(self) -> Sequence[Column]:
        return self._opened.columns

    @property
    def notes(self) -> Sequence[str]:
        return self._opened.notes

    @property
    def table(self) -> str | None:
        """What a database calls it; None of files, frames and queries."""
        return self._opened.table

    def rows(self) -> int:
        return self._rows

    @cached_property
    def _rows(self) -> int:
        import duckdb

        try:
            return int(self._opened.ask(f"SELECT count(*) FROM {CELLS}")[0][0])
        except duckdb.Error as error:
            raise UnreadableData(f"the rows can't be counted: {reason(error)}") from error

    def scalars(self, columns: Sequence[str]) -> dict[str, Scalars | Failed]:
        return scalars.scalars(self._opened, columns, self.rows())

    def histograms(self, edges: Mapping[str, Sequence[float]]) -> dict[str, Histogram | Failed]:
        return histograms.histograms(self._opened, edges)

    def categories(self, columns: Sequence[str], most: int) -> dict[str, Categories | Failed]:
        return categories.categories(self._opened, columns, most, self.rows())

    def distinct(self, columns: Sequence[str]) -> dict[str, Sketch | Failed]:
        return sketch.sketches(self._opened, columns, self.rows())

    def quantiles(self, columns: Sequence[str], shares: Sequence[float]) -> dict[str, Sequence[float] | Failed]:
        return sample.quantiles(self._opened, columns, shares, self.rows())

    def sample(self, rows: int, columns: Sequence[str] | None = None) -> Mapping[str, Sequence[Any]]:
        return sample.sample(self._opened, rows, columns, self.rows())

    def part(self, rows: int) -> DuckTable:
        """A table of the rows that ``sample`` would give, which is closed for itself and before this one."""
        return DuckTable(sample.part(self._opened, rows, self.rows()))

    def failing(self, conditions: Sequence[Condition]) -> list[int | Failed]:
        return failing.failing(self._opened, conditions)

    def examples(self, condition: Condition, most: int) -> list[tuple[int, dict[str, Any]]]:
        """Raises InvalidInput if the condition can't be asked of this table."""
        import duckdb

        try:
            return failing.examples(self._opened, condition, most)
        except CannotCompile as error:
            raise InvalidInput(str(error)) from error
        except duckdb.Error as error:
            raise InvalidInput(reason(error)) from error

    def number(self, query: str, column: str | None = None) -> float | Failed:
        return failing.number(self._opened, query, column)

    def divide(self, conditions: Sequence[Condition], bad: Path) -> int:
        """Raises InvalidInput if a condition can't be asked of this table."""
        return divide.divide(self._opened, conditions, bad)

    def close(self) -> None:
        self._opened.close()


class DuckEngine:
    """See ``engine.protocol.Engine``. ``memory`` is what each table may use before it writes to a private folder."""

    def __init__(self, memory: str | None = None, threads: int | None = None) -> None:
        self._memory, self._threads = memory, threads

    @property
    def name(self) -> str:
        import duckdb

        return f"duckdb {duckdb.__version__}"

    def open(self, source: object, *, table: str | None = None) -> DuckTable:
        return DuckTable(opened(source, table, self._memory, self._threads))
