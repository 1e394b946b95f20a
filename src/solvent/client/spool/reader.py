"""The reading end of a spool: whole lines from a position, and the header."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from solvent.client.spool.spool import FORMAT, OWN_HOME
from solvent.errors import SolventError

MAX_BATCH_BYTES = 512 * 1024
MAX_BATCH_LINES = 4_000
MAX_LINE_BYTES = 64 * 1024 * 1024
_MAX_HEADER = 16_384


class Header(NamedTuple):
    """``uri`` is where the records are meant to go; the records start at byte ``end``.

    ``process`` wrote them ('' if the spool does not say), and had ``runs`` open at the beginning.
    """

    uri: str
    end: int
    process: str = ""
    runs: tuple[str, ...] = ()


class Lines(NamedTuple):
    """Whole lines without their ends, and the byte where the next one starts."""

    lines: list[bytes]
    end: int


def read_header(file: int, path: Path) -> Header | None:
    """The header of an open spool; None if its process died before it was written.

    Raises:
        SolventError: it is damaged or of another version.
    """
    start = os.pread(file, _MAX_HEADER, 0)
    line, newline, _ = start.partition(b"\n")
    if not newline and len(start) < _MAX_HEADER:
        return None
    try:
        fields = json.loads(line)
        version, uri = int(fields["solvent_spool"]), str(fields["uri"])
        process, runs = str(fields.get("process", "")), tuple(str(run) for run in fields.get("runs", ()))
    except (ValueError, KeyError, TypeError) as error:
        raise SolventError(f"{path} has no readable header: it is kept as it is and not sent") from error
    if version != FORMAT:
        raise SolventError(
            f"{path} was written by another version of Solvent (format {version}): send it with that one"
        )
    return Header(str(path.absolute().parent.parent) if uri == OWN_HOME else uri, len(line) + 1, process, runs)


def read_lines(file: int, start: int) -> Lines:
    """The next whole lines, as many as make a batch. A line that is not complete yet is left where it is."""
    size = MAX_BATCH_BYTES
    while True:
        content = os.pread(file, size, start)
        whole = content.rfind(b"\n") + 1
        if whole or len(content) < size or size > MAX_LINE_BYTES:
            break
        size *= 4  # one line that is longer than a batch
    lines = content[:whole].split(b"\n")[:-1]
    if len(lines) > MAX_BATCH_LINES:
        lines = lines[:MAX_BATCH_LINES]
        whole = sum(len(line) + 1 for line in lines)
    return Lines(lines, start + whole)


class Acknowledged(NamedTuple):
    """How far a spool was delivered: so many records, which end at byte ``end``."""

    records: int
    end: int


def read_acknowledged(path: Path, spool: int, header: Header) -> Acknowledged:
    """What the file beside the spool says; from the beginning if it says nothing that fits.

    Sending again is harmless: the store knows what it has.
    """
    try:
        records, end = (int(field) for field in path.read_text("ascii").split())
    except (OSError, ValueError):
        return Acknowledged(0, header.end)
    at_a_line = end >= header.end and records >= 0 and os.pread(spool, 1, end - 1) == b"\n"
    return Acknowledged(records, end) if at_a_line else Acknowledged(0, header.end)
