"""The branch of errors about data.

InvalidInput
|- UnreadableData      a file, table or frame that can't be read as what it says it is
|  `- NoSuchTable      a data base has no table of that name
|- InvalidContract     a contract document that is not as the standard and Solvent expect
`- ContractViolated    data that a contract does not allow
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from solvent.errors import InvalidInput


class UnreadableData(InvalidInput):
    """A file, table or frame can't be read: missing, truncated, corrupted, or no data at all."""


class NoSuchTable(UnreadableData):
    """A data base has no table of that name; ``tables`` are those that it has."""

    tables: Sequence[str] = ()


class InvalidContract(InvalidInput):
    """A contract document is malformed; the message names the place, and the nearest name for a misspelt key."""


class ContractViolated(InvalidInput):
    """Data breaks a contract; the message names columns, counts and example rows.

    ``report`` is the whole ``contract.check.report.Report``.
    """

    report: Any = None
