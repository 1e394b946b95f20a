"""Files below the server's own root: which experiment a path of the artifact proxy belongs to.

The server turns its artifact endpoints into these requests to ask whether they are allowed; they
have no routes and no use cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from solvent.accounts.demands import READER, WRITER, In, ServerAdmin
from solvent.artifacts.paths import PROXY_SCHEME, folder_path
from solvent.store import experiments
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty, Request


class ReadFiles(Request[Empty]):
    path: str = ""


class WriteFiles(Request[Empty]):
    path: str = ""


def files(role: int) -> Any:
    """``role`` in the experiment that keeps its files at the path, or above it.

    That is the one of the first name, ``3/<run>/artifacts/...``, or else all those whose artifact
    location an admin put there. What belongs to no experiment is for admins of the server.
    """

    def rule(tx: Transaction, request: ReadFiles | WriteFiles) -> Iterator[In | ServerAdmin]:
        numbers = _experiments_at(tx, folder_path(request.path))
        for number in numbers:
            yield In(role, "experiment", number, f"experiment {number}")
        if not numbers:
            yield ServerAdmin("these files belong to no experiment")

    return rule


READ_FILES, WRITE_FILES = files(READER), files(WRITER)


def _experiments_at(tx: Transaction, path: str) -> list[int]:
    names = path.split("/") if path else []
    above = [f"{PROXY_SCHEME}/{name}" for name in accumulate(names, "{}/{}".format)]
    likely = int(names[0]) if names and names[0].isascii() and names[0].isdecimal() and len(names[0]) <= 18 else None
    return experiments.located_at(tx, above, likely)
