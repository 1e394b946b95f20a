"""YAML that anybody may have written: bounded in size, depth and what its aliases unfold to, and plain data only.

Dates and times stay the texts that they are, every key is a text, and one that stands twice is an error instead of
silently lost.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML without its C part
    from yaml import SafeLoader  # type: ignore[assignment]

from solvent.errors import InvalidInput, SolventError

MAX_NODES = 500_000
MAX_DEPTH = 60
_MERGE = "tag:yaml.org,2002:merge"


class YamlDocument(NamedTuple):
    """What a text says. ``node`` is its syntax tree, whose marks know the lines; None of an empty text."""

    value: Any
    node: yaml.Node | None


class _Loader(SafeLoader):
    """No dates, and no keys but texts."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        return {key: self.construct_object(value, deep) for key, value in _merged(node).items()}


def _merged(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """The nodes of a mapping by key, with those that ``<<`` brings: its own hold, then the first that is named.

    PyYAML's own merging gives short keys the value of what was merged first.
    """
    own: dict[str, yaml.Node] = {}
    merged: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.tag != _MERGE:
            own[key.value] = value
            continue
        for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(source, yaml.MappingNode):
                raise yaml.constructor.ConstructorError(None, None, "'<<' needs a mapping", source.start_mark)
            merged = {**_merged(source), **merged}
    return {**merged, **own}


def _as_text(_: Any, node: Any) -> str:
    return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


def decoded(content: bytes, name: str, error: type[InvalidInput], most: int) -> str:
    """The text of a file's bytes.

    Args:
        error: what is raised if there are more than ``most`` of them, or if they are no UTF-8.
    """
    if len(content) > most:
        raise error(f"{name} is larger than {most:,} bytes: no file of this kind is meant to be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise error(f"{name} is not UTF-8 text (byte {wrong.start}): save it as UTF-8") from wrong


def read_yaml(text: str, name: str, error: type[InvalidInput], *, merge_keys: bool = False) -> YamlDocument:
    """The one document of a text.

    Args:
        error: what is raised if it is no YAML (with line and column), too deep or too much, or no plain data; the
            message begins with ``name``.
        merge_keys: whether ``<<`` is followed, else it is refused.
    """
    try:
        _count_events(text, name, error)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return YamlDocument(None, None)
            _Nodes(name, error, merge_keys).size(node)
            return YamlDocument(loader.construct_document(node), node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise error(f"{name}{place}: not valid YAML: {wrong.problem or wrong.context}") from wrong
    except yaml.YAMLError as wrong:
        raise error(f"{name}: not valid YAML: {' '.join(str(wrong).split())[:300]}") from wrong
    except SolventError:
        raise
    except Exception as wrong:  # PyYAML lets KeyError, IndexError, AttributeError ... of odd values pass: '!!int x'
        raise error(f"{name}: not usable YAML: {' '.join(str(wrong).split())[:300]}") from wrong


def _count_events(text: str, name: str, error: type[InvalidInput]) -> None:
    """Before anything is built: the events come without recursion, composing recurses in C, where no limit holds."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, SafeLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise error(f"{name}, line {line}: nested deeper than {MAX_DEPTH} levels")
        if number > 2 * MAX_NODES:
            raise error(f"{name} has more than {MAX_NODES:,} values: no file of this kind is meant to have")


class _Nodes:
    """Looks at each node once, before anything is made of it."""

    def __init__(self, name: str, error: type[InvalidInput], merge_keys: bool) -> None:
        self._name, self._error, self._merge_keys = name, error, merge_keys
        self._sizes: dict[int, int] = {}
        self._open: set[int] = set()

    def size(self, node: yaml.Node) -> int:
        """How many nodes there are once every alias is replaced by what it stands for."""
        if id(node) in self._sizes:
            return self._sizes[id(node)]
        if id(node) in self._open:
            line = node.start_mark.line + 1
            raise self._error(f"{self._name}, line {line}: an alias stands for what it is part of")
        self._open.add(id(node))
        inner: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            self._look_at_keys(node)
            inner = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            inner = node.value
        size = 1 + sum(map(self.size, inner))
        if size > MAX_NODES:
            raise self._error(f"{self._name}: its aliases unfold to more than {MAX_NODES:,} values")
        self._open.discard(id(node))
        self._sizes[id(node)] = size
        return size

    def _look_at_keys(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            problem = None
            if not isinstance(key, yaml.ScalarNode):
                problem = "a key must be a plain word"
            elif key.value in seen:
                problem = f"'{key.value}' stands here twice"
            elif key.tag == _MERGE and not self._merge_keys:
                problem = "'<<' is not followed in files of this kind"
            if problem is not None:
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
