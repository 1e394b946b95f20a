"""NaN is compared with == or !=, which is never true or always true.

## What it does
Finds comparisons by `==`, `!=` or `in` with `numpy.nan`, `math.nan` or `float("nan")`.

## Why is this bad?
NaN is not equal to anything, itself included (IEEE 754). So the comparison selects no row, whatever the data
holds: missing values go into training unseen. (Data-specific code smell "NaN equivalence comparison misused",
Zhang et al. 2022.)

## Example
```python
missing = df[df["age"] == np.nan]
```

## Use instead
```python
missing = df[df["age"].isna()]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.rule import module_rule
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import text_of

_NAN = frozenset({"numpy.nan", "numpy.NaN", "numpy.NAN", "math.nan", "pandas.NA", "pandas.NaT"})


@module_rule(
    "COD207",
    "nan-comparison",
    severity="high",
    minutes=2,
    evidence="S",
    fix="safe",
    roles=("source", "notebook", "test", "example"),
    needs=(b"nan", b"NaN", b"NAN", b"NaT", b".NA"),
)
def check(module: Module) -> Iterator[Found]:
    for node in module.of(ast.Compare):
        sides = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if isinstance(operator, ast.Eq | ast.NotEq) and (_is_nan(module, left) or _is_nan(module, right)):
                always = "false" if isinstance(operator, ast.Eq) else "true"
                yield module.found(node, f"comparing with NaN is always {always}: use isna() or isnan()")
                break


def _is_nan(module: Module, node: ast.expr) -> bool:
    function = module.function_at(node.lineno)
    if isinstance(node, ast.Attribute | ast.Name):
        return module.names.of(node, function) in _NAN
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float" and node.args:
        return (text_of(node.args[0]) or "").strip().lower() in ("nan", "+nan", "-nan")
    return False
