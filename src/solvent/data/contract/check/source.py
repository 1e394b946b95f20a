"""Hold a file, a frame or a data base's table against a contract: what all doors to the check share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import msgspec

from solvent.data.contract.check.check import EXAMPLES, check
from solvent.data.contract.check.outcome import Check
from solvent.data.contract.check.quarantine import quarantine, refuse_place
from solvent.data.contract.check.report import Report
from solvent.data.contract.check.words import nearest, visible
from solvent.data.contract.model import Contract, TableContract
from solvent.data.engine.protocol import Engine, Table
from solvent.data.errors import InvalidContract, NoSuchTable, UnreadableData


class Checked(NamedTuple):
    """``bad``: how many rows were put aside; None if none were asked for, or no rule about rows has failed."""

    report: Report
    bad: int | None = None


def read_contract(path: str | os.PathLike[str]) -> Contract:
    """The contract of a file.

    Raises:
        NotSupported: the extra [data] is not installed.
        InvalidContract: the file is not there, or is no contract.
    """
    from solvent.data.contract.read import read_contract as read

    return read(Path(path))


def choose_table(contract: Contract, name: str | None) -> TableContract:
    """The table of a contract that has this name; the only one if none is given.

    Raises:
        InvalidContract: there is no such table, or several to choose from.
    """
    names = [table.name for table in contract.tables]
    listed = ", ".join(f"'{visible(one)}'" for one in names) or "none"
    if name is None:
        if len(names) == 1:
            return contract.tables[0]
        raise InvalidContract(f"the contract {contract.id} has {len(names)} tables: name one of them ({listed})")
    if name not in names:
        raise InvalidContract(
            f"the contract {contract.id} has no table '{visible(name)}' (it has: {listed}){nearest(name, names)}"
        )
    return contract.tables[names.index(name)]


def check_source(
    source: object,
    contract: Contract,
    *,
    table: str | None = None,
    examples: int = EXAMPLES,
    bad: Path | None = None,
) -> Checked:
    """Open the data, check it, and write the rows that break the contract to ``bad``, if that is given.

    Args:
        source: a path, a frame, or a data base such as ``orders.duckdb``, whose table is called as the contract's
            (its ``physicalName``, or else its name).
        table: which table of the contract, if it has several.

    Raises:
        NotSupported, UnreadableData, InvalidContract: see there.
        InvalidInput: ``bad`` would replace something else than the bad rows of an earlier check.
    """
    asked_of = choose_table(contract, table)
    from solvent.data.engine.duck.table import DuckEngine

    engine = DuckEngine()
    if bad is not None:
        refuse_place(source, bad, engine)
    opened, remarks = _opened(source, asked_of, engine)
    try:
        report = check(opened, asked_of, contract, data=name_of(source), examples=examples)
        report = msgspec.structs.replace(report, remarks=[*remarks, *report.remarks])
        if bad is None:
            return Checked(report)
        return Checked(report, quarantine(opened, asked_of, report, bad))
    finally:
        opened.close()


def unreadable(source: object, contract: Contract, table: str | None, error: UnreadableData) -> Report:
    """The report of data that could not be looked at at all."""
    name = choose_table(contract, table).name
    failed = Check("can be read", "table", "error", reason=str(error))
    return Report(contract.id, contract.version, contract.digest, name, name_of(source), 0, [failed])


def as_warnings(report: Report) -> Report:
    """The same outcomes where none of them is to stop anything."""
    demoted = [
        msgspec.structs.replace(check, severity="warning") if check.severity == "error" else check
        for check in report.checks
    ]
    return msgspec.structs.replace(report, checks=demoted)


def name_of(source: object) -> str:
    """What data is called in a report: the path as it was given, or the kind of frame."""
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source) if isinstance(source, str) else str(source)
    return f"{type(source).__module__.partition('.')[0]}.{type(source).__name__}"


def _opened(source: object, asked_of: TableContract, engine: Engine) -> tuple[Table, list[str]]:
    """The data, and what must be said of how it was found.

    A data base's table is called as the contract says: by its ``physicalName``, or else by its name.
    """
    from solvent.data.engine.duck.paths import is_database

    if not isinstance(source, str | os.PathLike) or not is_database(os.fspath(source)):
        return engine.open(source), []
    name = asked_of.physical or asked_of.name
    try:
        return engine.open(source, table=name), []
    except NoSuchTable as error:
        if asked_of.name not in error.tables:
            raise
        said = (
            f"there is no table '{visible(name)}' (the physicalName): the table '{visible(asked_of.name)}' was checked"
        )
        return engine.open(source, table=asked_of.name), [said]
