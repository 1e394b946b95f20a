"""What to say of a column that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from solvent.data.engine.protocol import Failed


def no_column(name: str, names: Iterable[str]) -> Failed:
    """The reason, with the nearest name.

    >>> no_column("agee", ["age", "name"]).reason
    "no column 'agee' (nearest: 'age')"
    """
    near = difflib.get_close_matches(name, list(names), 1, 0.5)
    return Failed(f"no column '{name}'" + (f" (nearest: '{near[0]}')" if near else ""))
