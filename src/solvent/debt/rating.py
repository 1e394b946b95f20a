"""The price of findings: hours to mend, set against the hours that the code took.

The ratio is minutes to mend / (30 minutes x lines of code), rated A to E as in the SQALE method (Letouzey 2012).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from solvent.debt.findings import SEVERITIES, Finding, Severity
from solvent.debt.settings import Rating

Grade = Literal["A", "B", "C", "D", "E"]


class Summary(msgspec.Struct, frozen=True):
    """Totals of a check. ``minutes`` is the sum of the times to mend; ``ratio`` a fraction, not percent."""

    files: int
    lines: int
    findings: int
    minutes: int
    ratio: float
    rating: Grade
    by_severity: dict[Severity, int]
    by_rule: dict[str, int]
    unreadable: int
    suppressed: int = 0
    known: int = 0


def grade(ratio: float, grid: Rating) -> Grade:
    """The letter of a ratio.

    >>> grade(0.05, Rating()), grade(0.06, Rating()), grade(3.0, Rating())
    ('A', 'B', 'E')
    """
    limits: tuple[tuple[Grade, float], ...] = (("A", grid.a), ("B", grid.b), ("C", grid.c), ("D", grid.d))
    return next((letter for letter, limit in limits if ratio <= limit), "E")


def summarize(
    findings: Iterable[Finding],
    *,
    files: int,
    lines: int,
    unreadable: int,
    grid: Rating,
    suppressed: int = 0,
    known: int = 0,
) -> Summary:
    findings = list(findings)
    minutes = sum(finding.minutes for finding in findings)
    ratio = minutes / (grid.minutes_per_line * lines) if lines else 0.0
    severities = dict.fromkeys(SEVERITIES, 0)
    rules: dict[str, int] = {}
    for finding in findings:
        severities[finding.severity] += 1
        rules[finding.code] = rules.get(finding.code, 0) + 1
    return Summary(
        files=files,
        lines=lines,
        findings=len(findings),
        minutes=minutes,
        ratio=round(ratio, 6),
        rating=grade(ratio, grid),
        by_severity=severities,
        by_rule=dict(sorted(rules.items())),
        unreadable=unreadable,
        suppressed=suppressed,
        known=known,
    )
