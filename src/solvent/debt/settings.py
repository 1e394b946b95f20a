"""``[tool.solvent.debt]`` of pyproject.toml, or ``[debt]`` of solvent.toml."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from solvent.debt.errors import InvalidDebtSettings
from solvent.debt.findings import Severity
from solvent.debt.sources.roles import Role

MAX_BYTES = 1_000_000


class RuleSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a team says of one rule: another price or severity, or its number of most or least."""

    severity: Severity | None = None
    minutes: int | None = None
    limit: float | None = None


class Rating(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="kebab"):
    """A: up to ``a`` of the time that the code took, ``minutes_per_line``; and so on (SQALE's grid)."""

    minutes_per_line: float = 30.0
    a: float = 0.05
    b: float = 0.10
    c: float = 0.20
    d: float = 0.50


class DebtSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="kebab"):
    """``select`` empty: all rules that are on by default. ``profiles`` maps glob patterns to roles of files."""

    select: list[str] = []
    ignore: list[str] = []
    preview: bool = False
    exclude: list[str] = []
    profiles: dict[str, Role] = {}
    facts: list[str] = []
    baseline: str | None = None
    rules: dict[str, RuleSettings] = {}
    rating: Rating = Rating()


def read_settings(root: Path) -> DebtSettings:
    """The settings of the project at ``root``; the defaults if it has none.

    Raises:
        InvalidDebtSettings: no TOML, or a key or value that is not meant; the message names the nearest key.
    """
    for name, keys in (("solvent.toml", ("debt",)), ("pyproject.toml", ("tool", "solvent", "debt"))):
        path = root / name
        table: Any = _read(path) if path.is_file() else {}
        for key in keys:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if table:
            return _convert(table, path)
    return DebtSettings()


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        if len(content) > MAX_BYTES:
            raise InvalidDebtSettings(f"{path} is larger than {MAX_BYTES:,} bytes")
        return tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidDebtSettings(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise InvalidDebtSettings(f"{path} can't be read: {error.strerror}") from error


def _convert(table: object, path: Path) -> DebtSettings:
    try:
        return msgspec.convert(table, DebtSettings)
    except msgspec.ValidationError as error:
        text = str(error)
        if "unknown field" in text:
            given = text.split("`")[1]
            known = [*(f.encode_name for f in msgspec.structs.fields(DebtSettings)), "severity", "minutes", "limit"]
            near = difflib.get_close_matches(given, known, 1)
            text += f": did you mean '{near[0]}'?" if near else f": known are {', '.join(known)}"
        raise InvalidDebtSettings(f"{path}, debt: {text}") from None
