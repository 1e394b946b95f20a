"""JSON Schema's references (``$ref``) within one document; nothing is fetched."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

_MOST = 50


class Unresolved(Exception):
    """A reference that leads nowhere, elsewhere, or in a circle."""


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """A schema with what its reference leads to; its own words go before.

    Raises:
        Unresolved: see there.
    """
    for _ in range(_MOST):
        if "$ref" not in schema:
            return schema
        target = _target(schema["$ref"], root)
        schema = target | {key: value for key, value in schema.items() if key != "$ref"}
        if "$ref" in target:
            schema["$ref"] = target["$ref"]
    raise Unresolved("it refers to itself")


def _target(reference: Any, root: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise Unresolved("it refers to another document, and nothing is fetched")
    found: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            raise Unresolved("it leads nowhere")
    if not isinstance(found, dict):
        raise Unresolved("it leads to no schema")
    return found
