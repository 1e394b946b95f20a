"""Two tables are merged without saying on what, or which rows are kept.

## What it does
Finds merges of data frames without their key, or without `how` while `validate` is not given either.

## Why is this bad?
Without a key pandas takes all columns of the same name; without `how` rows that have no partner vanish; without
`validate` a key that is not unique multiplies rows. All three happen silently when the tables change. (Data-specific
code smell "merge API parameter not explicitly set", Zhang et al. 2022.)

## Example
```python
table = orders.merge(customers)
```

## Use instead
```python
table = orders.merge(customers, how="left", on="customer_id", validate="many_to_one")
```

## Limits
A merge that states its key and `how` is accepted. Objects that are not known to be frames are judged only where they
are given a key by the names that pandas has for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, has_unpacking, keyword

_KEYS = ("on", "left_on", "right_on", "left_index", "right_index")


@module_rule("DAT314", "unchecked-merge", severity="low", minutes=3, evidence="S", fix="unsafe", needs=(b"merge(",))
def check(module: Module) -> Iterator[Found]:
    assert module.calls is not None
    for call in module.calls:
        if call.method != "merge" or has_unpacking(call.node) or not _is_of_frames(call):
            continue
        first = 2 if call.name == "pandas.merge" else 1
        missing = []
        if not any(keyword(call.node, key) is not None for key in _KEYS) and argument(call.node, first + 1) is None:
            missing.append("on")
        if argument(call.node, first, "how") is None and keyword(call.node, "validate") is None:
            missing.append("how")
        if missing and not _is_cross(call):
            if keyword(call.node, "validate") is None:
                missing.append("validate")
            yield module.found(
                call.node, f"merge without {', '.join(missing)}: say the key, the kind and what is unique"
            )


def _is_of_frames(call: Call) -> bool:
    if call.name in ("pandas.merge", "pandas.DataFrame.merge", "dask.dataframe.merge"):
        return True
    named = any(keyword(call.node, key) is not None for key in _KEYS)
    return call.name == "?.merge" and named and len(call.node.args) >= 1


def _is_cross(call: Call) -> bool:
    how = keyword(call.node, "how")
    return getattr(how, "value", None) == "cross"
