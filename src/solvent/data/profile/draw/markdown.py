"""For a comment on a pull request or a job's summary, within what a comment may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from solvent.data.profile.diff.model import Diff
from solvent.data.profile.draw import changes, table
from solvent.data.profile.draw.plain import visible

MAX_BYTES = 65_536
"""The size of a comment on GitHub."""
_RESERVE = 2_000
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&])")


def write(diff: Diff) -> str:
    head = (
        f"## {escape(diff.old.name)} → {escape(diff.new.name)}\n\n"
        f"{escape(changes.row_counts(diff))}; {escape(changes.summary(diff))}\n"
    )
    rows = [f"| {' | '.join(_cells(row))} |\n" for row in table.rows(diff)]
    facts = [
        f"- **{escape(column.name)}**: {escape(fact)}\n"
        for column in changes.ordered(diff)
        for fact in changes.facts(column)
    ]
    if not rows:
        return head + ("" if diff.differs else "\nNothing differs.\n") + "".join(facts)
    room = MAX_BYTES - _RESERVE - _size([head])
    kept = _fitting(rows, room * 3 // 4)
    kept_facts = _fitting(facts, room - _size(kept))
    parts = [head, f"\n| {' | '.join(table.HEADERS)} |\n", _ruler(), *kept, _left(rows, kept, "column")]
    parts += ["\n" if facts else "", *kept_facts, _left(facts, kept_facts, "line")]
    parts += ["\n", *(f"> {escape(note)}  \n" for note in changes.notes(diff)[:10])]
    return "".join(parts)


def escape(text: str) -> str:
    r"""Text that stays text in Markdown: no markup, no HTML, no links, and nobody is mentioned.

    >>> escape("<b> @all a|b http://x.org")
    '\\<b\\> @&#8203;all a\\|b http\\://x.org'
    """
    text = _SPECIAL.sub(r"\\\1", visible(text))
    return text.replace("://", "\\://").replace("www.", "www\\.").replace("@", "@&#8203;")


def _cells(row: list[str]) -> list[str]:
    before, now = (f"`{cell}`" if cell.strip() else "" for cell in row[5:7])
    return [escape(cell) for cell in row[:5]] + [before, now, escape(row[7])]


def _ruler() -> str:
    return "|" + "|".join("--:" if place in table.RIGHT else "---" for place in range(len(table.HEADERS))) + "|\n"


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    kept = []
    for line in lines:
        room -= len(line.encode())
        if room < 0:
            break
        kept.append(line)
    return kept


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) for line in lines)


def _left(lines: list[str], kept: list[str], noun: str) -> str:
    left = len(lines) - len(kept)
    return f"\n**{left:,} more {noun}{'' if left == 1 else 's'} did not fit here.**\n" if left else ""
