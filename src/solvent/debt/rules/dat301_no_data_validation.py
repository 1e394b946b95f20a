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
One finding per file in which a program begins, at the fit, or where that file calls what leads to it. What is printed and not acted upon is no check; a function that is called a validation is
one, whatever it does. Data sets that a library ships are not tables of the project. Silent for
programs that make their data up, and for notebooks that keep no model. A drift check speaks of later data.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.training import training_calls
from solvent.debt.project.at_entry import at_entry, elsewhere
from solvent.debt.project.project import Place, Project
from solvent.debt.project.training import Key
from solvent.debt.project.wide import beginnings
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
_OTHER = re.compile(
    r"config|setting|param|arg|cross_?valid|valid(ation)?_?(set|loader|split|epoch|step|loss|batch)|credential"
)
"""What is validated and is no data."""
_MAKES = re.compile(r"sklearn\.datasets\.make_\w+")
_WATCHES = re.compile(r"drift|monitor")
"""What looks at data after training."""
_FETCHES = frozenset({"fetchall", "fetchmany"})
_TABLES = re.compile(
    r"^(pandas\.read_(?!pickle|html|clipboard)|polars\.|dask\.|geopandas\.|pyspark\.|duckdb\.|csv\."
    r"|numpy\.(loadtxt|genfromtxt)$|\?\.read_)"
)


def collect(module: Module) -> Iterator[list[Any]]:
    """``[qualified name]`` of functions in which data is checked, and for each fit of a model also its name, line,
    column, end line and cell."""
    for statement in module.of(ast.Assert):
        if _ABOUT_DATA.search(ast.unparse(statement.test)):
            yield [module.function_at(statement.lineno).qualname]
    for raised in module.of(ast.Raise):
        above = getattr(raised, "parent", None)
        if isinstance(above, ast.If) and _ABOUT_DATA.search(ast.unparse(above.test)):
            yield [module.function_at(raised.lineno).qualname]
    for call in module.calls_of("reads_data"):
        if any(keyword(call.node, name) is not None for name in ("dtype", "schema", "dtypes", "schema_overrides")):
            yield [call.function.qualname]
    searched = (call for call in module.calls_of("tunes") if call.method == "fit")
    for call in (*training_calls(module), *searched):
        spot = module.spot(call.node)
        yield [call.function.qualname, call.name, spot.line, spot.column, spot.end_line, spot.cell]


@project_rule(
    "DAT301",
    "no-data-validation",
    severity="high",
    minutes=60,
    evidence="F",
    preview=False,
    collect=collect,
)
def check(project: Project) -> Iterator[Found]:
    checked: set[Key] = set()
    fits: dict[Key, list[Any]] = {}
    for file, item in project.extras("DAT301"):
        if len(item) == 1:
            checked.add((file.path, item[0]))
        else:
            fits.setdefault((file.path, item[0]), item)
    said: set[str] = set()
    for start in beginnings(project) if fits else ():
        places = project.reach(start)
        trained = next((place for key, place in places.items() if key in fits), None)
        if trained is None or start.file.path in said:
            continue
        if not checked.isdisjoint(places) or any(_is_checked(place) for place in places.values()):
            continue
        source = None if _is_made_up(places) or _only_explores(start, places) else _source(places)
        if source is not None:
            said.add(start.file.path)
            yield _found(project, start, trained, fits[trained.key], source)


def _source(places: dict[Key, Place]) -> str | None:
    """What reads a table of the project's, by its name."""
    for place in places.values():
        for call in place.function.calls:
            method = call.name.rpartition(".")[2]
            if ("reads_data" in call.kinds and _TABLES.match(call.name)) or method in _FETCHES:
                return method
    return None


def _is_made_up(places: dict[Key, Place]) -> bool:
    """Whether the program makes its data up."""
    return any(_MAKES.fullmatch(call.name) for place in places.values() for call in place.function.calls)


def _only_explores(start: Place, places: dict[Key, Place]) -> bool:
    """Whether this is a notebook that keeps no model: what it learns reaches nobody."""
    if start.file.role != "notebook":
        return False
    kept = {"saves_model", "logs_model", "autologs"}
    return not any(kept & set(call.kinds) for place in places.values() for call in place.function.calls)


def _found(project: Project, start: Place, place: Place, fit: list[Any], source: str) -> Found:
    spot = Spot(place.file.path, *fit[2:])
    where = elsewhere(start, spot)
    place, spot = at_entry(project, start, place, spot)
    message = (
        f"the model is trained{where} on what {source} returns, unchecked: check columns, types and missing values"
    )
    return place.found(spot, message, subject=fit[1])


def _is_checked(place: Place) -> bool:
    name = place.function.qualname.lower()
    if _WATCHES.search(name) or _OTHER.search(name):
        return False
    return any(
        "validates" in call.kinds or _CHECKS.search(call.name.rpartition(".")[2].lower())
        for call in place.function.calls
        if not call.name.startswith(("sklearn.model_selection", "xgboost.", "lightgbm."))
        and not _OTHER.search(call.name.rpartition(".")[2].lower())
    ) or _is_check(name)


def _is_check(name: str) -> bool:
    return _CHECKS.search(name) is not None and _OTHER.search(name) is None
