"""The forms that a contract can be written in."""

from __future__ import annotations

from typing import Protocol

from solvent.data.contract.exporters import great_expectations, json_schema, markdown, mlflow
from solvent.data.contract.exporters.outcome import Exported
from solvent.data.contract.model import Contract, TableContract
from solvent.data.contract.names import nearest
from solvent.data.errors import InvalidContract


class Exporter(Protocol):
    """A module of this folder."""

    def write(self, contract: Contract, table: TableContract) -> Exported:
        """One table of a contract in another form."""
        ...


FORMATS: dict[str, Exporter] = {
    "json-schema": json_schema,
    "great-expectations": great_expectations,
    "mlflow": mlflow,
    "markdown": markdown,
}


def export_contract(contract: Contract, form: str, table: str | None = None) -> Exported:
    """
    Raises:
        InvalidContract: no such table, or several and none is named.
    """
    names = [one.name for one in contract.tables]
    if table is None:
        if len(names) != 1:
            listed = ", ".join(names) or "none"
            raise InvalidContract(f"expected one table, the contract has {len(names)} ({listed}): name it with --table")
        table = names[0]
    if table not in names:
        raise InvalidContract(f"the contract has no table '{table}'{nearest(table, names)}")
    return FORMATS[form].write(contract, contract.tables[names.index(table)])
