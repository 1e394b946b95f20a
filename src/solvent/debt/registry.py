"""All rules, built from the modules in ``debt.rules``."""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module

from solvent.debt import rules
from solvent.debt.errors import UnknownRule
from solvent.debt.rule import DECLARED, Rule


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by its code, sorted."""
    for found in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
        import_module(found.name)
    return dict(sorted(DECLARED.items()))


def rule_of(text: str) -> Rule:
    """The rule of that code or name.

    Raises:
        UnknownRule: there is none; the message names the nearest.
    """
    known = all_rules()
    names = {rule.name: rule for rule in known.values()}
    found = known.get(text.upper()) or names.get(text.lower())
    if found is None:
        near = difflib.get_close_matches(text.upper(), known, 1) or difflib.get_close_matches(text.lower(), names, 1)
        hint = f": did you mean {near[0]}?" if near else ": 'solvent debt rules' lists them"
        raise UnknownRule(f"there is no rule '{text}'{hint}")
    return found


def matching(patterns: Iterable[str]) -> Iterator[Rule]:
    """The rules that the patterns name: codes, names, beginnings of codes like ``MOD`` or ``MOD4``, or ``ALL``.

    Raises:
        UnknownRule: a pattern names none.
    """
    known = all_rules().values()
    for pattern in patterns:
        found = [rule for rule in known if pattern.upper() == "ALL" or rule.code.startswith(pattern.upper())]
        yield from found or [rule_of(pattern)]
