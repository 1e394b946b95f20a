"""``python -m bench.data [--quick] [--write FILE] [GROUP ...]``"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench.data import rules
from bench.data.page import Machine, Measured, page, tables

GROUPS = ["profiles", "rules"]
"""Modules of this package, each with ``rows(folder, rounds)``."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory of the data room.", prog="python -m bench.data")
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page docs/benchmarks-data.md")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of: {', '.join(GROUPS)} (default: all)")
    arguments = parser.parse_args()
    if arguments.write and arguments.groups:
        parser.error("--write needs all groups: name none")
    found: list[Measured] = []
    machine = Machine.here()
    rounds = 1 if arguments.quick else 3
    with tempfile.TemporaryDirectory(prefix="solvent-bench-data-") as folder:
        for group in arguments.groups or GROUPS:
            print(f"measuring {group}", file=sys.stderr, flush=True)
            found += import_module(f"bench.data.{group}").rows(Path(folder), rounds)
    print("\n\n".join(tables(found)))
    if arguments.write:
        arguments.write.write_text(page(found, rounds, rules.versions(), machine))


if __name__ == "__main__":
    main()
