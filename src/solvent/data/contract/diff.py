"""What changed from one version of a contract to the next, what that means, and which bump of the version says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from solvent.data.contract.changes import Change, Level, by_weight, needed
from solvent.data.contract.digest import digest_of
from solvent.data.contract.model import ColumnContract, Contract, TableContract
from solvent.data.contract.rules_diff import column_of, compare_rules, compare_unchecked
from solvent.data.contract.types_diff import logical_level, physical_level
from solvent.data.contract.versions import Bump, is_enough, made, next_version

_EXTRA = ("allow", "warn", "refuse")
_OF_THE_VERSION = ("version", "status", "contractCreatedTs")
_NOT_COMPARED = (*_OF_THE_VERSION, "schema", "id")
_MEANING = (
    *("name", "physicalName", "logicalType", "physicalType", "logicalTypeOptions", "required", "unique", "primaryKey"),
    *("primaryKeyPosition", "enum", "quality", "properties", "relationships"),
)


class Diff(msgspec.Struct, frozen=True):
    """``needed`` is the bump that the changes ask for, ``made`` the one that was made (None: the version went down)."""

    old_version: str
    new_version: str
    changes: list[Change]
    needed: Bump
    made: Bump | None

    @property
    def enough(self) -> bool:
        return is_enough(self.needed, self.made)

    @property
    def smallest_version(self) -> str:
        """The smallest version that says what changed."""
        return next_version(self.old_version, self.needed)


def diff(old: Contract, new: Contract) -> Diff:
    """Compare two versions of a contract. Its status is no part of it: accepting a draft changes nothing.

    Raises:
        InvalidContract: a version is not MAJOR.MINOR.PATCH.
    """
    changes = by_weight([*_of_all(old, new), *_of_tables(old, new)])
    if not changes and _digest(old) != _digest(new):
        changes = [Change("COSMETIC", "something changed that is not checked")]
    return Diff(old.version, new.version, changes, needed(changes), made(old.version, new.version))


def _digest(contract: Contract) -> str:
    return digest_of({key: value for key, value in contract.document.items() if key not in _OF_THE_VERSION})


def _of_all(old: Contract, new: Contract) -> Iterator[Change]:
    if old.id != new.id:
        yield Change("BREAKING", f"id '{old.id}' -> '{new.id}': this is another contract")
    yield from _cosmetic(_without(old.document, _NOT_COMPARED), _without(new.document, _NOT_COMPARED), None, None)


def _of_tables(old: Contract, new: Contract) -> Iterator[Change]:
    before, after = {table.name: table for table in old.tables}, {table.name: table for table in new.tables}
    documents = [{table["name"]: table for table in one.document.get("schema", [])} for one in (old, new)]
    for name in before:
        if name not in after:
            yield Change("BREAKING", "the table is gone", name)
    for name, table in after.items():
        if name not in before:
            yield Change("NARROWING", "a new table is asked for", name)
        else:
            yield from _table(before[name], table)
            yield from _descriptions(documents[0][name], documents[1][name], name)
    if list(before) != list(after) and sorted(before) == sorted(after):
        yield Change("COSMETIC", "the order of tables changed")


def _table(old: TableContract, new: TableContract) -> Iterator[Change]:
    before_name, after_name = old.physical or old.name, new.physical or new.name
    if before_name != after_name:
        yield Change("BREAKING", f"the data base's table '{before_name}' -> '{after_name}'", old.name)
    before, after = ({column.name: column for column in table.columns} for table in (old, new))
    both = {name for name in before if name in after}
    for name in before:
        if name not in after:
            yield Change("BREAKING", "the column is gone", old.name, name)
    for name, column in after.items():
        if name in before:
            yield from _column(old.name, before[name], column)
        else:
            level: Level = "NARROWING" if column.present else "WIDENING"
            asked = "a new column is asked for" if column.present else "a new column may be there"
            yield Change(level, asked, old.name, name)
    if old.extra_columns != new.extra_columns:
        stricter = _EXTRA.index(new.extra_columns) > _EXTRA.index(old.extra_columns)
        text = f"other columns: {old.extra_columns} -> {new.extra_columns}"
        yield Change("NARROWING" if stricter else "WIDENING", text, old.name)
    if [name for name in before if name in both] != [name for name in after if name in both]:
        yield Change("COSMETIC", "the order of columns changed", old.name)
    kept = [
        [rule for rule in table.rules if column_of(rule) is None or column_of(rule) in both] for table in (old, new)
    ]
    yield from compare_rules(old.name, *kept)
    listed = [[one for one in table.unchecked if one.column is None or one.column in both] for table in (old, new)]
    yield from compare_unchecked(old.name, *listed)


def _column(table: str, old: ColumnContract, new: ColumnContract) -> Iterator[Change]:
    if old.logical != new.logical:
        text = f"type {old.logical or 'any'} -> {new.logical or 'any'}"
        yield Change(logical_level(old.logical, new.logical), text, table, new.name)
    if old.physical != new.physical:
        text = f"physical type {old.physical or 'any'} -> {new.physical or 'any'}"
        yield Change(physical_level(old.physical, new.physical), text, table, new.name)
    if old.present != new.present:
        text = "the column must be there now" if new.present else "the column need not be there any more"
        yield Change("NARROWING" if new.present else "WIDENING", text, table, new.name)
    if old.role != new.role:
        level: Level = "COSMETIC" if old.role is None else "BREAKING"
        yield Change(level, f"role {old.role or 'none'} -> {new.role or 'none'}", table, new.name)


def _descriptions(old: Mapping[str, Any], new: Mapping[str, Any], table: str) -> Iterator[Change]:
    """What is said about a table and its columns beside their rules."""
    yield from _cosmetic(_without(old, _MEANING), _without(new, _MEANING), table, None)
    before, after = _by_name(old.get("properties", [])), _by_name(new.get("properties", []))
    for name, column in after.items():
        if name in before:
            yield from _cosmetic(_without(before[name], _MEANING), _without(column, _MEANING), table, name)
            yield from _quality_words(before[name], column, table, name)
    yield from _quality_words(old, new, table, None)


def _quality_words(old: Mapping[str, Any], new: Mapping[str, Any], table: str, column: str | None) -> Iterator[Change]:
    """Descriptions, names and the like of rules that stayed where they were."""
    for before, after in zip(old.get("quality", []), new.get("quality", []), strict=False):
        words = ("description", "name", "dimension", "businessImpact", "tags", "schedule", "scheduler", "method")
        changed = [word for word in words if before.get(word) != after.get(word)]
        if changed and all(before.get(key) == after.get(key) for key in {*before, *after} - set(words)):
            yield Change("COSMETIC", f"{', '.join(changed)} of a rule changed", table, column)


def _cosmetic(
    old: Mapping[str, Any], new: Mapping[str, Any], table: str | None, column: str | None
) -> Iterator[Change]:
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            word = "added" if key not in old else "removed" if key not in new else "changed"
            yield Change("COSMETIC", f"{key} {word}", table, column)


def _without(part: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """A part without what is compared elsewhere. Solvent's words are: only their text is left out, not others'."""
    kept = {key: value for key, value in part.items() if key not in keys}
    if "customProperties" in kept:
        others = [one for one in kept["customProperties"] if not one["property"].startswith("solvent")]
        kept["customProperties"] = others
        if not others:
            del kept["customProperties"]
    return kept


def _by_name(parts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(part.get("physicalName") or part["name"]): part for part in parts}
