"""Outcomes in words: what was expected, what came, and rows that show it."""

from __future__ import annotations

from solvent.data.contract.check.outcome import Check
from solvent.data.contract.check.words import visible


def line(check: Check) -> str:
    """A check that did not pass, in one line."""
    mark = "" if check.severity == "error" else f"{check.severity}: "
    return f"{mark}{subject(check)}: {what(check)}"


def cells(check: Check) -> list[str]:
    """Outcome, severity, column, check, and what is to be said of it."""
    named = [check.column or "", check.name]
    if check.status == "passed":
        return ["passed", "", *named, visible(check.note)]
    return ["not checked" if check.status == "error" else "failed", check.severity, *named, what(check)]


def what(check: Check) -> str:
    """The reason, and the examples."""
    reason = visible(check.reason)
    return f"{reason}, such as {examples(check)}" if check.examples else reason


def examples(check: Check) -> str:
    """``row 3: -1; row 17: 140``; the columns' names where there are several."""
    shown = []
    for example in check.examples:
        values = example.values
        parts = values.values() if len(values) == 1 else (f"{name} {value}" for name, value in values.items())
        shown.append(f"row {example.row:,}: {', '.join(parts)}")
    return "; ".join(shown)


def subject(check: Check) -> str:
    return f"{visible(check.column)}: {visible(check.name)}" if check.column else visible(check.name)
