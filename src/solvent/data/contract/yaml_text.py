"""YAML that anybody may have written: bounded in size, depth and what its aliases unfold to, and plain data only.

Dates and times stay the texts that they are, and every key is a text: what JSON can't say is refused.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML without its C part
    from yaml import SafeLoader  # type: ignore[assignment]

from solvent.data.errors import InvalidContract

MAX_BYTES = 5_000_000
MAX_NODES = 500_000
MAX_DEPTH = 60
_MOST = 10**300

Steps = tuple[str | int, ...]


class _Loader(SafeLoader):
    """No dates, no keys but texts, no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' stands here twice", key.start_mark)
            seen.add(key.value)
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep) for key, value in node.value}


def _as_text(_: Any, node: Any) -> str:
    return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


class YamlText(NamedTuple):
    """A YAML text's value, and the nodes that know where things stand."""

    value: Any
    node: yaml.Node

    def line(self, steps: Steps) -> int:
        """The line, from 1, where the value at these steps stands, or the nearest thing around it that is there."""
        node = self.node
        line = node.start_mark.line
        for step in steps:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == step), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line
            else:
                break
        return int(line) + 1


def read_text(path: Path) -> str:
    """The text of a contract's file.

    Raises:
        InvalidContract: it is not there, can't be read, is larger than 5 MB, or is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidContract(
            f"{path} is not there: correct the name, or write it by 'solvent contracts infer'"
        ) from None
    except (OSError, ValueError) as error:
        raise InvalidContract(f"{path} can't be read: {getattr(error, 'strerror', None) or error}") from error
    return text_of(content, str(path))


def text_of(content: bytes, name: str) -> str:
    """
    Raises:
        InvalidContract: larger than 5 MB, or no UTF-8.
    """
    if len(content) > MAX_BYTES:
        raise InvalidContract(f"{name} is larger than {MAX_BYTES:,} bytes: no contract is meant to be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidContract(f"{name} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error


def parse_yaml(text: str, name: str) -> YamlText:
    """What a text says.

    Raises:
        InvalidContract: no YAML (with line and column), too large, too deep, or nothing that JSON could say.
    """
    try:
        _count_events(text, name)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise InvalidContract(f"{name} is empty: expected a contract of the Open Data Contract Standard")
            _unfolded(node, name, {}, set())
            value = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InvalidContract(f"{name}{place}: not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise InvalidContract(f"{name}: not valid YAML: {' '.join(str(error).split())[:300]}") from error
    except (RecursionError, ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        # PyYAML lets them pass for odd values, such as '!!int x'
        raise InvalidContract(f"{name}: not usable YAML: {' '.join(str(error).split())[:300]}") from error
    only_plain(value, name)
    return YamlText(value, node)


def _count_events(text: str, name: str) -> None:
    """Before anything is built by recursion: how deep and how much it is."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, SafeLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise InvalidContract(f"{name}, line {line}: deeper than {MAX_DEPTH} levels")
        if number > 2 * MAX_NODES:
            raise InvalidContract(f"{name} has more than {MAX_NODES:,} values: no contract is meant to have")


def _unfolded(node: yaml.Node, name: str, sizes: dict[int, int], open_nodes: set[int]) -> int:
    """How many nodes there are once every alias is replaced by what it stands for."""
    if id(node) in sizes:
        return sizes[id(node)]
    if id(node) in open_nodes:
        raise InvalidContract(f"{name}, line {node.start_mark.line + 1}: an alias stands for what it is part of")
    open_nodes.add(id(node))
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inner = [part for pair in node.value for part in pair]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    size = 1 + sum(_unfolded(part, name, sizes, open_nodes) for part in inner)
    if size > MAX_NODES:
        raise InvalidContract(f"{name}: its aliases unfold to more than {MAX_NODES:,} values")
    open_nodes.discard(id(node))
    sizes[id(node)] = size
    return size


def only_plain(value: Any, name: str, steps: Steps = ()) -> None:
    """
    Raises:
        InvalidContract: something that JSON has no word for: bytes, sets, NaN, infinity.
    """
    if isinstance(value, dict):
        for key, part in value.items():
            only_plain(part, name, (*steps, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            only_plain(part, name, (*steps, number))
    elif isinstance(value, float) and not math.isfinite(value):
        raise InvalidContract(f"{name}, {place_of(steps)}: expected a number, came {value}")
    elif isinstance(value, int) and abs(value) > _MOST:
        raise InvalidContract(f"{name}, {place_of(steps)}: a number above {_MOST:.0e} can't be compared with any data")
    elif not isinstance(value, str | int | float | None):
        raise InvalidContract(
            f"{name}, {place_of(steps)}: expected text, numbers or lists, came {type(value).__name__}"
        )


def place_of(steps: Steps) -> str:
    """
    >>> place_of(("schema", 0, "properties", 2, "name"))
    'schema[0].properties[2].name'
    """
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".") or "the document"
