"""A model is trained on data that nothing checks.

## What it does
Finds programs that read a table and fit a model, and in all that they reach neither check columns, types, ranges or
missing values, nor give the reader a schema, nor stop when something is not as expected.

## Why is this bad?
A renamed column, a changed unit or a half-empty file is trained on without a word, and shows weeks later in
production. (Data debt; feature expectations are captured in a schema, ML Test Score test D1, Breck et al. 2017.)

## Example
```python
df = pd.read_csv("customers.csv")
model.fit(df[FEATURES], df["churn"])
```

## Use instead
```python
df = pd.read_csv("customers.csv", dtype=TYPES)
missing = set(FEATURES) - set(df.columns)
if missing:
    raise ValueError(f"columns are missing: {missing}")
model.fit(df[FEATURES], df["churn"])
```

## Limits
One finding per program. What is printed and not acted upon is no check; a function that is called a validation is
one, whatever it does. Data sets that a library ships are not tables of the project.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import CallSummary
from solvent.debt.project.training import Key, calls_of, training
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import keyword

_ABOUT_DATA = re.compile(
    r"\b(columns|dtypes?|shape|isnull|isna|notnull|notna|hasnans|duplicated|empty|issubset|between|nunique)\b"
    r"|missing|required|expected|isfinite|isnan|is_unique|\bcols?\b|schema"
)
_CHECKS = re.compile(
    r"validat|verify_|(^|_)check_?(data|schema|col|null|nan|missing|input|frame|df|quality)|sanity|assert_"
)
_TABLES = re.compile(
    r"^(pandas\.read_(?!pickle|html|clipboard)|polars\.|dask\.|geopandas\.|pyspark\.|duckdb\.|csv\."
    r"|numpy\.(loadtxt|genfromtxt)$|\?\.read_)"
)


def collect(module: Module) -> Iterator[str]:
    """The functions in which data is checked."""
    for statement in module.of(ast.Assert):
        if _ABOUT_DATA.search(ast.unparse(statement.test)):
            yield module.function_at(statement.lineno).qualname
    for raised in module.of(ast.Raise):
        above = getattr(raised, "parent", None)
        if isinstance(above, ast.If) and _ABOUT_DATA.search(ast.unparse(above.test)):
            yield module.function_at(raised.lineno).qualname
    for call in module.calls_of("reads_data"):
        if any(keyword(call.node, name) is not None for name in ("dtype", "schema", "dtypes", "schema_overrides")):
            yield call.function.qualname


@project_rule(
    "DAT301",
    "no-data-validation",
    severity="high",
    minutes=60,
    evidence="F",
    fix="scaffold",
    collect=collect,
)
def check(project: Project) -> Iterator[Found]:
    checked: set[Key] = {(file.path, qualname) for file, qualname in project.extras("DAT301")}
    told: set[tuple[str, int, int | None]] = set()
    for _, places in training(project):
        if not checked.isdisjoint(places) or any(_is_checked(place) for place in places.values()):
            continue
        reads = [(place, call) for place, call in calls_of(places, "reads_data") if _TABLES.match(call.name)]
        fit = _fit(calls_of(places, "trains"))
        if not reads or fit is None:
            continue
        place, call = fit
        spot = call.spot
        if (spot.path, spot.line, spot.cell) not in told:
            told.add((spot.path, spot.line, spot.cell))
            source = reads[0][1].name.rpartition(".")[2]
            message = (
                f"the model is trained on what {source} returns, unchecked: check columns, types and missing values"
            )
            yield place.found(spot, message, subject=call.name)


def _is_checked(place: Place) -> bool:
    return any(
        "validates" in call.kinds or _CHECKS.search(call.name.rpartition(".")[2].lower())
        for call in place.function.calls
        if not call.name.startswith(("sklearn.model_selection", "xgboost.", "lightgbm."))
    ) or bool(_CHECKS.search(place.function.qualname.lower()))


def _fit(found: list[tuple[Place, CallSummary]]) -> tuple[Place, CallSummary] | None:
    """The fit that a person would name: the first ``fit`` of a known class, else of anything."""
    known = [each for each in found if not each[1].name.startswith("?")]
    fits = [each for each in known if each[1].name.endswith(".fit")]
    return next(iter(fits or known or found), None)
