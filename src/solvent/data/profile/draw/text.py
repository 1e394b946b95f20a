"""For terminals."""

from __future__ import annotations

from collections.abc import Iterator

from solvent.data.profile.diff.model import Diff
from solvent.data.profile.draw import changes, table
from solvent.data.profile.draw.plain import table as padded
from solvent.data.profile.draw.plain import visible


def write(diff: Diff, *, plain: bool = False) -> str:
    """The whole in lines that may be longer than a terminal's; ``plain`` draws with ASCII alone."""
    rows = table.rows(diff, plain=plain)
    drawn = ["", *padded(table.HEADERS, rows, table.RIGHT)] if rows else []
    return "".join(f"{line}\n" for line in [*head(diff), *drawn, *tail(diff)])


def head(diff: Diff) -> Iterator[str]:
    """What was compared, and the outcome in numbers."""
    yield visible(f"{diff.old.name} -> {diff.new.name}")
    yield changes.row_counts(diff)
    yield changes.summary(diff)


def tail(diff: Diff) -> Iterator[str]:
    """What is said below the table."""
    facts = [(column.name, fact) for column in changes.ordered(diff) for fact in changes.facts(column)]
    if facts:
        yield ""
        yield from (f"{visible(name)}: {fact}" for name, fact in facts)
    if any(column.state != "same" for column in diff.columns):
        if notes := changes.notes(diff):
            yield from ("", *notes)
    elif not diff.differs:
        yield "Nothing differs."
