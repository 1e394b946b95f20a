"""The last line of a report, and what must never go unsaid: files not looked at, suppressions that are idle."""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.engine.check import Report
from solvent.debt.findings import SEVERITIES
from solvent.debt.formats.parts.text import count, hours, spot, visible
from solvent.debt.rating import Summary


def total(report: Report) -> str:
    """How many, how bad, how long, which rating; then what does not count."""
    summary = report.summary
    looked = f"{count(summary.files, 'file')}, {count(summary.lines, 'line')}"
    if summary.findings:
        text = f"{_found(summary)}, {hours(summary.minutes)} to mend, in {looked}: {rating(summary)}."
    elif summary.files:
        text = f"No debt found in {looked}: {rating(summary)}."
    else:
        text = "Nothing was looked at: there are no readable Python files or notebooks here."
    left = uncounted(summary)
    return f"{text} Not counted: {', '.join(left)}." if left else text


def rating(summary: Summary) -> str:
    return f"rating {summary.rating} ({summary.ratio:.1%})" if summary.findings else f"rating {summary.rating}"


def uncounted(summary: Summary) -> list[str]:
    """What the rating leaves out: accepted in place, known before, not looked at."""
    parts = []
    if summary.suppressed:
        parts.append(f"{summary.suppressed:,} accepted by comments")
    if summary.known:
        parts.append(f"{summary.known:,} known from the baseline")
    if summary.unreadable:
        parts.append(f"{count(summary.unreadable, 'file')} not looked at")
    return parts


def severities(summary: Summary) -> str:
    """How many of each, the worst first: ``2 blocker, 1 low``."""
    return ", ".join(f"{number:,} {name}" for name in SEVERITIES if (number := summary.by_severity.get(name, 0)))


def problems(report: Report) -> Iterator[tuple[str, str]]:
    """Lines with the style that they are shown in, about all that is no finding and must be seen."""
    for path, why in report.unreadable:
        yield f"{visible(path)}: not looked at: {visible(why)}", "yellow"
    for warned in report.warned:
        yield f"{visible(spot(warned.path, warned.line, 0, warned.cell))}: {visible(warned.message)}", "yellow"
    for note in report.notes:
        yield f"note: {visible(note)}", "dim"


def _found(summary: Summary) -> str:
    return f"{count(summary.findings, 'finding')} ({severities(summary)})"
