"""Searches of 1,000,000 runs in one experiment: minutes to fill, so only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from bench.context import Context
from bench.rows.large import measured
from bench.side_by_side import Line


def rows(context: Context) -> Iterator[Line]:
    yield from measured(context, 1_000_000, first=150)
