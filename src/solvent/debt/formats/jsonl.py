"""One JSON object per line; ``kind`` says what it is: a finding, suppressed, unreadable, a warning, a note, the summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from solvent.debt.engine.check import Report


def write(report: Report, out: TextIO) -> None:
    encode = msgspec.json.Encoder().encode
    out.writelines(encode(line).decode() + "\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        yield {"kind": "finding", **msgspec.structs.asdict(finding)}
    for finding in report.suppressed:
        yield {"kind": "suppressed", **msgspec.structs.asdict(finding)}
    for path, why in report.unreadable:
        yield {"kind": "unreadable", "path": path, "why": why}
    for warned in report.warned:
        yield {"kind": "warning", **msgspec.structs.asdict(warned)}
    for note in report.notes:
        yield {"kind": "note", "message": note}
    yield {"kind": "summary", **msgspec.structs.asdict(report.summary)}
