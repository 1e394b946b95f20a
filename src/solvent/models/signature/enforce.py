"""``enforce``: data as a model's signature says, or one error that tells all that does not fit.

Reference: ``mlflow.models.utils._enforce_schema`` of MLflow 3.17. Where this decides otherwise, ``docs/signatures.md``
says so, and tests against the real MLflow hold both to it.
"""

from __future__ import annotations

import difflib
import warnings
from typing import Any

from solvent.models.signature.enforce_column import fitted_column, is_exact
from solvent.models.signature.enforce_params import enforce_params
from solvent.models.signature.enforce_tensors import enforce_tensors
from solvent.models.signature.problems import Problem, Unfit, refuse
from solvent.models.signature.schema import Column, Name, Schema
from solvent.models.signature.signature import Signature
from solvent.models.signature.table import table
from solvent.models.signature.types import described

__all__ = ["enforce", "enforce_params"]


def enforce(data: Any, signature: Signature | None) -> Any:
    """What the model is to predict from.

    Args:
        data: a frame, array, dict, list, or value; see ``infer_signature``.
        signature: without one, or without inputs, ``data`` comes back as it is.

    Returns:
        A pandas frame of the signature's columns, in its order and of its types; for tensors, an array or a dict of
        arrays. Columns that the signature does not know are left out, with one warning that names them.

    Raises:
        BadInput: names each column that is missing, or wrong: expected type, what came, in how many rows, the first.
    """
    schema = None if signature is None else signature.inputs
    if schema is None or schema.any_value:
        return data
    if schema.tensors is not None:
        return enforce_tensors(data, schema.tensors)
    frame = table(data, schema)
    return _named(frame, schema) if schema.named else _unnamed(frame, schema)


def _named(frame: Any, schema: Schema) -> Any:
    places = _places(frame)
    if all(len(places.get(column.name, ())) == 1 for column in schema.columns) and _is_exact(frame, places, schema):
        _warn_of_extra(places, schema)
        return frame[[column.name for column in schema.columns]].copy(deep=False)
    problems = _missing(places, schema)
    found: dict[Name, Any] = {}
    for column in schema.columns:
        if column.name not in places:
            continue
        try:
            found[column.name] = _one(frame, places[column.name], column)
        except Unfit as wrong:
            problems.append(wrong.problem)
    if problems:
        raise refuse(problems)
    _warn_of_extra(places, schema)
    return _frame(found, frame)


def _is_exact(frame: Any, places: dict[Name, list[int]], schema: Schema) -> bool:
    """Whether nothing is to be looked at: most of the time that one row takes would go there."""
    dtypes = list(frame.dtypes)
    return all(is_exact(dtypes[places[column.name][0]], column.type) for column in schema.columns)


def _warn_of_extra(places: dict[Name, list[int]], schema: Schema) -> None:
    known = {column.name for column in schema.columns}
    extra = [name for name in places if name not in known]
    if extra:
        names = ", ".join(repr(name) for name in extra[:10]) + (f" and {len(extra) - 10} more" if extra[10:] else "")
        warnings.warn(f"columns that the model's signature does not know are left out: {names}", stacklevel=4)


def _places(frame: Any) -> dict[Name, list[int]]:
    places: dict[Name, list[int]] = {}
    for place, name in enumerate(frame.columns):
        places.setdefault(name, []).append(place)
    return places


def _missing(places: dict[Name, list[int]], schema: Schema) -> list[Problem]:
    known = {column.name for column in schema.columns}
    others = [str(name) for name in places if name not in known]
    gone = []
    for column in schema.columns:
        if column.required and column.name not in places:
            near = difflib.get_close_matches(str(column.name), others, 1, 0.6)
            hint = f"nearest that came: '{near[0]}'" if near else None
            gone.append(Problem(f"column '{column.name}'", described(column.type), "no such column", hint=hint))
    return gone


def _one(frame: Any, places: list[int], column: Column) -> Any:
    where = f"column '{column.name}'"
    if len(places) > 1:
        raise Unfit(Problem(where, "one column", f"{len(places)} columns of that name"))
    return fitted_column(frame.iloc[:, places[0]], column, where)


def _unnamed(frame: Any, schema: Schema) -> Any:
    columns = schema.columns
    if len(frame.columns) != len(columns):
        came = f"{len(frame.columns)} columns"
        raise refuse([Problem("the input", f"{len(columns)} columns, which have no names", came)])
    problems, found = [], {}
    for place, column in enumerate(columns):
        try:
            found[frame.columns[place]] = fitted_column(frame.iloc[:, place], column, f"column {place}")
        except Unfit as wrong:
            problems.append(wrong.problem)
    if problems:
        raise refuse(problems)
    return _frame(found, frame)


def _frame(found: dict[Any, Any], like: Any) -> Any:
    import pandas as pd

    return pd.DataFrame(found, index=like.index)
