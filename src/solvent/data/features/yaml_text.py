"""YAML that people write about data: bounded, plain data only, and exact about what is wrong where."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML without its C part
    from yaml import SafeLoader  # type: ignore[assignment]

from solvent.errors import InvalidInput

MAX_BYTES = 1_000_000


class Document(NamedTuple):
    """What a YAML text says. ``node`` is its syntax tree, whose marks know the lines."""

    value: Any
    node: yaml.Node | None


class _Loader(SafeLoader):
    """A key that stands twice is an error instead of silently lost; merge keys, of which a few lines make billions of
    entries, are refused."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave them where they are: nothing constructs them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' stands here twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_document(content: bytes, name: str, error: type[InvalidInput]) -> Document:
    """The one document of a file's bytes.

    Args:
        error: what is raised if it is larger than 1 MB, not UTF-8 or not YAML; the message begins with ``name``.
    """
    if len(content) > MAX_BYTES:
        raise error(f"{name} is larger than {MAX_BYTES:,} bytes: no file of this kind is meant to be")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise error(f"{name} is not UTF-8 text (byte {wrong.start}): save it as UTF-8") from wrong
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            return Document(None if node is None else loader.construct_document(node), node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise error(f"{name}{place}: not valid YAML: {wrong.problem or wrong.context}") from wrong
    except Exception as wrong:  # PyYAML lets KeyError, AttributeError, RecursionError ... of odd values pass
        raise error(f"{name}: not valid YAML: {' '.join(str(wrong).split())[:200]}") from wrong
