"""Writing contracts: YAML in the standard's order of keys, the same bytes for the same document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_FIRST = (
    *("kind", "apiVersion", "id", "name", "property", "version", "status", "tenant", "domain", "dataProduct"),
    *("physicalName", "businessName", "type", "metric", "engine", "logicalType", "physicalType", "description"),
    *("logicalTypeOptions", "required", "unique", "primaryKey", "primaryKeyPosition", "enum", "value"),
    *("arguments", "query", "implementation", "unit"),
)
_LAST = ("customProperties", "tags", "quality", "properties", "items", "map", "schema", "team", "servers")
_ORDER = {key: number for number, key in enumerate(_FIRST)} | {key: 1_000 + n for n, key in enumerate(_LAST)}
_OTHER = 500
_WIDTH = 110
_NUMBER_ELSEWHERE = re.compile(r"[-+]?(0o[0-7]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)|[-+]?[0-9:]+")
"""Texts that YAML 1.2 reads as numbers, and PyYAML (YAML 1.1) does not: they are quoted for other readers."""
_FREE = ("value", "examples", "implementation", "arguments", "mustBe", "mustNotBe", "validValues")


class _Dumper(yaml.SafeDumper):
    """No aliases; the items of a list are indented."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    lines = value.split("\n")
    if not all(line.isprintable() for line in lines) or _NUMBER_ELSEWHERE.fullmatch(value):
        style: str | None = '"'  # PyYAML writes some line ends of Unicode bare, and reads them as spaces
    else:
        style = "|" if len(lines) > 1 and all(line == line.rstrip() for line in lines) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def write_document(document: Mapping[str, Any]) -> str:
    """The text of a document. Reading it gives the same document, and the same digest."""
    return yaml.dump(_ordered(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _ordered(value: Any, *, free: bool = False) -> Any:
    """In the standard's order; what is free in the standard keeps its own."""
    if isinstance(value, Mapping):
        keys = list(value) if free else sorted(value, key=lambda key: _ORDER.get(key, _OTHER))
        return {key: _ordered(value[key], free=free or key in _FREE) for key in keys}
    if isinstance(value, list | tuple):
        return [_ordered(part, free=free) for part in value]
    return value
