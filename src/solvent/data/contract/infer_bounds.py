"""A draft that is larger than a contract may be can't be read back: of very wide data, the least needed is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from solvent.data.contract.model import EVIDENCE
from solvent.data.contract.yaml_text import MAX_BYTES
from solvent.data.errors import InvalidContract
from solvent.yaml_text import MAX_NODES

_SHARE = 0.9
"""Of the bounds: whoever completes the draft needs room."""
_LEAST = 1_000
"""Columns from which it is worth looking."""


class Note(NamedTuple):
    """Something that was not inferred, and why; ``column`` is None for what concerns the whole."""

    column: str | None
    text: str


def within_bounds(document: dict[str, Any]) -> list[Note]:
    """Leave out of a draft what is needed least, until it is one that can be read; what that was.

    Raises:
        InvalidContract: it has more columns than a contract can name.
    """
    columns = document["schema"][0]["properties"]
    notes: list[Note] = []
    if len(columns) < _LEAST:
        return notes
    for what, leave_out in _LEFT_OUT:
        if _fits(document):
            return notes
        for column in columns:
            leave_out(column)
        notes.append(Note(None, f"of {len(columns):,} columns, {what} left out: a contract may not be as large"))
    if not _fits(document):
        raise InvalidContract(f"{len(columns):,} columns are more than a contract can name: leave some of them out")
    return notes


def _without_evidence(column: dict[str, Any]) -> None:
    kept = [word for word in column.get("customProperties", []) if word["property"] != EVIDENCE]
    column.pop("customProperties", None)
    if kept:
        column["customProperties"] = kept


def _without_quality(column: dict[str, Any]) -> None:
    column.pop("quality", None)


def _without_options(column: dict[str, Any]) -> None:
    column.pop("logicalTypeOptions", None)


_LEFT_OUT: tuple[tuple[str, Callable[[dict[str, Any]], None]], ...] = (
    ("the evidence was", _without_evidence),
    ("the valid values were", _without_quality),
    ("the bounds and lengths were", _without_options),
)


def _fits(document: dict[str, Any]) -> bool:
    nodes, size = _measure(document, 0)
    return nodes < _SHARE * MAX_NODES and size < _SHARE * MAX_BYTES


def _measure(value: Any, depth: int) -> tuple[int, int]:
    """Nodes and, at most, bytes of a value in YAML: each on a line of its own, with quotes and its indentation."""
    around = 2 * depth + 6
    if isinstance(value, dict):
        parts = [_measure(key, 0) for key in value] + [_measure(part, depth + 1) for part in value.values()]
    elif isinstance(value, list):
        parts = [_measure(part, depth + 2) for part in value]
    else:
        return 1, len(str(value).encode("utf-8", "backslashreplace")) + around
    return 1 + sum(nodes for nodes, _ in parts), sum(size for _, size in parts)
