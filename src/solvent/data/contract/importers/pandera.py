"""pandera's YAML and JSON (``schema.to_yaml()``), of 0.20 to 0.35, whatever library the schema is for.

Its checks: https://pandera.readthedocs.io/en/stable/reference/generated/pandera.api.checks.Check.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from solvent.data.contract.importers.document import finished
from solvent.data.contract.importers.draft import ColumnDraft, Draft, TableDraft
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.importers.patterns import begun, escaped
from solvent.data.contract.importers.source import mapping, scalars, sequence, shown
from solvent.data.contract.importers.types import type_named
from solvent.data.engine.conditions import Condition, InRange, Length, Matches, NoneOf, NotNull, OneOf, Unique

_SAYS_NOTHING = "pandera stores any Python value in it"
_UNUSED = ("coerce", "drop_invalid_rows", "default", "add_missing_columns", "ordered", "unique_column_names")
"""What changes the data, or speaks of its order: asked only where it is true."""
_COLUMN_WORDS = frozenset(
    [
        "title",
        "description",
        "dtype",
        "nullable",
        "checks",
        "name",
        "unique",
        "coerce",
        "required",
        "regex",
        "default",
        "report_duplicates",
        "drop_invalid_rows",
        "metadata",
    ]
)
_OPTIONS = frozenset(
    ["check_name", "ignore_na", "raise_warning", "n_failure_cases", "groupby", "groups", "error", "name", "options"]
)


class _Check(NamedTuple):
    name: str
    arguments: dict[str, Any]
    options: dict[str, Any]


def recognises(value: Any) -> bool:
    return isinstance(value, dict) and ("schema_type" in value or ("columns" in value and "coerce" in value))


def read(value: Any, name: str) -> Imported:
    """
    Raises:
        InvalidContract: it is not as pandera writes it.
    """
    given = mapping(value, name)
    draft = Draft(str(given.get("name") or name), "pandera")
    if isinstance(given.get("description"), str):
        draft.description = given["description"]
    table = draft.table(draft.name)
    if given.get("schema_type", "dataframe") != "dataframe":
        draft.drop("schema_type", shown(given["schema_type"]), "only schemas of data frames are read")
    strict = given.get("strict", False)
    table.extra_columns = "refuse" if strict is True else "allow"
    if strict == "filter":
        table.drop("strict", "filter", "a contract never changes the data")
    for key in _UNUSED:
        if given.get(key):
            table.drop(key, shown(given[key]), "a contract neither changes the data nor asks for the order of columns")
    if given.get("dtype") is not None:
        table.drop("dtype", shown(given["dtype"]), "a type for all columns together")
    for column_name, column in _columns(given.get("columns")):
        _column(table, column_name, mapping(column, f"columns.{column_name}"))
    for number, index in enumerate(sequence(given.get("index"), "index")):
        table.drop(f"index[{number}]", shown(mapping(index, "index").get("name")), "an index is no column")
    for check in _checks(given.get("checks"), "checks"):
        table.drop(f"checks.{check.name}", shown(check.arguments), "a check of the whole frame")
    _unique_together(table, given.get("unique"))
    return finished(draft)


def _columns(given: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(given, list):  # names that are no texts
        for entry in given:
            name = mapping(entry, "columns").get("name")
            yield (".".join(map(str, name)) if isinstance(name, list) else str(name)), entry
    else:
        yield from mapping(given, "columns").items()


def _column(table: TableDraft, name: str, given: dict[str, Any]) -> None:
    place = f"columns.{name}"
    if given.get("regex"):
        table.drop(place, shown(given), "a pattern for the names of columns: name each column")
        return
    column = table.column(name)
    for key, word in (("description", "description"), ("title", "businessName")):
        if isinstance(given.get(key), str):
            column.extra[word] = given[key]
    _type(table, column, given.get("dtype"), place)
    if not given.get("nullable", False):
        table.ask(NotNull(name), place, "not null")
    if given.get("unique"):
        table.ask(Unique((name,)), place, "unique")
    column.present = given.get("required", True) is not False
    for key in ("coerce", "drop_invalid_rows", "default"):
        if given.get(key):
            table.drop(f"{place}.{key}", shown(given[key]), "a contract never changes the data")
    for check in _checks(given.get("checks"), place, given):
        _check(table, name, check, f"{place}.{check.name}")


def _type(table: TableDraft, column: ColumnDraft, dtype: Any, place: str) -> None:
    if dtype is None:
        return
    found = type_named(str(dtype))
    if found is None:
        why = _SAYS_NOTHING if dtype == "object" else "the standard has no such type"
        table.drop(f"{place}.dtype", str(dtype), why)
    else:
        column.typed(found.logical, **found.options)


def _checks(given: Any, place: str, column: dict[str, Any] | None = None) -> Iterator[_Check]:
    """The checks in each of the forms that pandera has had: keys of the column, a list, a mapping."""
    if isinstance(given, list):
        for entry in given:
            fields = mapping(entry, f"{place}.checks")
            options = mapping(fields.get("options"), f"{place}.checks.options")
            arguments = {key: value for key, value in fields.items() if key != "options"}
            yield _Check(str(options.get("check_name", "?")), arguments, options)
        return
    named = mapping(given, f"{place}.checks")
    named = named or {key: value for key, value in (column or {}).items() if key not in _COLUMN_WORDS}
    for name, value in named.items():
        fields = value if isinstance(value, dict) else {"value": value}
        options = {key: part for key, part in fields.items() if key in _OPTIONS}
        options |= mapping(options.get("options"), f"{place}.{name}.options")
        yield _Check(name, {key: part for key, part in fields.items() if key not in _OPTIONS}, options)


def _check(table: TableDraft, column: str, check: _Check, place: str) -> None:
    rule = f"{check.name} {shown(_one(check.arguments))}"
    if check.options.get("groupby"):
        table.drop(place, rule, "it looks at groups of rows")
    elif check.options.get("ignore_na") is False:
        table.drop(place, rule, "nulls are to break it: ask for no nulls instead")
    elif check.name == "str_length" and _length(column, check.arguments) is None:
        table.drop(place, rule, "the lengths are no whole numbers")
    else:
        make = _CHECKS.get(check.name)
        condition = make(column, check.arguments) if make else None
        if condition is None:
            table.drop(place, rule, "not a check of single values" if make is None else "its arguments are not plain")
            return
        table.ask(condition, place, rule, severity="warning" if check.options.get("raise_warning") else "error")


def _one(arguments: dict[str, Any]) -> Any:
    """The argument of a check that has just one, whatever it is called."""
    return next(iter(arguments.values())) if len(arguments) == 1 else arguments


def _bound(low: bool, opened: bool) -> Callable[[str, dict[str, Any]], Condition | None]:
    def make(column: str, arguments: dict[str, Any]) -> Condition | None:
        bound = _one(arguments)
        if isinstance(bound, bool) or not isinstance(bound, (int, float, str)):
            return None
        return InRange(column, low=bound, open_low=opened) if low else InRange(column, high=bound, open_high=opened)

    return make


def _in_range(column: str, arguments: dict[str, Any]) -> Condition | None:
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if not isinstance(low, (int, float, str)) or not isinstance(high, (int, float, str)):
        return None
    opened = [arguments.get(key, True) is False for key in ("include_min", "include_max")]
    return InRange(column, low, high, *opened)


def _listed(kind: type[OneOf | NoneOf], *, single: bool = False) -> Callable[[str, dict[str, Any]], Condition | None]:
    def make(column: str, arguments: dict[str, Any]) -> Condition | None:
        values = scalars([_one(arguments)] if single else _one(arguments))
        return None if values is None else kind(column, values)

    return make


def _text(pattern: Callable[[str], str]) -> Callable[[str, dict[str, Any]], Condition | None]:
    def make(column: str, arguments: dict[str, Any]) -> Condition | None:
        given = _one(arguments)
        return Matches(column, pattern(given)) if isinstance(given, str) else None

    return make


def _length(column: str, arguments: dict[str, Any]) -> Condition | None:
    exact = arguments.get("exact_value", arguments.get("value"))
    least, most = (exact, exact) if exact is not None else (arguments.get("min_value"), arguments.get("max_value"))
    if any(bound is not None and type(bound) is not int for bound in (least, most)):
        return None
    return Length(column, least or 0, most)


_CHECKS: dict[str, Callable[[str, dict[str, Any]], Condition | None]] = {
    "equal_to": _listed(OneOf, single=True),
    "not_equal_to": _listed(NoneOf, single=True),
    "greater_than": _bound(True, True),
    "greater_than_or_equal_to": _bound(True, False),
    "less_than": _bound(False, True),
    "less_than_or_equal_to": _bound(False, False),
    "in_range": _in_range,
    "isin": _listed(OneOf),
    "notin": _listed(NoneOf),
    "str_matches": _text(begun),
    "str_contains": _text(lambda pattern: pattern),
    "str_startswith": _text(lambda text: "^" + escaped(text)),
    "str_endswith": _text(lambda text: escaped(text) + "$"),
    "str_length": _length,
}


def _unique_together(table: TableDraft, given: Any) -> None:
    if given is None:
        return
    names = [given] if isinstance(given, str) else sequence(given, "unique")
    if not names:
        return
    table.ask(Unique(tuple(map(str, names)), nulls=False), "unique", f"unique: {', '.join(map(str, names))}")
