"""Reading the documents of other tools: strangers' files, so bounded in size, depth and what YAML may make of them."""

from __future__ import annotations

import json
from collections.abc import Hashable
from datetime import date, datetime, time
from typing import Any

import yaml

from solvent.data.errors import InvalidContract

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

MAX_BYTES = 5_000_000
MAX_DEPTH = 60
MAX_VALUES = 500_000
"""Counted with what YAML's aliases repeat: a small text can stand for more than any memory."""


class _Loader(SafeLoader):
    """Plain data only; a key that stands twice in a mapping is an error instead of silently lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' stands here twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge keys (``<<``) are not followed, which refuses them: a few lines of them make billions of entries."""


def parse(content: bytes, name: str) -> Any:
    """The plain data of a JSON or YAML text: mappings with text keys, lists, texts, numbers, booleans and None.

    Raises:
        InvalidContract: larger than 5 MB, not UTF-8, neither JSON nor YAML, nested too deeply, or too many values.
    """
    if len(content) > MAX_BYTES:
        raise InvalidContract(f"{name} is larger than {MAX_BYTES:,} bytes: no schema or suite is meant to be")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidContract(f"{name} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    try:
        value = _json(text, name) if text.lstrip()[:1] in ("{", "[") else _yaml(text, name)
    except RecursionError as error:
        raise InvalidContract(f"{name} is nested deeper than {MAX_DEPTH} levels") from error
    return _plain(value, name, 0, [MAX_VALUES])


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_twins)
    except json.JSONDecodeError as error:
        try:  # YAML's flow style begins with the same signs
            return _yaml(text, name)
        except InvalidContract:
            raise InvalidContract(
                f"{name}, line {error.lineno}, column {error.colno}: not valid JSON: {error.msg}"
            ) from error
    except ValueError as error:
        raise InvalidContract(f"{name}: not usable JSON: {error}") from error


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key '{twice}' stands twice in one object")
    return found


def _yaml(text: str, name: str) -> Any:
    try:
        _refuse_depths(text, name)
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InvalidContract(f"{name}{place}: not valid YAML: {error.problem or error.context}") from error
    except (InvalidContract, RecursionError):
        raise
    except Exception as error:  # PyYAML lets KeyError, IndexError, AttributeError ... of odd values pass
        raise InvalidContract(f"{name}: not usable YAML: {' '.join(str(error).split())}") from error


def _refuse_depths(text: str, name: str) -> None:
    """The events come without recursion; composing them recurses in C, where no limit of Python's holds."""
    depth = 0
    for event in yaml.parse(text, SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidContract(f"{name} is nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _plain(value: Any, name: str, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise InvalidContract(f"{name} stands for more than {MAX_VALUES:,} values: no schema or suite is meant to")
    if depth > MAX_DEPTH:
        raise InvalidContract(f"{name} is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        return {str(key): _plain(entry, name, depth + 1, left) for key, entry in value.items()}
    if isinstance(value, (list, set)):
        return [_plain(entry, name, depth + 1, left) for entry in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def scalars(values: Any) -> tuple[bool | int | float | str, ...] | None:
    """Values that a condition can compare with, nulls left out; None if there is anything else among them."""
    if not isinstance(values, list):
        return None
    kept = [value for value in values if value is not None]
    if not all(isinstance(value, (bool, int, float, str)) for value in kept):
        return None
    return tuple({(isinstance(value, bool), value): value for value in kept}.values())


def whole_number(value: Any) -> int | None:
    """A number without a fraction, such as 3 or 3.0; else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def mapping(value: Any, place: str) -> dict[str, Any]:
    """A mapping, or nothing at all.

    Raises:
        InvalidContract: it is something else; ``place`` says where.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidContract(f"{place}: expected a mapping, found {shown(value)}")
    return value


def sequence(value: Any, place: str) -> list[Any]:
    """A list, or nothing at all.

    Raises:
        InvalidContract: it is something else; ``place`` says where.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidContract(f"{place}: expected a list, found {shown(value)}")
    return value


def shown(value: Any) -> str:
    """A value in a message: one line that is not longer than 80 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
