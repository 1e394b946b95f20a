"""Reading the documents of other tools: strangers' files, so bounded in size, depth and what YAML may make of them."""

from __future__ import annotations

import json
from typing import Any

from solvent.data.errors import InvalidContract
from solvent.yaml_text import MAX_DEPTH, decoded, read_yaml
from solvent.yaml_text import MAX_NODES as MAX_VALUES

MAX_BYTES = 5_000_000


def parse(content: bytes, name: str) -> Any:
    """The plain data of a JSON or YAML text: mappings with text keys, lists, texts, numbers, booleans and None.

    Raises:
        InvalidContract: larger than 5 MB, not UTF-8, neither JSON nor YAML, nested too deeply, or too many values.
    """
    text = decoded(content, name, InvalidContract, MAX_BYTES)
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
    return read_yaml(text, name, InvalidContract).value


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
