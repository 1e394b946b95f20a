"""Which process a run and a spool belong to: the run names it in a tag, the spool in its header."""

from __future__ import annotations

import os

PROCESS = "solvent.process"
"""The tag of a run that names the process which logs to it, the last one that opened or joined it."""

_names: dict[int, str] = {}


def process_name() -> str:
    """``host:pid:random`` of this process; a forked child has a name of its own."""
    pid = os.getpid()
    if pid not in _names:
        _names[pid] = f"{os.uname().nodename}:{pid}:{os.urandom(4).hex()}"
    return _names[pid]
