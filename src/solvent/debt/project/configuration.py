"""The project's configuration files as keys with their lines: YAML, TOML, JSON, INI."""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import yaml

from solvent.debt.project.project import Project
from solvent.debt.project.yaml_text import SafeLoader, document_of
from solvent.debt.sources.errors import Unreadable

SUFFIXES = (".yaml", ".yml", ".toml", ".json", ".ini", ".cfg")
_CONFIGURATION = re.compile(
    r"(^|[/_.-])(conf|config|configs|configuration|settings?|params?|parameters|hparams|hyper_?param\w*)s?([/_.-]|$)",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"(^|/)(package|tsconfig|pyproject|setup|tox|mypy|pytest|docker-compose|mkdocs|renovate|vercel|logging[\w-]*|log_conf\w*|dvc|environment|conda)\W|(^|/)\.",
    re.IGNORECASE,
)
_MOST_TEXT = 200_000
_MOST_KEYS = 20_000


class Key(NamedTuple):
    """``path``: the names from the root. ``value`` is a scalar's, and None of a mapping or a list (``is_mapping``)."""

    path: tuple[str, ...]
    line: int
    value: Any
    is_mapping: bool


def configuration_paths(project: Project) -> list[str]:
    """Files that are named like the configuration of a program, and not like that of a tool."""
    return [
        path
        for path in project.paths
        if path.endswith(SUFFIXES) and _CONFIGURATION.search(path.rpartition(".")[0]) and not _FOREIGN.search(path)
    ]


def keys_of(path: str, text: str) -> list[Key]:
    """All keys of mappings of a file, outer ones first; nothing if it can't be read or is no mapping."""
    if len(text) > _MOST_TEXT:
        return []
    try:
        if path.endswith(".toml"):
            return list(_toml(text))
        if path.endswith((".ini", ".cfg")):
            return list(_ini(text))
        node = yaml.compose(text, Loader=SafeLoader)
        return list(islice(_yaml(node, (), 0, set()), _MOST_KEYS))
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        return []


def _yaml(node: Any, path: tuple[str, ...], depth: int, seen: set[int]) -> Iterator[Key]:
    """Each mapping once, where it stands first: aliases of aliases would make millions of keys."""
    if not isinstance(node, yaml.MappingNode) or depth > _DEEPEST or id(node) in seen:
        return
    seen.add(id(node))
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            continue
        inner = (*path, key.value)
        scalar = _scalar(value) if isinstance(value, yaml.ScalarNode) else None
        yield Key(inner, key.start_mark.line + 1, scalar, isinstance(value, yaml.MappingNode))
        yield from _yaml(value, inner, depth + 1, seen)


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.style in ("'", '"'):
        return node.value
    try:
        return document_of(node.value)
    except Unreadable:
        return node.value


_DEEPEST = 8
_SECTION = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
_ASSIGNED = re.compile(r"^\s*([\w.\"'-]+)\s*[=:]\s*(.*)$")


def _toml(text: str) -> Iterator[Key]:
    document = tomllib.loads(text)
    for key in _lines(text):
        value: Any = document
        for name in key.path:
            value = value.get(name) if isinstance(value, dict) else None
        yield Key(key.path, key.line, value if not isinstance(value, dict | list) else None, isinstance(value, dict))


def _ini(text: str) -> Iterator[Key]:
    for key in _lines(text):
        value = key.value
        with contextlib.suppress(Unreadable):
            value = document_of(value) if value else value
        yield Key(key.path, key.line, value, key.is_mapping)


def _lines(text: str) -> Iterator[Key]:
    """Sections and keys of a file that has one on each line."""
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("#", ";")):
            continue
        if found := _SECTION.match(line):
            section = tuple(part.strip("\"' ") for part in found[1].split("."))
            yield Key(section, number, None, True)
        elif found := _ASSIGNED.match(line):
            yield Key((*section, found[1].strip("\"'")), number, found[2].strip(), False)
