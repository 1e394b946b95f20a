"""Which expressions are pandas frames or series: by what they were given, and else by a name that says so."""

from __future__ import annotations

import ast
import re

from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module

FRAME = "pandas.DataFrame"
SERIES = "pandas.Series"
_SAYS_SO = re.compile(r"(?!.*(dict|list|map))(df\d*|df_\w+|\w+_df\d*|dataframe|data_frame)", re.IGNORECASE)


def pandas_type(module: Module, node: ast.expr, function: Function) -> str | None:
    """``FRAME``, ``SERIES``, another type's name, or None if it can't be told."""
    return module.names.type_of(node, function)


def is_known(module: Module, node: ast.expr, function: Function) -> bool:
    """Whether it is a frame or a series for certain."""
    return pandas_type(module, node, function) in (FRAME, SERIES)


def may_be_frame(module: Module, node: ast.expr, function: Function) -> bool:
    """Whether it is a frame or a series, or nothing speaks against it."""
    return pandas_type(module, node, function) in (FRAME, SERIES, None)


def is_called_frame(module: Module, node: ast.expr, function: Function) -> bool:
    """Whether it is a frame, or of an unknown type and named like one: ``df``, ``train_df``, ``self.df``."""
    kind = pandas_type(module, node, function)
    if kind is not None:
        return kind == FRAME
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return _SAYS_SO.fullmatch(name) is not None
