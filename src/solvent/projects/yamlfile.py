"""Reading small YAML files that people write: bounded, safe, and exact about what is wrong where."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from solvent.projects.errors import InvalidProject

MAX_BYTES = 1_000_000


class _Loader(yaml.SafeLoader):
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


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping at the top of a YAML file; an empty file is an empty mapping.

    Raises:
        InvalidProject: unreadable, larger than 1 MB, not UTF-8, not YAML (with line and column), or no mapping.
    """
    text = read_text(path)
    try:
        value = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InvalidProject(f"{path}{place}: not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise InvalidProject(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    except (RecursionError, ValueError) as error:
        raise InvalidProject(f"{path}: not usable YAML: {error}") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidProject(f"{path}: expected 'key: value' lines, found a {type(value).__name__}")
    return {str(key): entry for key, entry in value.items()}


def read_text(path: Path) -> str:
    """The text of a file that is part of a project."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidProject(f"{path} is not there: correct its name in the project, or add it") from None
    except OSError as error:
        raise InvalidProject(f"{path} can't be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise InvalidProject(f"{path} is larger than {MAX_BYTES:,} bytes: no file of this kind is meant to be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidProject(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
