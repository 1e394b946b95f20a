"""``contracts:`` of a project: which data is held against which contract before a run starts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from solvent.projects.declared import filled
from solvent.projects.errors import InvalidProject, nearest
from solvent.projects.yamlfile import read_text

_KEYS = ("data", "contract", "table", "severity", "examples")
_SEVERITIES = ("error", "warning")
_MOST_EXAMPLES = 100
_FILES = (("solvent.toml", ("contracts",)), ("pyproject.toml", ("tool", "solvent", "contracts")))


@dataclass(frozen=True)
class ContractUse:
    """Data that must keep a contract.

    ``data`` is a path from the project's folder and may name parameters of the entry point, as ``{train}``;
    ``severity`` warning lets the run start all the same; ``entry_points`` empty: all of them.
    """

    data: str
    contract: str
    where: str
    table: str | None = None
    severity: Literal["error", "warning"] = "error"
    examples: int = 3
    entry_points: tuple[str, ...] = ()

    def data_for(self, values: Mapping[str, str]) -> str:
        """The data's path with the parameters' values in it.

        Raises:
            InvalidProject: it names a parameter that the entry point does not declare.
        """
        return filled(self.data, values, f"{self.where}: data")


def contracts_of(content: Any, where: str, *, named: bool = False) -> tuple[ContractUse, ...]:
    """The list under ``contracts``; with ``named`` each may say for which entry points it holds.

    Raises:
        InvalidProject: it is not as documented; a misspelt key is told with the nearest one.
    """
    if content is None:
        return ()
    if not isinstance(content, list):
        raise InvalidProject(f"{where}: contracts must be a list of blocks with data and contract, found '{content}'")
    return tuple(_use(one, f"{where}: contracts[{number}]", named) for number, one in enumerate(content))


def contracts_in_settings(folder: Path) -> tuple[ContractUse, ...]:
    """``[[contracts]]`` of the project's solvent.toml, and ``[[tool.solvent.contracts]]`` of its pyproject.toml."""
    found: list[ContractUse] = []
    for name, keys in _FILES:
        path = folder / name
        if not path.is_file():
            continue
        try:
            table: Any = tomllib.loads(read_text(path))
        except tomllib.TOMLDecodeError as error:
            raise InvalidProject(f"{path}: not valid TOML: {error}") from None
        for key in keys:
            table = table.get(key) if isinstance(table, dict) else None
        found += contracts_of(table, str(path), named=True)
    return tuple(found)


def holding(uses: Sequence[ContractUse], entry_point: str) -> tuple[ContractUse, ...]:
    """Those that hold for an entry point."""
    return tuple(use for use in uses if not use.entry_points or entry_point in use.entry_points)


def check_entry_points(uses: Sequence[ContractUse], known: Sequence[str]) -> None:
    """
    Raises:
        InvalidProject: one holds for an entry point that is not there, so that it would never be looked at.
    """
    for use in uses:
        for name in use.entry_points:
            if name not in known and not name.endswith((".py", ".sh")):
                raise InvalidProject(f"{use.where}: there is no entry point '{name}'{nearest(name, known)}")


def _use(block: Any, where: str, named: bool) -> ContractUse:
    keys = (*_KEYS, "entry_points") if named else _KEYS
    if not isinstance(block, dict):
        raise InvalidProject(f"{where} must be a block with data and contract, found '{block}'")
    for key in block:
        if key not in keys:
            raise InvalidProject(f"{where}: unknown key '{key}' (known: {', '.join(keys)}){nearest(str(key), keys)}")
    for key in ("data", "contract"):
        if not isinstance(block.get(key), str) or not block[key]:
            raise InvalidProject(f"{where}: {key} must be a path, found '{block.get(key)}'")
    table, severity, examples = block.get("table"), block.get("severity", "error"), block.get("examples", 3)
    if table is not None and not isinstance(table, str):
        raise InvalidProject(f"{where}: table must be the name of one of the contract's tables, found '{table}'")
    if severity not in _SEVERITIES:
        raise InvalidProject(f"{where}: severity must be error or warning, found '{severity}'")
    if type(examples) is not int or not 0 <= examples <= _MOST_EXAMPLES:
        raise InvalidProject(f"{where}: examples must be a number of rows up to {_MOST_EXAMPLES}, found '{examples}'")
    names = block.get("entry_points", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidProject(f"{where}: entry_points must be a list of names, found '{names}'")
    return ContractUse(block["data"], block["contract"], where, table, severity, examples, tuple(names))
