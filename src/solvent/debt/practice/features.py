"""Columns that are made of other columns, and what is written about them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.nodes import keyword, statement_of, text_of

_MAKERS = frozenset({"pandas.cut", "pandas.qcut", "pandas.get_dummies"})
_CONVERSIONS = frozenset(
    {"astype", "to_datetime", "to_numeric", "fillna", "rename", "round", "strip", "lower", "upper", "replace", "copy"}
    | {
        "clip",
        "ffill",
        "bfill",
        "interpolate",
        "dropna",
        "isna",
        "fit_transform",
        "transform",
        "predict",
        "to_timedelta",
    }
    | {
        "predict_proba",
        "map",
        "factorize",
        "shift_target",
        "codes",
        "values",
        "to_numpy",
        "cat",
        "str",
        "dt",
        "normalize",
    }
)
_NO_FEATURE = re.compile(
    r"pred|error|resid|prob|score|label|target|forecast|actual|^y$|y_hat|cluster|outlier|anomaly", re.IGNORECASE
)
_NO_FRAME = re.compile(
    r"result|pred|score|metric|report|importance|submission|plot|summary|history|output", re.IGNORECASE
)
_DATE_PART = re.compile(r"^(year|month|day|hour|minute|second|week|weekday|dayofweek|dayofyear|quarter|date|time)$")


class Feature(NamedTuple):
    """A derived column. ``statement`` makes it."""

    column: str
    statement: ast.stmt


def features_of(function: Function, statements: list[ast.Assign]) -> Iterator[Feature]:
    """The columns that a function's own statements derive from others."""
    for statement in statements:
        target = statement.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            column = text_of(target.slice)
            if (
                column
                and _may_be_feature(target.value.id, column)
                and _derives(statement.value, target.value.id, column)
            ):
                yield Feature(column, statement)
    for call in function.calls:
        at = statement_of(call.node)
        if not isinstance(at, ast.stmt):
            continue
        if (
            call.name == "pandas.get_dummies"
            and isinstance(at, ast.Assign)
            and keyword(call.node, "columns") is not None
        ):
            yield Feature("get_dummies", at)
        elif call.method == "assign" and _is_frame_method(call):
            for given in call.node.keywords:
                if given.arg and not _NO_FEATURE.search(given.arg) and isinstance(given.value, ast.Lambda | ast.BinOp):
                    yield Feature(given.arg, at)


def _may_be_feature(frame: str, column: str) -> bool:
    return not _NO_FEATURE.search(column) and not _NO_FRAME.search(frame)


def _is_frame_method(call: Call) -> bool:
    return call.name in ("pandas.DataFrame.assign", "?.assign")


def _derives(value: ast.expr, frame: str, column: str) -> bool:
    """Whether an expression makes something new of other columns of the same frame."""
    sources: set[str] = set()
    works = False
    for node in ast.walk(value):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == frame:
            sources |= {text for each in _texts(node.slice) if (text := each)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == frame:
            sources.add(node.attr)
        if isinstance(node, ast.BinOp | ast.Compare | ast.BoolOp):
            works = True
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            works = works or name not in _CONVERSIONS
        elif isinstance(node, ast.Attribute) and _DATE_PART.match(node.attr) and node.attr not in column.lower():
            works = True
    return works and bool(sources) and sources != {column}


def _texts(node: ast.expr) -> Iterator[str | None]:
    if isinstance(node, ast.List | ast.Tuple):
        for each in node.elts:
            yield text_of(each)
    else:
        yield text_of(node)
