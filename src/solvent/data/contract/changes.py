"""What a change of a contract means for those who rely on it.

- BREAKING: what was relied on is gone or is something else: a column, its type, its role.
- WIDENING: data may now hold what it could not hold before: models may meet values that they never saw.
- NARROWING: data that was allowed is now refused: those who deliver it may fail.
- COSMETIC: neither: descriptions, owners, examples, words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from solvent.data.contract.versions import BUMPS, Bump

Level = Literal["BREAKING", "WIDENING", "NARROWING", "COSMETIC"]
LEVELS: tuple[Level, ...] = ("BREAKING", "WIDENING", "NARROWING", "COSMETIC")
_NEEDS: dict[Level, Bump] = {"BREAKING": "major", "WIDENING": "minor", "NARROWING": "minor", "COSMETIC": "patch"}


class Change(msgspec.Struct, frozen=True):
    """``text`` says what was and what is; ``column`` is None for what concerns a table or the whole contract."""

    level: Level
    text: str
    table: str | None = None
    column: str | None = None


def needed(changes: Iterable[Change]) -> Bump:
    """The smallest bump that says what these changes are."""
    return max((_NEEDS[change.level] for change in changes), key=BUMPS.index, default="none")


def by_weight(changes: Iterable[Change]) -> list[Change]:
    """The heaviest first, otherwise in their order."""
    return sorted(changes, key=lambda change: LEVELS.index(change.level))
