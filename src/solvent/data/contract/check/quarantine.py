"""Rows that break a contract, put aside in a file of their own."""

from __future__ import annotations

import glob
import os
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from solvent.data.contract.check.report import Report
from solvent.data.contract.check.words import visible
from solvent.data.contract.model import RowRule, TableContract
from solvent.data.engine.protocol import Engine, Table
from solvent.data.errors import UnreadableData
from solvent.errors import InvalidInput


def quarantine(table: Table, asked_of: TableContract, report: Report, bad: Path) -> int | None:
    """Write the rows that break any failed rule of severity ``error``, with their reasons, to a Parquet file.

    How many there are; None, and no file, if no rule about rows has failed.
    """
    outcomes = [check for check in report.checks if check.about == "rule"]
    broken = [
        rule.condition
        for rule, outcome in zip(asked_of.rules, outcomes, strict=True)
        if isinstance(rule, RowRule) and outcome.status == "failed" and outcome.severity == "error"
    ]
    return table.divide(list(dict.fromkeys(broken)), bad) if broken else None


def refuse_place(source: object, bad: Path, engine: Engine) -> None:
    """Bad rows replace no file but that of an earlier check, and never become part of the data.

    Raises:
        InvalidInput: the file would.
    """
    shown = visible(str(bad))
    if not bad.absolute().parent.is_dir():
        raise InvalidInput(f"bad rows can't be put into '{shown}': its folder does not exist; make it first")
    if isinstance(source, str | os.PathLike) and _is_data(os.fspath(source), bad):
        raise InvalidInput(f"bad rows can't be put into '{shown}': it would be part of the data; name another place")
    if os.path.lexists(bad) and not _holds_bad_rows(bad, engine):
        raise InvalidInput(
            f"bad rows can't be put into '{shown}': it exists, and is not of an earlier check; name another file"
        )


def _is_data(source: str, bad: Path) -> bool:
    """Whether ``bad`` is, or would be, among the files that a path stands for."""
    place = Path(source.removeprefix("sqlite:///").removeprefix("duckdb:///")).expanduser()
    if place.is_dir():
        return bad.resolve().is_relative_to(place.resolve())
    if place.exists():
        return bad.resolve() == place.resolve()
    return glob.has_magic(source) and _matches(bad.absolute(), place.absolute())


def _matches(path: PurePath, pattern: PurePath) -> bool:
    if "**" in pattern.parts:
        begin = pattern.parts[: pattern.parts.index("**")]
        return _fits(path.parts[: len(begin)], begin) and fnmatchcase(path.name, pattern.name.replace("**", "*"))
    return len(path.parts) == len(pattern.parts) and _fits(path.parts, pattern.parts)


def _fits(parts: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _holds_bad_rows(file: Path, engine: Engine) -> bool:
    from solvent.data.engine.duck.divide import REASONS

    if not file.is_file():
        return False
    try:
        table = engine.open(file)
    except UnreadableData:
        return False
    try:
        return REASONS in [column.name.rstrip("_") for column in table.columns]
    finally:
        table.close()
