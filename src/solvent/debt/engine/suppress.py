"""Which findings a comment in the code accepts, and which comments accept nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from solvent.debt.findings import Finding
from solvent.debt.suppressions import Suppression


class Warned(msgspec.Struct, frozen=True):
    """A suppression that somebody should look at."""

    path: str
    line: int
    message: str
    cell: int | None = None


class Kept(NamedTuple):
    findings: list[Finding]
    suppressed: list[Finding]
    warned: list[Warned]


def apply_suppressions(
    findings: Iterable[Finding], suppressions: Mapping[str, list[Suppression]], codes: Iterable[str], today: date
) -> Kept:
    """Sort findings by whether they are accepted where they stand.

    A comment holds for its line and, at the top of a file, for findings about the whole file. What is expired or
    badly written accepts nothing. A comment is unused if all its rules have run and none found anything there.
    """
    ran = frozenset(codes)
    kept: list[Finding] = []
    suppressed: list[Finding] = []
    used: set[tuple[str, int, int | None, str]] = set()
    for finding in findings:
        each = _accepting(finding, suppressions.get(finding.path, ()), today)
        if each is None:
            kept.append(finding)
        else:
            suppressed.append(finding)
            used.add((finding.path, each.spot.line, each.spot.cell, finding.code))
    warned = [
        Warned(path, each.spot.line, message, each.spot.cell)
        for path, listed in suppressions.items()
        for each in listed
        if (message := _wrong(path, each, used, ran, today))
    ]
    return Kept(kept, suppressed, warned)


def _accepting(finding: Finding, listed: Iterable[Suppression], today: date) -> Suppression | None:
    for each in listed:
        if each.problem or _expired(each, today) or finding.code not in each.codes:
            continue
        if finding.line == 0 or (each.spot.cell == finding.cell and _on(each, finding)):
            return each
    return None


def _on(each: Suppression, finding: Finding) -> bool:
    if each.line > each.spot.line and finding.line == each.spot.line + 1:
        return True  # it stands alone, and what comes next is a comment itself
    return each.line == finding.line or finding.line <= each.line <= min(finding.end_line, finding.line + 20)


def _expired(each: Suppression, today: date) -> bool:
    return bool(each.until) and date.fromisoformat(each.until) < today


def _wrong(
    path: str,
    each: Suppression,
    used: set[tuple[str, int, int | None, str]],
    ran: frozenset[str],
    today: date,
) -> str:
    if each.problem:
        return f"this suppression accepts nothing: {each.problem}"
    if _expired(each, today):
        return (
            f"this suppression of {', '.join(each.codes)} has expired on {each.until}: mend it, or say anew until when"
        )
    unused = [c for c in each.codes if c in ran and (path, each.spot.line, each.spot.cell, c) not in used]
    if unused and len(unused) == len(each.codes):
        return f"nothing to accept for {', '.join(unused)} here any more: remove the comment"
    return ""
