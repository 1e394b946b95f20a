"""The words that Solvent adds to the standard, in ``customProperties``; a misspelt one is an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from solvent.data.contract.model import EVIDENCE, EXTRA_COLUMNS, OPTIONAL, ROLE, ROLES
from solvent.data.contract.names import nearest, shown
from solvent.data.contract.rules import Wrong
from solvent.data.contract.yaml_text import Steps

Level = Literal["contract", "table", "column"]
WORDS: dict[str, tuple[Level, ...]] = {
    EVIDENCE: ("contract", "column"),
    EXTRA_COLUMNS: ("table",),
    OPTIONAL: ("column",),
    ROLE: ("column",),
}
_VALUES: dict[str, tuple[object, ...]] = {
    EXTRA_COLUMNS: ("refuse", "warn", "allow"),
    OPTIONAL: (True, False),
    ROLE: ROLES,
}


def words_of(part: Mapping[str, Any], level: Level, steps: Steps) -> dict[str, Any]:
    """Solvent's words in a part of a document, by name.

    Raises:
        Wrong: one that begins with ``solvent`` and is none of ours, is meant for another part, stands twice, or has a
            value that is not known.
    """
    found: dict[str, Any] = {}
    for number, entry in enumerate(part.get("customProperties", ())):
        name, value = entry["property"], entry["value"]
        if not name.lower().startswith("solvent"):
            continue
        place = (*steps, "customProperties", number)
        if name not in WORDS:
            raise Wrong((*place, "property"), f"unknown property '{name}'{nearest(name, WORDS)}")
        if level not in WORDS[name]:
            raise Wrong((*place, "property"), f"'{name}' belongs to a {' or a '.join(WORDS[name])}, not to a {level}")
        if name in found:
            raise Wrong((*place, "property"), f"'{name}' stands here twice")
        known = _VALUES.get(name)
        if known is not None and not any(value is one or (value == one and isinstance(value, str)) for one in known):
            raise Wrong((*place, "value"), f"{name} can't be {shown(value)}{nearest(str(value), map(str, known))}")
        found[name] = value
    return found
