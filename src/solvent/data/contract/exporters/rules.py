"""What exporters share: a table's rules by column, those that are plain, and patterns for other readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from solvent.data.contract.exporters.outcome import Lost
from solvent.data.contract.model import ColumnContract, Contract, RowRule, Rule, TableContract
from solvent.data.engine.conditions import NotNull

_SEARCHED = re.compile(r"\(\?s:\.\*\)\(\?:(.*)\)\(\?s:\.\*\)", re.DOTALL)
_RE2_ALONE = re.compile(r"\\[pPzAQEC]|\[\[:|\(\?[a-zA-Z-]+[):]|\(\?P<")


def plain_rules(table: TableContract, column: str, lost: list[Lost], *, severities: bool = False) -> Iterator[RowRule]:
    """The rules of a column that every row must fulfil; the others are lost."""
    for rule in table.rules:
        if not isinstance(rule, RowRule) or rule.column != column:
            continue
        if rule.allowed:
            lost.append(lost_rule(rule, "some rows may break it, which the form can't say"))
        elif rule.severity != "error" and not severities:
            lost.append(lost_rule(rule, f"it is a {rule.severity}, and the form knows errors only"))
        else:
            yield rule


def table_rules(table: TableContract) -> Iterator[Rule]:
    """The rules that are not about the rows of one column."""
    for rule in table.rules:
        if not isinstance(rule, RowRule) or rule.column is None:
            yield rule


def lose_unchecked(table: TableContract, lost: list[Lost]) -> None:
    """What the contract asks for in words, or of others, is in no other form either."""
    lost += [Lost(one.place, one.name, f"not checked here either: {one.reason}") for one in table.unchecked]


def lost_rule(rule: Rule, why: str) -> Lost:
    column = getattr(rule, "column", None)
    return Lost(rule.place, f"{rule.name} ({column})" if column else rule.name, why)


def required(table: TableContract, column: ColumnContract) -> bool:
    """Whether no row may be without a value."""
    return any(
        isinstance(rule, RowRule)
        and isinstance(rule.condition, NotNull)
        and rule.condition.column == column.name
        and not rule.allowed
        and rule.severity == "error"
        for rule in table.rules
    )


def searched_pattern(pattern: str) -> str | None:
    """A pattern of a whole text as one that is searched for, if others than RE2 can read it."""
    inner = _SEARCHED.fullmatch(pattern)
    found = inner[1] if inner else f"^(?:{pattern})$" if "|" in pattern else f"^{pattern}$"
    return None if _RE2_ALONE.search(found) else found


def property_named(contract: Contract, table: TableContract, column: str) -> Mapping[str, Any]:
    """What the document says of a column."""
    for entry in contract.document.get("schema", ()):
        for one in entry.get("properties", ()) if entry.get("name") == table.name else ():
            if (one.get("physicalName") or one.get("name")) == column:
                found: Mapping[str, Any] = one
                return found
    return {}
