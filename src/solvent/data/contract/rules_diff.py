"""What became of the rules of a table: which are gone, new, stricter or looser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from solvent.data.contract.changes import Change, Level
from solvent.data.contract.model import CountRule, FreshRule, RowRule, Rule, Unchecked
from solvent.data.contract.names import shown
from solvent.data.engine.conditions import InRange, Length, NoneOf, OneOf

_SEVERITIES = ("info", "warning", "error")
_MOST_SHOWN = 5
_WIDER: Level = "WIDENING"
_NARROWER: Level = "NARROWING"


def compare_rules(table: str, old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[Change]:
    """The changes from old rules to new ones. Two rules are the same rule if they ask the same of the same columns."""
    before, after = _grouped(old), _grouped(new)
    for key in [*before, *(key for key in after if key not in before)]:
        gone, come = _without_common(before.get(key, []), after.get(key, []))
        for one, other in zip(gone, come, strict=False):
            yield from _compare(table, one, other)
        for rule in gone[len(come) :]:
            yield Change(_WIDER, f"no longer asked: {words(rule)}", table, column_of(rule))
        for rule in come[len(gone) :]:
            yield Change(_NARROWER, f"newly asked: {words(rule)}", table, column_of(rule))


def compare_unchecked(table: str, old: Sequence[Unchecked], new: Sequence[Unchecked]) -> Iterator[Change]:
    """What Solvent does not check itself: others may."""
    before, after = {_key_of(one) for one in old}, {_key_of(one) for one in new}
    for one in old:
        if _key_of(one) not in after:
            yield Change(_level_of(one, _WIDER), f"no longer asked: {one.name} ({one.reason})", table, one.column)
    for one in new:
        if _key_of(one) not in before:
            yield Change(_level_of(one, _NARROWER), f"newly asked: {one.name} ({one.reason})", table, one.column)


def _key_of(one: Unchecked) -> tuple[str, str, str | None]:
    return one.name, one.reason, one.column


def _level_of(one: Unchecked, level: Level) -> Level:
    return "COSMETIC" if "words" in one.reason else level


def column_of(rule: Rule) -> str | None:
    return getattr(rule, "column", None)


def words(rule: Rule) -> str:
    allowed = ""
    if isinstance(rule, RowRule) and rule.allowed:
        allowed = f", but for {rule.allowed:.4g} of all" if rule.share else f", but for {rule.allowed:g} rows"
    severity = "" if rule.severity == "error" else f" ({rule.severity})"
    return f"{rule.name}{allowed}{severity}"


def _grouped(rules: Iterable[Rule]) -> dict[tuple[object, ...], list[Rule]]:
    groups: dict[tuple[object, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        condition = getattr(rule, "condition", None)
        columns = getattr(condition, "columns", column_of(rule))
        groups[type(rule), type(condition), columns].append(rule)
    return groups


def _without_common(old: list[Rule], new: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Without those whose meaning is in both."""
    left: dict[Rule, list[int]] = defaultdict(list)
    for number, rule in reversed(list(enumerate(new))):
        left[_meaning(rule)].append(number)
    gone, kept = [], set()
    for rule in old:
        same = left.get(_meaning(rule))
        if same:
            kept.add(same.pop())
        else:
            gone.append(rule)
    return gone, [rule for number, rule in enumerate(new) if number not in kept]


def _meaning(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, name="", place="")


def _compare(table: str, old: Rule, new: Rule) -> Iterator[Change]:
    """The differences of one rule's two states; what can't be compared may be both looser and stricter."""
    column = column_of(new)
    found: list[tuple[Level, str]] = []
    if old.severity != new.severity:
        stricter = _SEVERITIES.index(new.severity) > _SEVERITIES.index(old.severity)
        found.append((_NARROWER if stricter else _WIDER, f"{new.name}: severity {old.severity} -> {new.severity}"))
    if isinstance(old, CountRule) and isinstance(new, CountRule):
        found += _limits("rows", old.least, new.least, old.most, new.most)
    elif isinstance(old, FreshRule) and isinstance(new, FreshRule):
        found += _limits("age in seconds", None, None, old.seconds, new.seconds)
    elif isinstance(old, RowRule) and isinstance(new, RowRule):
        found += _conditions(old.condition, new.condition, new.name)
        if (old.allowed, old.share) != (new.allowed, new.share):
            found += _allowed(old, new)
    elif _meaning(msgspec.structs.replace(old, severity=new.severity)) != _meaning(new):
        found += _unknown(old.name, new.name)
    for level, text in found:
        yield Change(level, text, table, column)


def _allowed(old: RowRule, new: RowRule) -> list[tuple[Level, str]]:
    text = f"{new.name}: {words(old)} -> {words(new)}"
    if old.share != new.share and old.allowed and new.allowed:
        return _unknown(words(old), words(new))
    return [(_WIDER if new.allowed > old.allowed else _NARROWER, text)]


def _conditions(old: Any, new: Any, name: str) -> list[tuple[Level, str]]:
    if old == new:
        return []
    if isinstance(old, InRange):
        return _limits("bounds", old.low, new.low, old.high, new.high, _opened(old, new))
    if isinstance(old, Length):
        return _limits("length", old.least, new.least, old.most, new.most)
    if isinstance(old, OneOf):
        return _values(old.values, new.values, _WIDER, _NARROWER)
    if isinstance(old, NoneOf):
        return _values(old.values, new.values, _NARROWER, _WIDER)
    return _unknown(str(getattr(old, "pattern", name)), str(getattr(new, "pattern", name)))


def _opened(old: InRange, new: InRange) -> tuple[int, int]:
    """Per bound: 1 if it became open, -1 if it became closed."""
    return int(new.open_low) - int(old.open_low), int(new.open_high) - int(old.open_high)


def _limits(
    what: str, low: Any, new_low: Any, high: Any, new_high: Any, opened: tuple[int, int] = (0, 0)
) -> list[tuple[Level, str]]:
    found: list[tuple[Level, str]] = []
    for word, old, new, outward, turned in (
        ("from", low, new_low, -1, opened[0]),
        ("to", high, new_high, 1, opened[1]),
    ):
        if old == new and not turned:
            continue
        text = f"{what} {word} {_bound(old)} -> {_bound(new)}"
        if old == new:
            found.append((_NARROWER if turned > 0 else _WIDER, f"{text} ({'now' if turned > 0 else 'no longer'} open)"))
        elif old is None or new is None:
            found.append((_NARROWER if old is None else _WIDER, text))
        elif isinstance(old, str) != isinstance(new, str):
            found += _unknown(_bound(old), _bound(new))
        else:
            found.append((_WIDER if (new > old) == (outward > 0) else _NARROWER, text))
    return found


def _bound(value: object) -> str:
    return "anything" if value is None else str(value)


def _values(old: Sequence[Any], new: Sequence[Any], more: Level, fewer: Level) -> list[tuple[Level, str]]:
    added, removed = [one for one in new if one not in old], [one for one in old if one not in new]
    found: list[tuple[Level, str]] = []
    if added:
        found.append((more, f"values added: {_listed(added)}"))
    if removed:
        found.append((fewer, f"values removed: {_listed(removed)}"))
    return found


def _listed(values: Sequence[Any]) -> str:
    more = f" and {len(values) - _MOST_SHOWN} more" if len(values) > _MOST_SHOWN else ""
    return ", ".join(shown(value) for value in values[:_MOST_SHOWN]) + more


def _unknown(old: str, new: str) -> list[tuple[Level, str]]:
    text = f"{old} -> {new}" if old != new else f"{new}: changed"
    return [(_WIDER, f"{text} (may allow more)"), (_NARROWER, f"{text} (may refuse more)")]
