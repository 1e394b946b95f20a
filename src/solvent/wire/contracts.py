"""Which runs were held against which contracts (decision 0016)."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Request, Wire, route
from solvent.wire.datasets import RunModels

RUN_TAG = "solvent.contracts"
"""Tag of a run: a JSON list of objects with id, version, digest, path and outcome (passed, failed or warned)."""
INPUT_TAG = "solvent.contract"
"""Tag of a run's input: ``id@version#digest`` of the contract that it was held against."""


class ContractUse(RunModels):
    """A run that was held against contracts. ``contracts`` is its tag as it stands there.

    ``entry_point`` and ``source`` name the pipeline that it was a run of.
    """

    contracts: str = msgspec.field(default_factory=str)
    entry_point: str | None = None
    source: str | None = None


class ListContractUsesResponse(Wire):
    uses: list[ContractUse] = msgspec.field(default_factory=list)
    next_page_token: str | None = None


@route("GET", "solvent/v1/contracts/uses")
class ListContractUses(Request[ListContractUsesResponse]):
    """The runs that were held against contracts, newest first, and the models that they made."""

    max_results: int | None = None
    page_token: str | None = None
