"""``python -m bench.data [--quick] [GROUP ...]``"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench.table import Row, markdown

GROUPS = ["profiles", "rules"]
"""Modules of this package, each with ``rows(folder, rounds)``."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory of the data room.", prog="python -m bench.data")
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of: {', '.join(GROUPS)} (default: all)")
    arguments = parser.parse_args()
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="solvent-bench-data-") as folder:
        for group in arguments.groups or GROUPS:
            print(f"measuring {group}", file=sys.stderr, flush=True)
            found += import_module(f"bench.data.{group}").rows(Path(folder), 1 if arguments.quick else 3)
    print(markdown(found))


if __name__ == "__main__":
    main()
