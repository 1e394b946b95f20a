"""One column of a pandas frame against the type that it should have.

Conversions are those that lose nothing, MLflow's (``mlflow.models.utils._enforce_mlflow_datatype``, 3.17) among them.
"""

from __future__ import annotations

from typing import Any

from solvent.models.signature.enforce_values import EXACT, DoesNotFit, fitted, fitted_scalar
from solvent.models.signature.problems import Problem, Unfit, of_rows
from solvent.models.signature.schema import Column
from solvent.models.signature.types import AnyType, Scalar, Type, described
from solvent.models.signature.values import missing, scalar_of_dtype, shown

_NUMPY = {
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
    "datetime": "datetime64[ns]",
}
_NULLABLE = {"integer": "Int32", "long": "Int64"}
_WITHOUT_ZONE = "take the zone off: .dt.tz_convert('UTC').dt.tz_localize(None)"


def is_exact(dtype: Any, kind: Type) -> bool:
    """Whether all values of a dtype fit a type as they are."""
    if not isinstance(kind, Scalar):
        return isinstance(kind, AnyType)
    if kind.name == "string":
        return type(dtype).__name__ == "StringDtype"
    return str(dtype) == _NUMPY.get(kind.name)


def fitted_column(series: Any, spec: Column, where: str) -> Any:
    """
    Args:
        where: how errors call the column.

    Raises:
        Unfit: some values can't be had as the type without losing something.
    """
    if isinstance(spec.type, AnyType):
        return series
    if isinstance(spec.type, Scalar):
        return _Scalars(spec.type.name, spec.required, where).fitted(series)
    return _nested(series, spec, where)


def _nested(series: Any, spec: Column, where: str) -> Any:
    values = series.to_list()
    found, wrong = [], []
    for row, value in enumerate(values):
        try:
            found.append(fitted(value, spec.type, spec.required))
        except DoesNotFit as error:
            wrong.append((row, error))
    if wrong:
        row, first = wrong[0]
        place = f"{where}{first.path}"
        raise Unfit(Problem(place, first.expected, first.came, len(wrong), len(values), row))
    return _series(found, series, object)


def _series(values: Any, like: Any, dtype: Any) -> Any:
    import pandas as pd

    return pd.Series(values, index=like.index, name=like.name, dtype=dtype)


class _Scalars:
    def __init__(self, name: str, required: bool, where: str) -> None:
        self._name, self._required, self._where = name, required, where

    def fitted(self, series: Any) -> Any:
        import pandas as pd

        dtype = series.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            return self._categories(series)
        if isinstance(dtype, pd.SparseDtype):
            return self.fitted(series.sparse.to_dense())
        if isinstance(dtype, pd.StringDtype) or dtype.kind == "U":
            if self._name == "string":
                return series
            return self._objects(series.astype(object))
        if dtype.kind == "O":
            return self._objects(series)
        if self._name in ("integer", "long") and dtype.kind in "iuf":
            return self._whole(series)
        if self._name in EXACT and dtype.kind in "iuf":
            return self._floating(series)
        if self._name == "boolean" and dtype.kind == "b":
            return series if series.isna().any() else series.astype("bool")
        if self._name == "datetime" and dtype.kind == "M":
            return self._datetimes(series)
        raise self._wrong_type(series)

    def _categories(self, series: Any) -> Any:
        """A column of categories stays one: a model that was trained on such needs it."""
        import pandas as pd

        try:
            self.fitted(pd.Series(series.cat.categories))
        except Unfit as wrong:
            raise self._wrong_type(series, wrong.problem.hint) from wrong
        if self._name in _NULLABLE and self._required and series.isna().any():
            raise self._gaps(series)
        return series

    def _whole(self, series: Any) -> Any:
        dtype, size = series.dtype, 4 if self._name == "integer" else 8
        gaps = bool(series.isna().any())
        if dtype.kind == "f":
            if not gaps or not self._all_whole(series):
                raise self._wrong_type(series)
        elif dtype.itemsize > size or (dtype.kind == "u" and dtype.itemsize == size):
            raise self._wrong_type(series)
        if gaps and self._required:
            raise self._gaps(series)
        return series.astype(_NULLABLE[self._name] if gaps else _NUMPY[self._name])

    def _all_whole(self, series: Any) -> bool:
        """Whether floating point numbers are whole ones, beside those that pandas can't keep with a gap."""
        values = series.dropna().to_numpy(dtype="float64")
        most = min(EXACT["double"], 2**31 - 1 if self._name == "integer" else 2**62)
        return bool(((values % 1 == 0) & (abs(values) <= most)).all())

    def _gaps(self, series: Any) -> Unfit:
        wrong = series.isna().to_numpy().nonzero()[0]
        hint = (
            "whole numbers have no missing value: fill them, or infer the signature from data in which the column "
            "has some"
        )
        where = Problem(
            self._where, f"{self._name} in each row", "nothing", len(wrong), len(series), int(wrong[0]), None, hint
        )
        return Unfit(where)

    def _floating(self, series: Any) -> Any:
        dtype, size = series.dtype, 4 if self._name == "float" else 8
        if dtype.kind == "f":
            if dtype.itemsize > size:
                raise self._wrong_type(series)
            return series.astype(_NUMPY[self._name])
        known = series.dropna()
        inexact = (known > EXACT[self._name]) | (known < -EXACT[self._name])
        if inexact.any():
            values = series.to_list()
            wrong = [row for row, value in enumerate(values) if not missing(value) and abs(value) > EXACT[self._name]]
            raise Unfit(of_rows(self._where, f"{self._name}, exactly", values, wrong, "too large to keep its digits"))
        return series.astype(_NUMPY[self._name])

    def _datetimes(self, series: Any) -> Any:
        if getattr(series.dtype, "tz", None) is not None:
            raise self._wrong_type(series, _WITHOUT_ZONE)
        try:
            return series.astype(_NUMPY["datetime"])
        except (ValueError, OverflowError) as wrong:
            raise self._wrong_type(series, "between the years 1678 and 2262") from wrong

    def _objects(self, series: Any) -> Any:
        import pandas as pd

        if self._name == "string" and pd.api.types.infer_dtype(series, skipna=True) in ("string", "empty"):
            return series
        values = series.to_list()
        found: list[Any] = []
        wrong = []
        gaps = False
        for row, value in enumerate(values):
            if missing(value):
                gaps = True
                found.append(None)
                if self._required and self._name in _NULLABLE:
                    wrong.append(row)
                continue
            try:
                found.append(fitted_scalar(value, self._name))
            except DoesNotFit:
                wrong.append(row)
        if wrong:
            if all(missing(values[row]) for row in wrong):
                raise self._gaps(series)
            raise Unfit(of_rows(self._where, self._name, values, wrong, self._hint(values, wrong)))
        return self._from_values(series, found, gaps)

    def _hint(self, values: list[Any], wrong: list[int]) -> str | None:
        first = values[wrong[0]]
        if isinstance(first, str) and self._name not in ("string", "binary", "boolean", "datetime"):
            return "texts are not read as numbers: convert the column first"
        if self._name == "datetime" and isinstance(first, str):
            return "texts are not read as dates: convert the column first, with pandas.to_datetime"
        if self._name == "datetime" and getattr(first, "tzinfo", None) is not None:
            return _WITHOUT_ZONE
        return None

    def _from_values(self, series: Any, found: list[Any], gaps: bool) -> Any:
        if self._name in _NULLABLE and gaps:
            return _series(found, series, _NULLABLE[self._name])
        if self._name == "datetime":
            try:
                return _series(found, series, object).astype(_NUMPY["datetime"])
            except (ValueError, OverflowError) as wrong:
                raise self._wrong_type(series, "between the years 1678 and 2262") from wrong
        if self._name in ("string", "binary") or (self._name == "boolean" and gaps):
            return series
        return _series(found, series, _NUMPY[self._name])

    def _wrong_type(self, series: Any, hint: str | None = None) -> Unfit:
        dtype = getattr(series.dtype, "subtype", series.dtype)
        kind = scalar_of_dtype(dtype.kind, dtype.itemsize) if dtype.kind != "O" else None
        came = str(series.dtype) if kind is None else f"{described(kind)} ({series.dtype})"
        example = shown(series.iloc[0]) if len(series) else None
        rows = len(series)
        row = 0 if rows else None
        return Unfit(Problem(self._where, self._name, came, rows, rows, row, example, hint))
