"""A training program reads a CSV file without saying which columns and types it expects.

## What it does
Finds `pandas.read_csv` and `read_table` with neither `dtype` nor `usecols` in what trains a model.

## Why is this bad?
Types are guessed from what the file holds today: one stray word makes a column of numbers a column of texts, ids lose
their zeros, and new columns come in unasked. (Data-specific code smell "columns and data types not explicitly set",
Zhang et al. 2022.)

## Example
```python
df = pd.read_csv("customers.csv")
```

## Use instead
```python
df = pd.read_csv("customers.csv", usecols=list(TYPES), dtype=TYPES)
```

## Limits
Only programs that fit a model, and files that do. Reads whose types are set in the same expression (`.astype`), or
which may be told in `**options`, are accepted; so are those of a few rows
(`nrows`), of rows to predict, and of results that the program wrote itself, which are known by their names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Project
from solvent.debt.project.training import feeds_training
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module, normal_form
from solvent.debt.syntax.nodes import has_unpacking, keyword, parent_of

_FOREIGN = re.compile(
    r"upload|request|predict|submission|infer|serv|dashboard|report|forecast|result|metric|summary|history|plot",
    re.IGNORECASE,
)
"""Tables that are no training data: rows to predict, and what the program wrote itself."""
_SAID = ("dtype", "usecols", "converters", "nrows")


class Read(msgspec.Struct, frozen=True, array_like=True):
    """A read that says nothing of columns and types."""

    qualname: str
    spot: Spot
    subject: str
    name: str


def collect(module: Module) -> Iterator[Read]:
    for call in module.calls_of("reads_data"):
        node = call.node
        if call.name not in ("pandas.read_csv", "pandas.read_table") or has_unpacking(node):
            continue
        if any(keyword(node, name) is not None for name in _SAID) or _is_converted(node):
            continue
        told = [module.path.rpartition("/")[2], call.function.qualname, *(normal_form(each) for each in node.args[:1])]
        if any(_FOREIGN.search(text) for text in told):
            continue
        yield Read(call.function.qualname, module.spot(node), normal_form(node), call.method)


def _is_converted(node: ast.AST) -> bool:
    above = parent_of(node)
    return isinstance(above, ast.Attribute) and above.attr == "astype"


@project_rule("DAT313", "untyped-read", severity="low", minutes=5, evidence="S", collect=collect)
def check(project: Project) -> Iterator[Found]:
    feeding = feeds_training(project)
    for file, item in project.extras("DAT313"):
        read = msgspec.convert(item, Read)
        if (file.path, read.qualname) in feeding:
            message = f"{read.name} guesses columns and types: give it usecols and dtype"
            yield project.functions[file.path, read.qualname].found(read.spot, message, subject=read.subject)
