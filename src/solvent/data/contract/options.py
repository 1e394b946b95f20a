"""``logicalTypeOptions``: bounds, lengths, patterns and formats, as conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from solvent.data.contract.names import shown
from solvent.data.contract.patterns import FORMATS, problem_of, whole
from solvent.data.contract.rules import Rules, Wrong
from solvent.data.contract.yaml_text import Steps
from solvent.data.engine.conditions import InRange, Length, Matches, MultipleOf, Value

_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
_INTEGERS = {f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)} | {
    f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)
}
_PARSERS: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "time": time.fromisoformat,
}
_UNCHECKED = {
    "format": "is not checked",
    "timezone": "whether times have a zone is not checked",
    "uniqueItems": "the elements of a list are not compared",
    "required": "what is inside an object is not looked at",
    "minProperties": "what is inside an object is not looked at",
    "maxProperties": "what is inside an object is not looked at",
    "normalized": "the norm of a vector is not computed",
}


def add_options(rules: Rules, column: str, logical: str | None, options: Mapping[str, Any], steps: Steps) -> None:
    """
    Raises:
        Wrong: bounds that leave nothing, that are no dates where dates are meant, or a pattern that no engine can use.
    """
    _add_bounds(rules, column, logical, options, steps)
    _add_lengths(rules, column, options, steps)
    done = {*_BOUNDS, "minLength", "maxLength", "minItems", "maxItems", "dimensions"}
    if "multipleOf" in options:
        step = options["multipleOf"]
        rules.every_row(f"multiple of {step}", MultipleOf(column, step), (*steps, "multipleOf"), column)
    if "pattern" in options:
        add_pattern(rules, column, options["pattern"], (*steps, "pattern"))
    if "format" in options and _add_format(rules, column, logical, options["format"], (*steps, "format")):
        done.add("format")
    for key in options:
        if key in _UNCHECKED and key not in done and options[key] not in (False, 0):
            text = f"{key} {shown(options[key])}"
            rules.not_checked(text, _UNCHECKED[key], (*steps, key), column)


def add_pattern(rules: Rules, column: str, pattern: str, steps: Steps) -> None:
    rules.every_row(f"matches {shown(pattern)}", Matches(column, checked_pattern(pattern, steps)), steps, column)


def checked_pattern(pattern: object, steps: Steps) -> str:
    """
    Raises:
        Wrong: no engine can use it.
    """
    if not isinstance(pattern, str):
        raise Wrong(steps, f"expected a regular expression, came {shown(pattern)}")
    if problem := problem_of(pattern):
        raise Wrong(steps, f"{problem} ({shown(pattern)})")
    return whole(pattern)


def bounds_of(given: Mapping[str, Any], column: str, logical: str | None, steps: Steps) -> InRange | None:
    """The range that minimum, exclusiveMinimum, maximum and exclusiveMaximum leave; of two lower ones the higher.

    Raises:
        Wrong: it leaves nothing, or a bound is not of the column's type.
    """
    for key in _BOUNDS:
        if key in given:
            _check_bound(given[key], logical, (*steps, key))
    low, open_low = _stricter(given, "minimum", "exclusiveMinimum", max)
    high, open_high = _stricter(given, "maximum", "exclusiveMaximum", min)
    if low is None and high is None:
        return None
    if low is not None and high is not None:
        first, last = _comparable(low, logical), _comparable(high, logical)
        try:
            empty = first > last or (first == last and (open_low or open_high))
        except TypeError:
            raise Wrong(steps, f"the bounds {shown(low)} and {shown(high)} can't be compared") from None
        if empty:
            raise Wrong(steps, f"no value lies between {shown(low)} and {shown(high)}: exchange or correct the bounds")
    return InRange(column, low, high, open_low, open_high)


def range_words(asked: InRange) -> str:
    """
    >>> range_words(InRange("a", 0, 5, open_high=True)), range_words(InRange("a", low=0))
    ('in [0, 5)', 'at least 0')
    """
    if asked.high is None:
        return f"{'more than' if asked.open_low else 'at least'} {asked.low}"
    if asked.low is None:
        return f"{'less than' if asked.open_high else 'at most'} {asked.high}"
    return f"in {'(' if asked.open_low else '['}{asked.low}, {asked.high}{')' if asked.open_high else ']'}"


def _add_bounds(rules: Rules, column: str, logical: str | None, options: Mapping[str, Any], steps: Steps) -> None:
    asked = bounds_of(options, column, logical, steps)
    if asked is not None:
        rules.every_row(range_words(asked), asked, steps, column)


def _stricter(given: Mapping[str, Any], closed: str, opened: str, choose: Any) -> tuple[Value | None, bool]:
    if opened not in given:
        return given.get(closed), False
    if closed not in given:
        return given[opened], True
    both = given[closed], given[opened]
    is_open = both[0] == both[1] or choose(both) == both[1]
    return (both[1], True) if is_open else (both[0], False)


def _check_bound(value: Any, logical: str | None, steps: Steps) -> None:
    parse = _PARSERS.get(logical or "")
    if parse is None:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise Wrong(steps, f"expected a number, came {shown(value)}")
        return
    try:
        parse(value)
    except (ValueError, TypeError):
        raise Wrong(steps, f"expected a {logical} such as {_EXAMPLES[logical or '']}, came {shown(value)}") from None


_EXAMPLES = {"date": "2026-11-24", "timestamp": "2026-11-24T12:00:00Z", "time": "12:00:00"}


def _comparable(value: Any, logical: str | None) -> Any:
    parse = _PARSERS.get(logical or "")
    return parse(value) if parse is not None else value


def _add_lengths(rules: Rules, column: str, options: Mapping[str, Any], steps: Steps) -> None:
    for low, high in (("minLength", "maxLength"), ("minItems", "maxItems"), ("dimensions", "dimensions")):
        if low not in options and high not in options:
            continue
        least, most = options.get(low, 0), options.get(high)
        if most is not None and least > most:
            raise Wrong(steps, f"{low} {least} is more than {high} {most}: no value can be both")
        asked = f"at least {least}" if most is None else str(most) if least == most else f"{least} to {most}"
        rules.every_row(f"length {asked}", Length(column, least, most), steps, column)


def _add_format(rules: Rules, column: str, logical: str | None, given: str, steps: Steps) -> bool:
    """Whether the format is one that is checked."""
    if logical == "integer" and given in _INTEGERS:
        low, high = _INTEGERS[given]
        rules.every_row(f"fits {given}", InRange(column, low, high), steps, column)
        return True
    if logical == "string" and given in FORMATS:
        rules.every_row(f"is of the format {given}", Matches(column, FORMATS[given]), steps, column)
        return True
    return False
