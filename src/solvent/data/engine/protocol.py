"""What an engine must be able to do: tell a table's columns, count in it, and give rows of it.

An engine never decides: it has no thresholds, and a column that it can't look at is answered by ``Failed`` with
the reason, so that one bad column neither stops the others nor passes in silence. Counts are exact and equal for every
engine on the same data; only ``Sketch`` and ``sample`` may differ between engines, and are the same for one engine on the
same data each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from solvent.data.engine.conditions import Condition

Kind = Literal["boolean", "integer", "number", "text", "date", "time", "timestamp", "binary", "list", "struct", "other"]
"""What a column's values are, whatever an engine calls it. Decimals are ``number``; durations are ``other``."""


class Column(msgspec.Struct, frozen=True):
    """``type`` is the engine's word for it, such as ``DECIMAL(10,2)`` or ``TIMESTAMP WITH TIME ZONE``."""

    name: str
    kind: Kind
    type: str


class Failed(msgspec.Struct, frozen=True):
    """A column, or a condition, that could not be looked at; ``reason`` is one line."""

    reason: str


class Scalars(msgspec.Struct, frozen=True):
    """One column's statistics in one pass.

    ``nulls`` counts missing values, NaN not among them; ``nans``, ``positive_infinite`` and ``negative_infinite`` are of
    floating columns. ``least``, ``most``, ``mean``, ``deviation`` (of the sample, n - 1), ``skewness`` (adjusted
    Fisher-Pearson, G1) and ``kurtosis`` (of the excess, adjusted, G2) are of the finite numbers alone; None where they are
    not defined (too few values; all values equal for the last two). Of texts and lists, they are of the lengths (in
    Unicode code points, in elements); of booleans, of 0 and 1; of dates and timestamps, of seconds since 1970 (UTC).
    ``first`` and ``last`` are the least and the largest value itself as text, for columns that have an order.
    """

    rows: int
    nulls: int
    nans: int = 0
    positive_infinite: int = 0
    negative_infinite: int = 0
    zeros: int = 0
    least: float | None = None
    most: float | None = None
    mean: float | None = None
    deviation: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    first: str | None = None
    last: str | None = None


class Histogram(NamedTuple):
    """Counts of finite numbers on ``edges`` e0 < e1 < ... < ek, as ``Scalars`` makes numbers of values.

    ``counts`` has k + 2 entries: below e0; [e0, e1), ..., [e(k-1), ek] with the last one closed; above ek.
    The sum of ``counts`` is the number of finite numbers.
    """

    edges: Sequence[float]
    counts: Sequence[int]


class Categories(NamedTuple):
    """The most frequent values as (text, count), most frequent first, then by code points.

    ``others`` is the number of rows whose value is none of these (nulls not among them), ``complete`` whether there is
    no other value. A text longer than 256 code points is cut there and ends in a digest of the whole.
    """

    top: Sequence[tuple[str, int]]
    others: int
    complete: bool


class Sketch(msgspec.Struct, frozen=True):
    """HyperLogLog registers (Flajolet et al. 2007) of the distinct values that are not null.

    ``hash`` names the hash function: only sketches with the same one can be merged. ``registers`` has 2**p characters,
    one each, base64's digit (RFC 4648) of the largest rank that was seen; ``hyperloglog`` reads them.
    """

    hash: str
    registers: str


class Table(Protocol):
    """A table that is open: a file, a folder of files, a frame, a query. Names of columns are unique and exact."""

    @property
    def columns(self) -> Sequence[Column]: ...

    @property
    def notes(self) -> Sequence[str]:
        """What was done to read it that its reader must know, such as a column of mixed values that was read as text."""
        ...

    def rows(self) -> int: ...

    def scalars(self, columns: Sequence[str]) -> dict[str, Scalars | Failed]: ...

    def histograms(self, edges: Mapping[str, Sequence[float]]) -> dict[str, Histogram | Failed]: ...

    def categories(self, columns: Sequence[str], most: int) -> dict[str, Categories | Failed]: ...

    def distinct(self, columns: Sequence[str]) -> dict[str, Sketch | Failed]: ...

    def quantiles(self, columns: Sequence[str], shares: Sequence[float]) -> dict[str, Sequence[float] | Failed]:
        """Quantiles of the finite numbers of a deterministic sample (``sample``), interpolated as numpy does by default."""
        ...

    def sample(self, rows: int, columns: Sequence[str] | None = None) -> Mapping[str, Sequence[Any]]:
        """At most so many rows, spread evenly over the table, the same each time; Python values, None for null."""
        ...

    def failing(self, conditions: Sequence[Condition]) -> list[int | Failed]:
        """How many rows don't fulfil each condition, in the order given and in as few passes as can be."""
        ...

    def examples(self, condition: Condition, most: int) -> list[tuple[int, dict[str, Any]]]:
        """The first rows that don't fulfil a condition: their number from 0, and their values by column; of a table of
        thousands of columns, by those of the condition and the first ones."""
        ...

    def number(self, query: str, column: str | None = None) -> float | Failed:
        """The one number that a SQL query gives. ``${table}`` (or ``${object}``) stands for the table, ``${column}``
        (or ``${property}``) for the column."""
        ...

    def divide(self, conditions: Sequence[Condition], bad: Path) -> int:
        """Write the rows that fail any of the conditions to a Parquet file, with their reasons; how many there are."""
        ...

    def close(self) -> None: ...


class Engine(Protocol):
    """Opens tables."""

    @property
    def name(self) -> str:
        """With its version."""
        ...

    def open(self, source: object, *, table: str | None = None) -> Table:
        """Open a path (Parquet, CSV, JSON lines, Arrow; a folder or pattern of them), a frame, or a database's table.

        Raises:
            UnreadableData: it is missing, damaged, empty of columns, or has two columns of one name.
        """
        ...
