"""The table of these benchmarks, and the page ``docs/benchmarks-data.md``."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

import solvent
from bench.table import number

PEERS = {"pandera": "pandera", "pointblank": "pointblank", "great_expectations": "Great Expectations"}


@dataclass(frozen=True)
class Measured:
    """One line: less is better. ``limit`` is the most that ours may be, ``peers`` what others need for the same."""

    work: str
    unit: str
    ours: float
    limit: float | None = None
    peers: Mapping[str, float] = field(default_factory=dict)

    def cells(self) -> list[str]:
        limit = "" if self.limit is None else f"<= {self.limit:g} {self.unit}"
        reached = "" if self.limit is None else "yes" if self.ours <= self.limit else "**no**"
        others = [number(self.peers[name]) if name in self.peers else "" for name in PEERS]
        return [self.work, self.unit, number(self.ours), *others, limit, reached]


def table(rows: Sequence[Measured]) -> str:
    headers = ["work", "unit", "Solvent", *PEERS.values(), "goal", "reached"]
    lines = [headers, ["---", "---", "--:", *["--:" for _ in PEERS], "---", "---"], *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def page(rows: Sequence[Measured], rounds: int, versions: Mapping[str, str]) -> str:
    beside = ", ".join(f"{PEERS[name]} {found}" for name, found in versions.items())
    return f"""# Speed of the data commands

Written by `make bench-data WRITE=1` on {datetime.now(UTC):%d %B %Y}: Solvent {solvent.__version__} on DuckDB {version("duckdb")}
beside {beside} in one run, medians of {rounds} alternating rounds;
{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}; load average {os.getloadavg()[1]:.1f}.
Processor time is that of a whole process, its imports and the reading of the file too; memory is its peak.

{table(rows)}

**The files** are Parquet. 1,000,000 x 50 for profiles: 33 columns of floating numbers (8 with nulls), 7 of whole ones, 8 of
texts (one a key), one of truth, one of times. 100,000 x 1,000: 700 of floating numbers, 200 of whole ones, 100 of texts.

**The rules** are 39 ranges, 5 lists of values, 4 patterns, one "no null" and one "unique"; all rows keep them. Solvent checks
the types of all columns besides, and counts nulls. pandera and pointblank run on Polars, the fastest that they offer;
Great Expectations on pandas.

**The peers** are the three libraries whose rules are Solvent's contracts' too, so that the same work can be asked of all.
Profiles stand alone: ydata-profiling draws correlations and interactions, whylogs keeps approximate sketches of a stream,
and Evidently compares two data sets. None makes what a profile here holds, and a number beside theirs would compare
different work.
"""
