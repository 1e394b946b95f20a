"""A table for a comment on a pull request or a job's summary, the worst first, within what a comment may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from solvent.debt.formats.parts.order import worst_first
from solvent.debt.formats.parts.text import count, hours, place_of, visible
from solvent.debt.formats.parts.totals import problems, total

MAX_BYTES = 65_536
"""The size of a comment on GitHub; a job's summary may have 1 MiB."""
_RESERVE = 1_000
"""For the lines that say what was left out."""
_HEAD = "| severity | rule | where | finding | to mend |\n|---|---|---|---|---|\n"
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&])")


def write(report: Report, out: TextIO) -> None:
    head = f"## Technical debt: rating {report.summary.rating}\n\n{escape(total(report))}\n"
    room = MAX_BYTES - _RESERVE - _size(head) - _size(_HEAD)
    told = [f"- {escape(line)}\n" for line, _ in problems(report)]
    kept_told = list(_fitting(told, room // 4))
    room -= sum(map(_size, kept_told))
    rows = [_row(finding) for finding in worst_first(report.findings)]
    kept = list(_fitting(rows, room))
    out.write(head)
    if kept:
        out.write(f"\n{_HEAD}" + "".join(kept))
    if left := len(rows) - len(kept):
        out.write(f"\n**{count(left, 'more finding')} did not fit here** (the worst are shown).\n")
    if told:
        out.write("\n### Look at these too\n\n" + "".join(kept_told))
    if left := len(told) - len(kept_told):
        out.write(f"- **{count(left, 'more line')} did not fit here**\n")


def escape(text: str) -> str:
    r"""Text that stays text in Markdown: no markup, no HTML, no links, and nobody is mentioned.

    >>> escape("<b> @all a|b http://x.org")
    '\\<b\\> @&#8203;all a\\|b http\\://x.org'
    """
    text = _SPECIAL.sub(r"\\\1", visible(text))
    text = text.replace("://", "\\://").replace("www.", "www\\.")
    return text.replace("@", "@&#8203;")


def code(text: str) -> str:
    """A code span of any text, in a table: its fence is longer than any run of backticks inside."""
    text = visible(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _row(finding: Finding) -> str:
    cells = (
        finding.severity,
        escape(finding.code),
        code(place_of(finding)),
        escape(finding.message),
        hours(finding.minutes),
    )
    return f"| {' | '.join(cells)} |\n"


def _fitting(lines: Iterable[str], room: int) -> Iterator[str]:
    """The first lines that fit in so many bytes."""
    for line in lines:
        room -= _size(line)
        if room < 0:
            return
        yield line


def _size(text: str) -> int:
    return len(text.encode())
