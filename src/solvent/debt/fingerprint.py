"""A finding's identity: rule, what it is about, the symbol around it, and its number among equals.

Neither path nor line is part of it, so that it survives moves, reformatting and code above it. Equal findings are
told apart by a number at the end: ``3fa9c1d2e4b5a697``, ``3fa9c1d2e4b5a697-2``. Which of them is the new one is
not for the number to say (``baseline.match`` looks at their paths).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from solvent.debt.findings import Finding, Found
from solvent.debt.rule import Rule
from solvent.debt.settings import RuleSettings

LENGTH = 16


def identify(found: Iterable[tuple[Rule, Found]], settings: dict[str, RuleSettings]) -> list[Finding]:
    """Findings with their fingerprints, sorted by place."""
    ordered = sorted(found, key=lambda pair: _place(*pair))
    seen: Counter[tuple[str, str, str]] = Counter()
    findings = []
    for rule, each in ordered:
        about = (rule.code, each.subject or each.message, each.symbol)
        seen[about] += 1
        number = f"-{seen[about]}" if seen[about] > 1 else ""
        findings.append(_finding(rule, each, _digest(*about) + number, settings.get(rule.code)))
    return findings


def group_of(fingerprint: str) -> str:
    """What equal findings have in common.

    >>> group_of("3fa9c1d2e4b5a697-2")
    '3fa9c1d2e4b5a697'
    """
    return fingerprint.partition("-")[0]


def _place(rule: Rule, found: Found) -> tuple[str, int, int, int, str]:
    spot = found.spot
    return spot.path, -1 if spot.cell is None else spot.cell, spot.line, spot.column, rule.code


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _finding(rule: Rule, found: Found, fingerprint: str, given: RuleSettings | None) -> Finding:
    spot = found.spot
    severity, minutes = found.severity or rule.severity, found.minutes if found.minutes is not None else rule.minutes
    if given is not None:
        severity = given.severity or severity
        minutes = given.minutes if given.minutes is not None else minutes
    return Finding(
        code=rule.code,
        rule=rule.name,
        message=found.message,
        path=spot.path,
        line=spot.line,
        column=spot.column,
        severity=severity,
        minutes=minutes,
        fingerprint=fingerprint,
        fix=None if found.fix == "none" else found.fix or rule.fix,
        end_line=spot.end_line,
        cell=spot.cell,
        symbol=found.symbol,
    )
