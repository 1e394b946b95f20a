"""The result of a pandas call is thrown away, and the frame stays as it was.

## What it does
Finds statements that call a pandas method which returns a new object (`drop`, `fillna`, `sort_values`, `rename`, ...)
without `inplace=True`, and do nothing with what it returns; and looks at a frame (`head`, `tail`, `describe`) that were
left behind when a notebook became a script (severity low).

## Why is this bad?
The line reads as if rows were dropped or gaps filled, and nothing happens: the model trains on the data as it was.
(Code debt; data-specific code smell "In-place APIs misused", Zhang et al. 2022.)

## Example
```python
df.dropna(subset=["age"])
model.fit(df[features], df["churned"])
```

## Use instead
```python
df = df.dropna(subset=["age"])
model.fit(df[features], df["churned"])
```

## Limits
The last expression of a notebook's cell shows its result; that is no debt. Methods that other libraries have too
(`drop`, `replace`, `rename`, ...) count only on receivers that are known to be frames, or with an argument that
only pandas has. What stands in a `try` may be there only to see whether it fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.practice.frames import FRAME, is_called_frame, is_known, may_be_frame, pandas_type
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors, constant, has_unpacking, keyword, parent_of

_OF_PANDAS = frozenset(
    {"dropna", "fillna", "reset_index", "set_index", "sort_values", "sort_index", "drop_duplicates", "select_dtypes"}
    | {"rename_axis", "set_axis", "ffill", "bfill", "nlargest", "nsmallest"}
)
"""Names that nothing else has."""
_SHARED = frozenset(
    {"drop", "replace", "rename", "astype", "assign", "merge", "join", "interpolate", "clip", "round", "explode"}
    | {"reindex", "where", "mask", "query", "filter", "convert_dtypes", "infer_objects", "transpose", "shift"}
)
"""Names that strings, arrays and other objects have too."""
_OF_FRAMES = frozenset({"append"})
"""What a list does in place, and a frame does not."""
_LOOKS = frozenset({"head", "tail", "describe"})
"""What shows a frame in a notebook, and nothing in a script."""
_TELLING = ("columns", "axis", "subset")
"""Keywords that make a shared name pandas'."""
_FUNCTIONS = frozenset(
    {"pandas.concat", "pandas.merge", "pandas.get_dummies", "pandas.to_datetime", "pandas.to_numeric"}
)
_PROBES = frozenset({"astype", "to_datetime", "to_numeric", "query"})


@module_rule(
    "COD208",
    "discarded-result",
    severity="high",
    minutes=3,
    evidence="F",
    fix="safe",
    needs=(b"pandas", b"DataFrame", b".head(", b".tail("),
)
def check(module: Module) -> Iterator[Found]:
    for statement in module.of(ast.Expr):
        node = statement.value
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in _METHODS or _shown(module, statement):
            continue
        call = module.call_of(node)
        if node.func.attr in _LOOKS:
            if _is_look(module, call):
                text = f"{node.func.attr}() shows nothing outside of a notebook: print it, or delete the line"
                yield module.found(node, text, severity="low")
            continue
        if call.name in _FUNCTIONS:
            if not _probed(node, call.method):
                yield module.found(node, f"the result of {call.name} is thrown away: assign it, or delete the line")
        elif _discards(module, call):
            name = _shown_receiver(node.func.value)
            yield module.found(
                node,
                f"{name}.{node.func.attr}() changes nothing: its result is thrown away. Write {name} = {name}..."
                if name.isidentifier()
                else f"{node.func.attr}() returns a new object, and it is thrown away: assign it",
            )


_METHODS = _OF_PANDAS | _SHARED | _OF_FRAMES | _LOOKS | {name.rpartition(".")[2] for name in _FUNCTIONS}


def _discards(module: Module, call: Call) -> bool:
    node = call.node
    assert isinstance(node.func, ast.Attribute)
    method, receiver = node.func.attr, node.func.value
    if method not in _OF_PANDAS | _SHARED | _OF_FRAMES or has_unpacking(node) or _probed(node, method):
        return False
    given = keyword(node, "inplace")
    if given is not None and constant(given) is not False:
        return False
    if any(constant(each) is True for each in node.args):  # inplace by position, in old code
        return False
    if method in _OF_FRAMES:
        return pandas_type(module, receiver, call.function) == FRAME
    if method in _OF_PANDAS:
        return may_be_frame(module, receiver, call.function)
    if is_known(module, receiver, call.function):
        return True
    telling = any(keyword(node, name) is not None for name in _TELLING)
    return telling and method in ("drop", "rename") and is_called_frame(module, receiver, call.function)


def _is_look(module: Module, call: Call) -> bool:
    """Whether a script looks at a frame without showing it; other things' ``head`` is given more than a number."""
    node, receiver = call.node, call.receiver
    if (
        module.notebook is not None
        or node.keywords
        or receiver is None
        or not may_be_frame(module, receiver, call.function)
    ):
        return False
    numbers = [constant(each) for each in node.args]
    plain = isinstance(receiver, ast.Name | ast.Attribute | ast.Subscript)
    return plain and len(numbers) <= 1 and all(isinstance(each, int) for each in numbers)


def _probed(node: ast.Call, method: str) -> bool:
    """Whether it stands in a ``try`` or a ``with`` block that asks only whether it fails."""
    above = [each for each in ancestors(node) if isinstance(each, ast.Try | ast.With)]
    in_raises = any("raises" in ast.dump(item) for each in above if isinstance(each, ast.With) for item in each.items)
    return in_raises or (method in _PROBES and any(isinstance(each, ast.Try) for each in above))


def _shown(module: Module, statement: ast.Expr) -> bool:
    """Whether a notebook displays it: the last statement of a cell."""
    if module.notebook is None or not isinstance(parent_of(statement), ast.Module):
        return False
    cell, _ = module.notebook.cell_at(statement.lineno)
    body = module.tree.body
    following = body[body.index(statement) + 1 :][:1]
    return not following or module.notebook.cell_at(following[0].lineno)[0] != cell


def _shown_receiver(node: ast.expr) -> str:
    return ast.unparse(node) if len(ast.unparse(node)) < 40 else ""
