"""What a run keeps of the features that its process has declared: ``solvent/features.json``."""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from solvent.data.features.definition import Bindings, bindings_of, definition_at, parse, version_of
from solvent.data.features.registered import Registered
from solvent.provenance.redact import redact_bytes

FILE = "solvent/features.json"
TAG = "solvent.features"
"""The tag with the digest of all names and versions: runs with equal ones had the same features."""
VERSION = 1
MAX_SOURCE = 20_000
MAX_SOURCES = 1_000_000


class Unit(NamedTuple):
    """The source that a feature was written in: a file, or the cells that were executed."""

    lines: list[str]
    tree: ast.Module
    bindings: Bindings


def document_of(features: Iterable[Registered], folder: Path) -> tuple[bytes, str]:
    """The JSON of declared features, and their digest. Paths are relative to ``folder`` where they lie in it."""
    units: dict[str, Unit | None] = {}
    entries: list[dict[str, Any]] = []
    room = MAX_SOURCES
    for feature in sorted(features, key=lambda each: (each.name, each.module, each.qualname)):
        entry = _entry(feature, _unit_of(feature, units), folder)
        source = entry["source"]
        if source is not None and len(source) > min(MAX_SOURCE, room):
            entry |= {"source": None, "note": f"the source is left out: it has {len(source):,} characters"}
        room -= len(entry["source"] or "")
        entries.append(entry)
    digest = hashlib.sha256(json.dumps([[each["name"], each["version"]] for each in entries]).encode()).hexdigest()
    return json.dumps({"version": VERSION, "features": entries}, indent=1).encode(), digest[:16]


def _entry(feature: Registered, unit: Unit | None, folder: Path) -> dict[str, Any]:
    found = definition_at(unit.tree, feature.qualname) if unit else None
    entry: dict[str, Any] = {
        "name": feature.name,
        "description": feature.description,
        "owner": feature.owner,
        "inputs": feature.inputs,
        "outputs": feature.outputs,
        "version": "",
        "module": feature.module,
        "symbol": feature.qualname,
        "file": _shown(feature.file, folder),
        "line": None,
        "source": None,
    }
    if unit is None or found is None:
        return entry | {"note": "no source: neither a file nor a cell holds this function"}
    first = min([found.lineno, *(each.lineno for each in found.decorator_list)])
    text = "".join(unit.lines[first - 1 : found.end_lineno])
    source = redact_bytes(text.encode("utf-8", "replace"))[0].decode()
    return entry | {"version": version_of(found, unit.bindings), "line": found.lineno, "source": source}


def _unit_of(feature: Registered, units: dict[str, Unit | None]) -> Unit | None:
    key = feature.file
    cells = [] if Path(feature.file).is_file() else _executed_cells()
    if cells:
        key = "<cells>"
    if key not in units:
        lines = [line for cell in cells for line in _parsable(cell)] if cells else feature.lines
        try:
            tree = parse("".join(lines))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            units[key] = None
        else:
            units[key] = Unit(lines, tree, bindings_of(tree)) if lines else None
    return units[key]


def _parsable(cell: str) -> list[str]:
    """The lines of a cell; none of one that was refused."""
    try:
        parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return f"{cell}\n".splitlines(keepends=True)


def _executed_cells() -> list[str]:
    """The cells of this notebook's kernel as IPython executed them; none elsewhere."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython is not None else None
    cells = getattr(getattr(shell, "history_manager", None), "input_hist_parsed", None)
    return [cell for cell in cells if isinstance(cell, str)] if isinstance(cells, list) else []


def _shown(file: str, folder: Path) -> str:
    path = Path(file)
    return path.relative_to(folder).as_posix() if path.is_absolute() and path.is_relative_to(folder) else file
