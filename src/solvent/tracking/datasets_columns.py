"""What the schemas and profiles of data sets say, in MLflow's form of them; nothing, where they are of another form."""

from __future__ import annotations

import json
from typing import Any


def columns_of(schema: str | None) -> dict[str, str]:
    """Types by column, in their order."""
    found = _object(schema).get("mlflow_colspec")
    if not isinstance(found, list):
        return {}
    return {
        str(column.get("name") or index): _type(column.get("type"))
        for index, column in enumerate(found)
        if isinstance(column, dict)
    }


def rows_of(profile: str | None) -> str:
    """The number of rows as text, if it is known."""
    rows = _object(profile).get("num_rows")
    return f"{rows:,}" if isinstance(rows, int) else ""


def changes(old: str | None, new: str | None, most: int) -> str:
    """How the columns differ: ``+added -removed name: old -> new``, at most so many of them; a dash if they don't.

    >>> spec = '{"mlflow_colspec": [{"name": "%s", "type": "%s"}]}'
    >>> changes(spec % ("age", "long"), spec % ("age", "double"), 5)
    'age: long -> double'
    """
    before, after = columns_of(old), columns_of(new)
    if not before or not after:
        return ""
    found = [f"+{name}" for name in after if name not in before]
    found += [f"-{name}" for name in before if name not in after]
    found += [
        f"{name}: {before[name]} -> {kind}" for name, kind in after.items() if name in before and before[name] != kind
    ]
    shown = ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")
    return shown or "-"


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _type(kind: Any) -> str:
    return kind if isinstance(kind, str) else json.dumps(kind)
