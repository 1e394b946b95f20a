"""The table of these benchmarks, and the page ``docs/benchmarks-data.md``."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

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

    def cells(self, peers: Sequence[str]) -> list[str]:
        limit = "" if self.limit is None else f"<= {self.limit:g} {self.unit}"
        reached = "" if self.limit is None else "yes" if self.ours <= self.limit else "**no**"
        others = [number(self.peers[name]) if name in self.peers else "" for name in peers]
        return [self.work, self.unit, number(self.ours), *others, limit, reached]


@dataclass(frozen=True)
class Machine:
    """What the numbers were measured on; ``load`` is the load average before, without that of the measurement."""

    name: str
    load: float

    @classmethod
    def here(cls) -> Machine:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
        return cls(
            f"{os.cpu_count()} processors{_model()}, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}, "
            f"Python {platform.python_version()}",
            os.getloadavg()[1],
        )


def _model() -> str:
    """What Linux calls the processors; clouds say less than the truth."""
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        return ""
    return f" ({found[1]})" if found else ""


def table(rows: Sequence[Measured]) -> str:
    """The columns of the peers only where there are any."""
    peers = [name for name in PEERS if any(name in row.peers for row in rows)]
    headers = ["work", "unit", "Solvent", *(PEERS[name] for name in peers), "goal", "reached"]
    ruler = ["---", "---", "--:", *["--:" for _ in peers], "---", "---"]
    lines = [headers, ruler, *(row.cells(peers) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def tables(rows: Sequence[Measured]) -> list[str]:
    """That of what stands alone, and that of what others were measured with."""
    alone, beside = [row for row in rows if not row.peers], [row for row in rows if row.peers]
    return [table(each) for each in (alone, beside) if each]


def page(rows: Sequence[Measured], rounds: int, versions: Mapping[str, str], machine: Machine) -> str:
    beside = ", ".join(f"{PEERS[name]} {found}" for name, found in versions.items())
    alone, with_peers = tables(rows)
    return f"""# Speed of the data commands

Written by `make bench-data WRITE=1` on {datetime.now(UTC):%d %B %Y}: Solvent {solvent.__version__} on DuckDB {version("duckdb")}.
Processor time is that of a whole process, its imports and the reading of the file too, added up over all processors:
the median of {rounds} rounds. Memory is the highest peak of all rounds.

The machine: {machine.name}. Its load average was {machine.load:.1f} before the measurement began. Processor time
suffers less from other work than the time on the clock, but it does: compare the numbers of one table, not those of two dates.

## Profiles

{alone}

## Rules, beside other tools

{beside}, in the same run; a round does each once, so that noise meets all alike.

{with_peers}

## What was measured

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
