"""One line for the person at the terminal. Never an exception: it also speaks while everything ends."""

from __future__ import annotations

import contextlib
import sys


def say(line: str) -> None:
    """Write ``solvent: line`` to standard error, if there is one."""
    with contextlib.suppress(Exception):
        sys.stderr.write(f"solvent: {line}\n")
        sys.stderr.flush()
