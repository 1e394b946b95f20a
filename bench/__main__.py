"""``python -m bench [--quick] [--write FILE] [GROUP ...]``"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import solvent
from bench.context import Context
from bench.table import Row, markdown

GROUPS = ["startup", "logging", "commands", "size"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and size beside MLflow's.", prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a page of the documentation")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of: {', '.join(GROUPS)} (default: all)")
    arguments = parser.parse_args()
    unknown = set(arguments.groups) - set(GROUPS)
    if unknown:
        parser.error(f"unknown group '{min(unknown)}': expected one of {', '.join(GROUPS)}")

    context = Context(arguments.quick, Path(tempfile.mkdtemp(prefix="solvent-bench-")))
    rows: list[Row] = []
    try:
        for group in arguments.groups or GROUPS:
            print(f"measuring {group}", file=sys.stderr, flush=True)
            rows += import_module(f"bench.rows.{group}").rows(context)
    finally:
        context.clean()
    print(markdown(rows))
    if arguments.write:
        arguments.write.write_text(page(rows, context))


def page(rows: list[Row], context: Context) -> str:
    """The page ``docs/benchmarks.md``."""
    machine = (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )
    how = "quick, fewer rounds" if context.quick else f"medians of {context.rounds} alternating rounds"
    return f"""# Speed and size

Written by `make bench WRITE=1` on {datetime.now(UTC):%d %B %Y}: Solvent {solvent.__version__} beside MLflow 3.17.2 in
one run, {how}; {machine}. The processors of such a machine are shared: trust ratios
and processor time, not wall time.

{markdown(rows)}
"""


if __name__ == "__main__":
    main()
