"""Reading the values of a policy, with errors that say where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from solvent.registry.gates.errors import InvalidPolicy

_DURATION = re.compile(r"(\d{1,6}) ?(s|m|h|d|w)")
_MILLISECONDS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_LONGEST = 200


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name: ``; did you mean 'x'?``, or nothing when none is close."""
    matches = get_close_matches(name, list(known), n=1)
    return f"; did you mean '{matches[0]}'?" if matches else ""


def shown(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def table(value: object, where: str, known: Iterable[str]) -> dict[str, Any]:
    """A table that holds nothing but these keys."""
    if not isinstance(value, dict):
        raise InvalidPolicy(f"{where} must be a table, and is {shown(value)}")
    names = list(known)
    for key in value:
        if key not in names:
            raise InvalidPolicy(
                f"{where} has an unknown key '{shown(key)[1:-1]}' (known: {', '.join(names)}){nearest(str(key), names)}"
            )
    return value


def tables(value: object, where: str, known: Iterable[str]) -> list[dict[str, Any]]:
    """A list of such tables that is not empty."""
    if not isinstance(value, list) or not value:
        raise InvalidPolicy(f"{where} must be a list of tables, and is {shown(value)}")
    names = list(known)
    return [table(one, f"{where}[{number}]", names) for number, one in enumerate(value)]


def wanted(value: object, where: str) -> bool:
    """``true``: ``false`` takes a need away before it is read."""
    if value is not True:
        raise InvalidPolicy(f"{where} must be true or false, and is {shown(value)}")
    return True


def text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
        raise InvalidPolicy(f"{where} must be a text of at most {_LONGEST} characters, and is {shown(value)}")
    return value


def choice(value: object, where: str, known: Iterable[str]) -> str:
    names = list(known)
    if not isinstance(value, str) or value not in names:
        hint = nearest(value, names) if isinstance(value, str) else ""
        raise InvalidPolicy(f"{where} must be {' or '.join(names)}, and is {shown(value)}{hint}")
    return value


def number(value: object, where: str, low: float | None = None, high: float | None = None) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < float("inf"):
        raise InvalidPolicy(f"{where} must be a number, and is {shown(value)}")
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = f"from {low:g} to {high:g}" if high is not None else f"{low:g} or more"
        raise InvalidPolicy(f"{where} must be {bounds}, and is {shown(value)}")
    return float(value)


def duration(value: object, where: str) -> int:
    """Milliseconds of a text such as 30m, 12h, 2d or 1w."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise InvalidPolicy(f"{where} must be a time such as 30m, 12h, 2d or 1w, and is {shown(value)}")
    return int(found[1]) * _MILLISECONDS[found[2]]
