"""``# solvent: ignore[MOD401] reason until 2027-01-31``: debt that somebody has looked at and accepted in place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from solvent.debt.findings import Spot
from solvent.debt.syntax.module import Module
from solvent.errors import InvalidInput

_WORD = "solvent:"
_FORM = re.compile(r"solvent:\s*ignore\[([A-Za-z0-9, ]*)\]\s*(.*)$")
_UNTIL = re.compile(r"\buntil\s+(\d{4}-\d{2}-\d{2})\s*$")


class Suppression(msgspec.Struct, frozen=True, array_like=True):
    """One comment. It holds for findings on its line, or on the next line of code if it stands alone.

    ``until`` is an ISO date, the last day on which it holds; empty without an end. ``problem`` says what is wrong
    with how it is written.
    """

    spot: Spot
    line: int
    codes: tuple[str, ...]
    reason: str
    until: str = ""
    problem: str = ""


def suppressions_of(module: Module) -> list[Suppression]:
    """The suppressions of one file."""
    if _WORD not in module.source:
        return []
    found = []
    for comment in module.comments:
        if comment.text.startswith(_WORD):
            line = _next_code(module, comment.line) if comment.own_line else comment.line
            found.append(_read(comment.text, module.spot(comment.line), module.spot(line).line))
    return found


def _next_code(module: Module, line: int) -> int:
    for number in range(line, len(module.lines)):
        text = module.lines[number].strip()
        if text and not text.startswith("#"):
            return number + 1
    return line + 1


def _read(text: str, spot: Spot, line: int) -> Suppression:
    form = _FORM.match(text)
    if form is None:
        return Suppression(spot, line, (), "", problem="expected '# solvent: ignore[CODE] reason until YYYY-MM-DD'")
    codes = tuple(code.strip().upper() for code in form[1].split(",") if code.strip())
    rest, until = form[2].strip(), ""
    if ends := _UNTIL.search(rest):
        rest, until = rest[: ends.start()].strip(), ends[1]
        try:
            date.fromisoformat(until)
        except ValueError:
            return Suppression(spot, line, codes, rest, problem=f"'{until}' is no date")
    if not codes:
        return Suppression(spot, line, codes, rest, until, "name the rules that it is about: ignore[CODE]")
    if not rest:
        return Suppression(spot, line, codes, rest, until, "say why: a reason is missing")
    return Suppression(spot, line, codes, rest, until)


def written(codes: Iterable[str], reason: str, until: str = "") -> str:
    """The comment that accepts these rules, without its hash.

    Raises:
        InvalidInput: the reason would be read as something else.

    >>> written(["COD207"], "shown to students", "2027-01-31")
    'solvent: ignore[COD207] shown to students until 2027-01-31'
    """
    text = f"solvent: ignore[{', '.join(codes)}] {reason}" + (f" until {until}" if until else "")
    here = Spot("")
    wanted = Suppression(here, 0, tuple(codes), reason, until)
    if not text.isprintable() or _read(text, here, 0) != wanted:
        raise InvalidInput(
            f"the reason '{reason}' can't stand in a comment: expected words on one line, without 'until'"
        )
    return text
