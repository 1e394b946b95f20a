"""The formats that contracts can be imported from, and which of them a document is."""

from __future__ import annotations

from typing import Any, Protocol

from solvent.data.contract.importers import frictionless, great_expectations, json_schema, mlflow, pandera
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.importers.source import parse
from solvent.data.errors import InvalidContract


class Importer(Protocol):
    """A module of this folder."""

    def recognises(self, value: Any) -> bool:
        """Whether a document is of this format."""
        ...

    def read(self, value: Any, name: str) -> Imported:
        """The draft; ``name`` is used where the document has none."""
        ...


FORMATS: dict[str, Importer] = {
    "pandera": pandera,
    "great-expectations": great_expectations,
    "frictionless": frictionless,
    "mlflow": mlflow,
    "json-schema": json_schema,
}
"""In the order in which they are tried."""


def import_contract(content: bytes, name: str, file: str, form: str | None = None) -> Imported:
    """The draft of a contract that another tool's document stands for.

    Raises:
        InvalidContract: it can't be read, is of no known format, or not as its format says; errors call it ``file``.
    """
    value = parse(content, file)
    form = form or detected(value, file)
    try:
        return FORMATS[form].read(value, name)
    except InvalidContract as error:
        raise InvalidContract(f"{file}: {error}") from error


def detected(value: Any, file: str) -> str:
    """
    Raises:
        InvalidContract: none of them.
    """
    if isinstance(value, dict) and value.get("kind") == "DataContract":
        raise InvalidContract(f"{file} is a contract of the Open Data Contract Standard already: use it as it is")
    for form, importer in FORMATS.items():
        if importer.recognises(value):
            return form
    raise InvalidContract(f"{file} is of no format that is recognised: say it with --from ({', '.join(FORMATS)})")
