"""A value is assigned through two selections of a frame, and may land in a copy.

## What it does
Finds assignments like `df[mask]["col"] = x`, `df["col"][mask] = x`, `df.loc[mask]["col"] = x` and
`df["col"].loc[mask] = x` to pandas frames, and methods called with `inplace=True` on a selected column.

## Why is this bad?
The first selection may be a copy, and from pandas 3 on always is: then the assignment is lost without an error, and
training goes on with the values that should have been mended. (Code debt; data-specific code smell "Chain indexing",
Zhang et al. 2022; pandas' own SettingWithCopyWarning and ChainedAssignmentError.)

## Example
```python
df["age"][df["age"] < 0] = None
```

## Use instead
```python
df.loc[df["age"] < 0, "age"] = None
```

## Limits
Dictionaries and lists are assigned like that rightly: it speaks only where the receiver is known to be a frame, or
where its name and the form of the selection leave no doubt.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.practice.frames import FRAME, SERIES, is_called_frame, pandas_type
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, keyword, text_of

_INDEXERS = ("loc", "iloc", "at", "iat")
_IN_PLACE = frozenset({"fillna", "replace", "dropna", "clip", "interpolate", "ffill", "bfill", "where", "mask", "drop"})


@module_rule(
    "COD209",
    "chained-assignment",
    severity="medium",
    minutes=5,
    evidence="F",
    needs=(b"pandas", b"DataFrame"),
)
def check(module: Module) -> Iterator[Found]:
    for node in module.of(ast.Subscript):
        if isinstance(node.ctx, ast.Store) and _is_chained(module, node):
            base = ast.unparse(_frame_of(node))
            meant = _column(node)
            yield module.found(
                node,
                f"chained assignment: it may land in a copy of {base}. Write {base}.loc[rows, {meant}] = ...",
                subject=ast.unparse(node)[:300],
            )
    for statement in module.of(ast.Expr):
        call = statement.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        method, column = call.func.attr, call.func.value
        if method in _IN_PLACE and constant(keyword(call, "inplace")) is True and _is_column(module, column):
            name = ast.unparse(column)
            yield module.found(
                call, f"inplace on {name} may change a copy of the column: write {name} = {name}.{method}(...)"
            )


def _is_chained(module: Module, node: ast.Subscript) -> bool:
    """Whether what is assigned to is an item of a selection of a frame."""
    function = module.function_at(node.lineno)
    inner = node.value
    if isinstance(inner, ast.Attribute) and inner.attr in _INDEXERS:  # df["a"].loc[rows] = ...
        return isinstance(inner.value, ast.Subscript) and _selects(module, inner.value, node.slice, function)
    return isinstance(inner, ast.Subscript) and _selects(module, inner, node.slice, function)


def _selects(module: Module, inner: ast.Subscript, then: ast.expr, function: Function) -> bool:
    """Whether ``inner`` takes a part of a frame; ``then`` is what is selected from that part."""
    base = inner.value
    if isinstance(base, ast.Attribute) and base.attr in _INDEXERS:  # df.loc[rows]["a"] = ...
        kind = pandas_type(module, base.value, function)
        if kind in (FRAME, SERIES):
            return kind == FRAME
        return kind is None and base.attr in ("loc", "iloc") and (text_of(then) is not None or _is_mask(then))
    kind = pandas_type(module, base, function)
    if kind is not None:
        return kind == FRAME
    if not is_called_frame(module, base, function):
        return False
    return _is_mask(inner.slice) != _is_mask(then)


def _is_mask(node: ast.expr) -> bool:
    """Whether an index is a condition on rows."""
    if isinstance(node, ast.Compare):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        return _is_mask(node.left) or _is_mask(node.right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return True
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("isna", "isnull", "notna", "notnull", "isin", "between", "duplicated")
    )


def _is_column(module: Module, node: ast.expr) -> bool:
    """``df["a"]`` of a frame. ``data["train"]`` of an unknown ``data`` may be a frame in a dictionary."""
    if not isinstance(node, ast.Subscript) or text_of(node.slice) is None:
        return False
    return is_called_frame(module, node.value, module.function_at(node.lineno))


def _frame_of(node: ast.Subscript) -> ast.expr:
    base: ast.expr = node
    while isinstance(base, ast.Subscript) or (isinstance(base, ast.Attribute) and base.attr in _INDEXERS):
        base = base.value
    return base


def _column(node: ast.Subscript) -> str:
    """The column that is meant, as it is written; ``columns`` if it can't be told."""
    inner = node.value.value if isinstance(node.value, ast.Attribute) else node.value
    for each in (inner, node):
        if isinstance(each, ast.Subscript) and text_of(each.slice) is not None:
            return ast.unparse(each.slice)
    return "columns"
