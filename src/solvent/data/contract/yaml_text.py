"""The text of contracts: read within bounds, and made of what JSON can say."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from solvent.data.errors import InvalidContract
from solvent.yaml_text import decoded, read_yaml

MAX_BYTES = 5_000_000
_MOST = 10**300

Steps = tuple[str | int, ...]


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
    return decoded(content, name, InvalidContract, MAX_BYTES)


def parse_yaml(text: str, name: str) -> YamlText:
    """What a text says.

    Raises:
        InvalidContract: no YAML (with line and column), too large, too deep, or nothing that JSON could say.
    """
    value, node = read_yaml(text, name, InvalidContract, merge_keys=True)
    if node is None:
        raise InvalidContract(f"{name} is empty: expected a contract of the Open Data Contract Standard")
    only_plain(value, name)
    return YamlText(value, node)


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
