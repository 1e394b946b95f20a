"""A frame is worked through row by row in code that trains, serves or prepares data.

## What it does
Finds loops over `iterrows()` and calls of `apply(..., axis=1)` in files that train, predict, serve or prepare data.

## Why is this bad?
Each row becomes a Series of its own: hundreds of times slower than the same on whole columns, and types are lost on
the way (integers beside floats become floats). It is harmless on the sample and hurts on the whole data. (Code
debt; data-specific code smell "Unnecessary iteration", Zhang et al. 2022.)

## Example
```python
for i, row in df.iterrows():
    df.loc[i, "ratio"] = row["paid"] / row["due"]
```

## Use instead
```python
df["ratio"] = df["paid"] / df["due"]
```

## Limits
It is silent where each row is for something that has no column form: printing, plotting, files, requests, data bases
(messages that don't name the row are progress and no such thing), in files for plots; and where only a few rows are taken (`head`, `sample`, `nlargest`, a slice). `itertuples` is not reported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.practice.frames import is_known, pandas_type
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, keyword, parent_of

_WORK = ("trains", "fits_transform", "splits", "predicts", "transforms", "serves", "loads_model", "resamples")
_PREPARES = re.compile(
    r"prep|feature|clean|transform|train|predict|dataset|data_?load|etl|pipeline|augment|encod|score"
)
_SHOWS = re.compile(r"plot|visual|dashboard|figure|chart|(^|_)eda(_|\.)")
"""Files that show data: a few rows, drawn one by one."""
_FEW = frozenset({"head", "tail", "nlargest", "nsmallest", "describe", "value_counts", "groupby", "agg", "sample"})
_OUTSIDE = frozenset(
    {
        "print",
        "open",
        "write",
        "save",
        "savefig",
        "imread",
        "imwrite",
        "imsave",
        "copy",
        "move",
        "execute",
        "get",
        "post",
    }
    | {"request", "urlopen", "show", "plot", "scatter", "text", "annotate", "add_patch", "commit", "add_task", "imshow"}
    | {
        "markdown",
        "metric",
        "info",
        "warning",
        "debug",
        "error",
        "send",
        "publish",
        "invoke",
        "read",
        "load",
        "add_row",
    }
    | {
        "urlretrieve",
        "to_csv",
        "to_json",
        "add_node",
        "add_edge",
        "exists",
        "makedirs",
        "mkdir",
        "run",
        "put",
        "add_to",
    }
    | {
        "add_run",
        "add_paragraph",
        "add_child",
        "barh",
        "bar",
        "axvline",
        "axhline",
        "insert_one",
        "create",
        "executemany",
    }
)
"""What is done once per row anyway. ``get`` is that of requests: a row's own ``get`` does not count."""
_SAYS = frozenset({"print", "info", "warning", "debug", "error"})
_STORES = frozenset(
    {"merge", "add", "append", "update", "insert", "upsert", "delete", "query", "find_one", "write_points"}
)
_DATABASE = re.compile(r"(^|_)(session|db|conn|connection|cursor|collection|database)$")
"""What stores rows one by one, where it belongs to a data base."""
_MOST_STATEMENTS = 20
"""A loop with more of them does more than compute columns."""
_SUMMARY = re.compile(
    r"metric|result|summar|report|importanc|score|history|leaderboard|top|best|stats|config|param|confus|pairs|compar"
    r"|template|experiment|schema|meta|catalog|var_df|descri|model|fold"
)
"""Names of tables that have as many rows as there are models, classes or settings."""


@module_rule(
    "COD211",
    "row-by-row",
    severity="low",
    minutes=20,
    evidence="F",
    needs=(b".iterrows", b".apply("),
)
def check(module: Module) -> Iterator[Found]:
    if _SHOWS.search(module.path.rpartition("/")[2].lower()):
        return
    found = [(call, how) for call in module.calls if (how := _row_by_row(module, call))]
    if not found or not _works(module):
        return
    for call, how in found:
        yield module.found(call.node, f"{how}: work on whole columns instead")


def _row_by_row(module: Module, call: Call) -> str:
    if not isinstance(call.node.func, ast.Attribute):
        return ""
    method, receiver = call.node.func.attr, call.node.func.value
    if method == "iterrows":
        loop = _loop_of(call.node)
        if loop is None or _is_few(receiver) or _goes_outside(loop):
            return ""
        return f"{_name(receiver)}iterrows() makes an object of each row"
    if method == "apply" and constant(keyword(call.node, "axis")) in (1, "columns"):
        kind = pandas_type(module, receiver, call.function)
        if (kind is not None and not is_known(module, receiver, call.function)) or _is_few(receiver):
            return ""
        if not call.node.args or _applied_goes_outside(module, call):
            return ""
        return f"{_name(receiver)}apply(axis=1) calls Python for each row"
    return ""


def _loop_of(node: ast.Call) -> ast.For | ast.comprehension | None:
    """The loop that runs over the rows, also through ``enumerate`` or ``tqdm``."""
    above = parent_of(node)
    while isinstance(above, ast.Call):
        above = parent_of(above)
    return above if isinstance(above, ast.For | ast.comprehension) else None


def _is_few(receiver: ast.expr) -> bool:
    """Whether the receiver is a few rows, or a summary."""
    node = receiver
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr in _FEW:
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    name = (
        receiver.attr if isinstance(receiver, ast.Attribute) else receiver.id if isinstance(receiver, ast.Name) else ""
    )
    return _SUMMARY.search(name.lower()) is not None


def _goes_outside(loop: ast.For | ast.comprehension) -> bool:
    """Whether the loop does more than compute: then whole columns are no easy way out."""
    body = loop.body if isinstance(loop, ast.For) else [parent_of(loop)]
    many = isinstance(loop, ast.For) and sum(isinstance(each, ast.stmt) for each in ast.walk(loop)) > _MOST_STATEMENTS
    rows = {each.id for each in ast.walk(_row_of(loop)) if isinstance(each, ast.Name)}
    return many or any(_has_outside(each, rows) for each in body if each is not None)


def _row_of(loop: ast.For | ast.comprehension) -> ast.expr:
    """What holds the row: the second of the pairs that ``iterrows`` gives."""
    target = loop.target
    while isinstance(target, ast.Tuple) and target.elts:
        target = target.elts[-1]
    return target


def _has_outside(node: ast.AST, rows: set[str] | None = None) -> bool:
    """Whether it does something that has no column form. ``rows``: a message that names none of these is progress."""
    for each in ast.walk(node):
        if isinstance(each, ast.Await | ast.Yield):
            return True
        if isinstance(each, ast.Call):
            func = each.func
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            if name in _SAYS and rows is not None and not _names_any(each, rows):
                continue
            if name in _OUTSIDE and not (name == "get" and not _is_requests(func)):
                return True
            if name in _STORES and _is_database(func):
                return True
    return False


def _names_any(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))


def _is_database(func: ast.expr) -> bool:
    owner = func.value if isinstance(func, ast.Attribute) else None
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return _DATABASE.search(name) is not None


def _is_requests(func: ast.expr) -> bool:
    owner = func.value if isinstance(func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id in ("requests", "session", "client", "httpx", "http")


def _applied_goes_outside(module: Module, call: Call) -> bool:
    """Whether the function that is applied does something that has no column form; unknown ones don't count."""
    applied = call.node.args[0]
    if isinstance(applied, ast.Lambda):
        return _has_outside(applied.body)
    if isinstance(applied, ast.Name) and applied.id in module.own_code.defined:
        qualname = module.own_code.defined[applied.id]
        return any(_has_outside(each.node) for each in module.functions if each.qualname == qualname)
    return False


def _works(module: Module) -> bool:
    """Whether the file trains, predicts, serves or prepares data."""
    stem = module.path.rpartition("/")[2].lower()
    if _PREPARES.search(stem) or any(True for _ in module.calls_of(*_WORK)):
        return True
    return any(_PREPARES.search(function.name.lower()) for function in module.functions[1:])


def _name(receiver: ast.expr) -> str:
    text = ast.unparse(receiver)
    return f"{text}." if len(text) < 40 else ""
