"""What the searches share: experiment ids, views, limits and page tokens of a request."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.errors import InvalidInput
from solvent.search.ids import experiment_id
from solvent.search.page import Row, Segment, read_page
from solvent.search.token import decode_token, encode_token
from solvent.store.transaction import Transaction

MAX_RESULTS_DEFAULT = 1_000
MAX_RESULTS = 50_000
MAX_EXPERIMENTS = 10_000

_VIEWS = {"ACTIVE_ONLY": (0,), "DELETED_ONLY": (1,), "ALL": (0, 1)}


def experiment_ids(given: Sequence[str] | None) -> tuple[int, ...]:
    """The numbers of the ids, each once, in ascending order."""
    if len(given or ()) > MAX_EXPERIMENTS:
        raise InvalidInput(f"expected at most {MAX_EXPERIMENTS} experiment ids, found {len(given or ())}")
    try:
        return tuple(sorted({experiment_id(text) for text in given or ()}))
    except ValueError as error:
        raise InvalidInput(str(error)) from error


def deleted_states(view: str | None) -> tuple[int, ...]:
    """The values of the column ``deleted`` that a view type shows."""
    states = _VIEWS.get(view or "ACTIVE_ONLY")
    if states is None:
        raise InvalidInput(f"Invalid view type '{view}': expected one of {', '.join(_VIEWS)}")
    return states


def limit(given: int | None, default: int = MAX_RESULTS_DEFAULT) -> int:
    """How many results to answer with."""
    if given is None:
        return default
    if given < 1:
        raise InvalidInput(f"Invalid value {given} for parameter 'max_results' supplied. It must be a positive integer")
    if given > MAX_RESULTS:
        raise InvalidInput(
            f"Invalid value {given} for parameter 'max_results' supplied. It must be at most {MAX_RESULTS}"
        )
    return given


def page(
    tx: Transaction, segments: Sequence[Segment], size: int, token: str | None, query: bytes
) -> tuple[list[int], str | None]:
    """The row ids of one page, and the token of the next one.

    ``query`` is the fingerprint of what was asked: a token of another query is refused.
    """
    columns = len(segments[0].scans[0].columns)
    start = decode_token(token, query, columns) if token else None
    rows: list[Row] = read_page(tx, segments, start, size + 1)
    following = encode_token(query, rows[size - 1][1:]) if len(rows) > size else None
    return [row[0] for row in rows[:size]], following
