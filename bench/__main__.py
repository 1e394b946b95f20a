"""``python -m bench [--quick] [--write FILE] [GROUP ...]``"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import solvent
from bench import side_by_side
from bench.context import Context
from bench.side_by_side import Line
from bench.table import Row, markdown

GROUPS = ["writes", "reads", "large", "startup", "logging", "models", "commands", "debt", "size"]
ON_DEMAND = ["million"]

SERVERS = """
Every server gets the same requests over connections that are kept alive, and runs with one worker on SQLite; MLflow's
background jobs are off, FastTrackML logs errors only, which favours both. Processor time is that of all processes of a
server, per request. **Durability is not equal**: Solvent's default, FULL, syncs each commit and survives a power cut,
as MLflow does; NORMAL does not sync, as FastTrackML does not, and survives the death of the process. So FULL is
compared with MLflow and NORMAL with FastTrackML; reads are the same in both modes and were measured in FULL. Peers'
databases of many runs were filled by SQL, with the rows that they write themselves; it is checked that all servers
answer with the same ids and values, and that the last point that was acknowledged is there. Cold and warm are said
apart where both were measured.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and size beside MLflow's.", prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a page of the documentation")
    parser.add_argument(
        "groups",
        nargs="*",
        metavar="GROUP",
        help=f"of: {', '.join(GROUPS)} (default: all these), {', '.join(ON_DEMAND)}",
    )
    arguments = parser.parse_args()
    unknown = set(arguments.groups) - {*GROUPS, *ON_DEMAND}
    if unknown:
        parser.error(f"unknown group '{min(unknown)}': expected one of {', '.join(GROUPS + ON_DEMAND)}")

    context = Context(arguments.quick, Path(tempfile.mkdtemp(prefix="solvent-bench-")))
    rows: list[Row | Line] = []
    try:
        for group in arguments.groups or GROUPS:
            print(f"measuring {group}", file=sys.stderr, flush=True)
            rows += import_module(f"bench.rows.{group}").rows(context)
    finally:
        context.clean()
    print(tables(rows, context))
    if arguments.write:
        arguments.write.write_text(page(rows, context))


def tables(rows: list[Row | Line], context: Context) -> str:
    """The table of servers and that of commands, each if it has rows."""
    lines = [row for row in rows if isinstance(row, Line)]
    others = [row for row in rows if isinstance(row, Row)]
    parts = []
    if lines:
        parts += ["## Servers", SERVERS, side_by_side.markdown(lines)]
        parts += [side_by_side.where_peers_win(lines), context.account()]
    if others:
        parts += ["## Commands and the SDK", markdown(others)]
    return "\n\n".join(part.strip() for part in parts)


def page(rows: list[Row | Line], context: Context) -> str:
    """The page ``docs/benchmarks.md``."""
    machine = (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )
    how = (
        "quick, fewer rounds"
        if context.quick
        else f"medians of {context.windows} or {context.rounds} alternating rounds"
    )
    return f"""# Speed and size

Written by `make bench WRITE=1` on {datetime.now(UTC):%d %B %Y}: Solvent {solvent.__version__} beside MLflow 3.17.2 and
FastTrackML 0.6.0 in one run, {how}; {machine}; load average {os.getloadavg()[1]:.1f}.
The processors of such a machine are shared: trust ratios and processor time, not wall time.

{tables(rows, context)}
"""


if __name__ == "__main__":
    main()
