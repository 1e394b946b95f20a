"""What a contract lacks: one function per thing, each told where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from solvent.data.contract.model import EVIDENCE, Contract, TableContract
from solvent.data.contract.patterns import is_anchored
from solvent.data.contract.versions import is_version
from solvent.data.contract.yaml_text import place_of


class Lack(msgspec.Struct, frozen=True):
    """``code`` names the kind; ``place`` is where in the document; ``text`` says what to do."""

    code: str
    place: str
    text: str
    table: str | None = None
    column: str | None = None


Check = Callable[[Contract], Iterator[Lack]]


def lint(contract: Contract) -> list[Lack]:
    """All that is missing."""
    return [lack for check in CHECKS for lack in check(contract)]


def _about(contract: Contract) -> Iterator[Lack]:
    document = contract.document
    description = document.get("description", {})
    if not description.get("purpose") and not description.get("usage"):
        yield Lack("no-purpose", "description", "say what the data is for: description.purpose or description.usage")
    team = document.get("team")
    members = team.get("members") if isinstance(team, dict) else team
    named = isinstance(team, dict) and team.get("name")
    if not members and not named and not document.get("support"):
        yield Lack("no-owner", "team", "say who answers for the data: team, or support")
    if "status" not in document:
        yield Lack("no-status", "status", "say whether it is a draft or active")
    if not is_version(contract.version):
        yield Lack("odd-version", "version", f"'{contract.version}' is not MAJOR.MINOR.PATCH: changes can't be judged")
    if not contract.tables:
        yield Lack("no-table", "schema", "the contract names no table: nothing is checked")


def _tables(contract: Contract) -> Iterator[Lack]:
    for number, table in enumerate(contract.tables):
        place = place_of(("schema", number))
        if not contract.document["schema"][number].get("description"):
            yield Lack("no-description", place, "say what a row is", table.name)
        if not table.columns:
            yield Lack("no-columns", place, "the table names no column: nothing is checked of its values", table.name)


def _columns(contract: Contract) -> Iterator[Lack]:
    asked = {table.name: {name for rule in table.rules for name in _columns_of(rule)} for table in contract.tables}
    words = {table.name: {one.column for one in table.unchecked} for table in contract.tables}
    for table, number, column, place in _each_column(contract):
        compiled = table.columns[number]
        if not compiled.description:
            yield Lack("no-description", place, "say what the values mean, and their unit", table.name, compiled.name)
        if compiled.logical is None and compiled.physical is None:
            yield Lack("no-type", place, "give it a logicalType", table.name, compiled.name)
        if compiled.role is None:
            text = "say what it is for: the customProperty solventRole (feature, label, id, ...)"
            yield Lack("no-role", place, text, table.name, compiled.name)
        only_words = compiled.name in words[table.name]
        if compiled.name not in asked[table.name] and compiled.role != "ignored":
            text = (
                "its rules are words, or for others: none is checked"
                if only_words
                else "nothing is asked of its values"
            )
            yield Lack("only-words" if only_words else "no-rule", place, text, table.name, compiled.name)
        pattern = column.get("logicalTypeOptions", {}).get("pattern")
        if isinstance(pattern, str) and not is_anchored(pattern):
            text = f"the pattern '{pattern}' is searched for anywhere: write ^...$ if the whole value is meant"
            yield Lack("open-pattern", f"{place}.logicalTypeOptions.pattern", text, table.name, compiled.name)


def _unchecked(contract: Contract) -> Iterator[Lack]:
    for table in contract.tables:
        for one in table.unchecked:
            yield Lack("not-checked", one.place, f"{one.name}: {one.reason}", table.name, one.column)


def _drafts(contract: Contract) -> Iterator[Lack]:
    """What a program read off one file, and nobody has accepted."""
    words = [entry["property"] for entry in contract.document.get("customProperties", [])]
    if contract.status == "draft" and EVIDENCE in words:
        yield Lack("draft", "status", "inferred and not accepted: read it, then 'solvent contracts accept'")


CHECKS: tuple[Check, ...] = (_about, _drafts, _tables, _columns, _unchecked)


def _each_column(contract: Contract) -> Iterator[tuple[TableContract, int, Mapping[str, Any], str]]:
    for number, table in enumerate(contract.tables):
        for index, column in enumerate(contract.document["schema"][number].get("properties", [])):
            yield table, index, column, place_of(("schema", number, "properties", index))


def _columns_of(rule: Any) -> tuple[str, ...]:
    together = getattr(getattr(rule, "condition", None), "columns", ())
    return (*together, *([rule.column] if getattr(rule, "column", None) else []))
