"""Errors of the SDK.

Unavailable
|- SpoolFull        the disk that holds the spool has no room
|- SpoolReadOnly    the spool's folder can't be written
`- RunNotThere      another spool opens the run, and was not delivered yet
"""

from __future__ import annotations

import errno

from solvent.errors import Unavailable


class SpoolFull(Unavailable):
    pass


class SpoolReadOnly(Unavailable):
    pass


class RunNotThere(Unavailable):
    pass


def spool_error(error: OSError, place: str) -> Unavailable:
    """The one clear line for what the system reported about the spool at ``place``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SpoolFull(
            f"no room left on the disk that holds {place}: this record was not kept; free some space, "
            "or set SOLVENT_HOME to a folder on another disk"
        )
    in_the_way = error.errno in (errno.EEXIST, errno.ENOTDIR)
    reason = "a file is where a folder is expected" if in_the_way else error.strerror
    return SpoolReadOnly(f"{place} can't be written ({reason}): set SOLVENT_HOME to a folder that can be written")
