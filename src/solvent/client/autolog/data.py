"""The data of a training: its fingerprint, its profile, and some of its rows."""

from __future__ import annotations

import copy
from importlib.util import find_spec
from typing import Any

import msgspec

from solvent.client.datasets import ProfileChoice, describe
from solvent.client.entities import Dataset
from solvent.client.fluent.logging import log_input
from solvent.client.profiles import SAMPLE, of_frame
from solvent.errors import InvalidInput, SolventError

ROWS = 1_000
"""Rows that a signature is inferred from: enough to see where values are missing."""


def log_data(data: Any, name: str, context: str) -> Dataset | None:
    """Log what a training reads, with the fingerprint that ``log_input`` of the same object would give.

    Args:
        data: a frame, a series, an array, or lists of numbers or texts. None is nothing.

    Raises:
        InvalidInput: it is a sparse matrix, or nothing of the kind.
    """
    if data is None:
        return None
    made = dataset_of(data, name)
    log_input(made, context)
    return made


def dataset_of(data: Any, name: str) -> Dataset:
    """Errors as of ``log_data``."""
    from solvent.data.fingerprint.frames.frame import library_of

    if library_of(data):
        return _of_frame(data, name)
    if callable(getattr(data, "to_frame", None)):
        return _of_frame(data.to_frame() if data.name else data.to_frame(name), name)
    if hasattr(data, "tocsr"):
        raise InvalidInput("a sparse matrix has no fingerprint: log the file that it was made from with log_input")
    import numpy

    return _of_array(numpy.asarray(data), name)


def some_rows(data: Any) -> Any:
    """A copy of the first rows, in the kind of the data."""
    rows = data.iloc[:ROWS] if hasattr(data, "iloc") else data[:ROWS]
    if isinstance(rows, list) and rows and not isinstance(rows[0], str):
        import numpy

        return numpy.asarray(rows)
    return copy.deepcopy(rows)


def _of_frame(frame: Any, name: str) -> Dataset:
    try:
        return describe(frame, name, _choice(len(frame)))
    except SolventError:
        return describe(frame, name, False)


def _of_array(array: Any, name: str) -> Dataset:
    """As an array, with the profile of its columns, which are named as scikit-learn names them."""
    made = describe(array, name)
    if array.ndim not in (1, 2) or find_spec("pandas") is None:
        return made
    import pandas

    names = [name] if array.ndim == 1 else [f"x{number}" for number in range(array.shape[1])]
    frame = pandas.DataFrame(array if array.ndim == 2 else array.reshape(-1, 1), columns=names, copy=False)
    try:
        more = of_frame(frame, _choice(len(frame)))
    except SolventError:
        return made
    profile = msgspec.json.decode(made.profile or "{}") | more
    return Dataset(
        made.name, made.digest, made.source_type, made.source, made.schema, msgspec.json.encode(profile).decode()
    )


def _choice(rows: int) -> ProfileChoice:
    """A profile if it can be made, of a sample if all of the rows would take long."""
    return "sample" if rows > SAMPLE and find_spec("duckdb") is not None else None
