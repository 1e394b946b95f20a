"""Features are made by hand, and nobody has written down what they mean.

## What it does
Finds functions and blocks of scripts that derive three columns or more from others, without a docstring, without
comments beside them, without `@solvent.feature` and without an entry in features.yaml. A column that is the output of
a `@solvent.feature` anywhere in the project is documented wherever it is assigned.

## Why is this bad?
Nobody can tell later what a column means, whether serving computes the same, or whether it may be dropped. (Data debt:
manual feature engineering without documentation.)

## Example
```python
def add_features(df):
    df["ratio"] = df["debt"] / df["income"]
    df["young"] = df["age"] < 25
    df["load"] = df["debt"] * df["rate"] / 12
    return df
```

## Use instead
```python
def add_features(df):
    \"\"\"Adds ratio (debt per yearly income), young (age below 25) and load (monthly interest, EUR).\"\"\"
```

## Options
`limit`: so many undocumented columns make a finding (default 3).

## Limits
Conversions (`astype`, `to_datetime`, `fillna`, `rename`, parts of a date under their own name) are no features.
Columns of predictions, errors and results are none either, nor those of exploration and of projects that fit no model. In a notebook,
text before a cell documents it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from solvent.data.features.errors import InvalidFeatures
from solvent.data.features.scan import features_in
from solvent.data.features.yaml_file import FILES, read_features
from solvent.debt.findings import Found, Spot
from solvent.debt.practice.features import Feature, features_of
from solvent.debt.project.project import Project
from solvent.debt.project.training import feeds_training
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module

_LEAST = 3
_EXPLORES = re.compile(r"(^|[/_ .])(eda|explor|visual|plot|dashboard|report|analy|show|draw)|streamlit", re.IGNORECASE)
_PREPARES = re.compile(r"feature|prepar|preproc|transform|engineer|process|clean|etl", re.IGNORECASE)


class Undocumented(msgspec.Struct, frozen=True, array_like=True, tag="undocumented"):
    """The columns that one function or script derives without a word about them."""

    qualname: str
    spot: Spot
    columns: list[str]


class Documented(msgspec.Struct, frozen=True, array_like=True, tag="documented"):
    """The columns that the declared features of one file make, ``*`` standing for any text."""

    columns: list[str]


def collect(module: Module) -> Iterator[Undocumented | Documented]:
    if any(name.split(".")[0] == "solvent" for name in module.names.imported.values()):
        declared = features_in(module.path, module.tree, module.source)
        columns = sorted({column for each in declared if each.description for column in (each.name, *each.outputs)})
        if columns:
            yield Documented(columns)
    if module.calls is None or "streamlit" in module.names.imported.values():
        return
    by_function: dict[int, list[ast.Assign]] = defaultdict(list)
    for statement in module.of(ast.Assign):
        if isinstance(statement.targets[0], ast.Subscript):
            by_function[id(module.function_at(statement.lineno))].append(statement)
    for function in module.functions:
        if not by_function[id(function)] and not function.calls:
            continue
        if _is_documented(function):
            continue
        features = sorted(features_of(function, by_function[id(function)]), key=lambda each: each.statement.lineno)
        bare = [feature for feature in features if not _is_explained(module, feature)]
        if bare:
            columns = list(dict.fromkeys(feature.column for feature in bare))
            yield Undocumented(function.qualname, module.spot(bare[0].statement), columns)


def _is_documented(function: Function) -> bool:
    """A docstring, or a decorator that declares a feature; a script's docstring is about the script."""
    if function.outer is None:
        return False
    decorators = getattr(function.node, "decorator_list", [])
    return bool(function.docstring) or any("feature" in ast.unparse(each).lower() for each in decorators)


def _is_explained(module: Module, feature: Feature) -> bool:
    """Whether a comment stands beside a statement, or above the run of lines that it belongs to."""
    lines = {comment.line for comment in module.comments}
    first, last = feature.statement.lineno, feature.statement.end_lineno or feature.statement.lineno
    if any(line in lines for line in range(first, last + 1)):
        return True
    above = first - 1
    while above > 0 and module.lines[above - 1].strip():
        if above in lines:
            return True
        above -= 1
    return _follows_text(module, first)


def _follows_text(module: Module, line: int) -> bool:
    """Whether a text cell stands before the notebook cell that holds a line."""
    if module.notebook is None:
        return False
    numbers = {cell.number for cell in module.notebook.cells}
    number, _ = module.notebook.cell_at(line)
    return number > 0 and number - 1 not in numbers


class _Described:
    """What features.yaml and ``@solvent.feature`` say; a features.yaml of another form describes what it names."""

    def __init__(self, project: Project, declared: list[Documented]) -> None:
        self._patterns = {column for each in declared for column in each.columns}
        self._texts: list[str] = []
        for path in project.paths:
            if path.rpartition("/")[2] in FILES:
                try:
                    listed = read_features(project.root, path)
                except InvalidFeatures:
                    self._texts.append(project.text(path) or "")
                else:
                    named = (each for each in listed if each.description)
                    self._patterns |= {column for each in named for column in (each.name, *each.outputs)}

    def has(self, column: str) -> bool:
        word = rf"(?<!\w){re.escape(column)}(?!\w)"
        return any(fnmatchcase(column, pattern) for pattern in self._patterns) or any(
            re.search(word, text) for text in self._texts
        )


@project_rule(
    "DAT311",
    "undocumented-features",
    severity="high",
    minutes=45,
    evidence="F",
    collect=collect,
)
def check(project: Project) -> Iterator[Found]:
    feeding = feeds_training(project)
    if not feeding:
        return
    limit = project.limit("DAT311", _LEAST)
    items = [(file, msgspec.convert(item, Undocumented | Documented)) for file, item in project.extras("DAT311")]
    described = _Described(project, [item for _, item in items if isinstance(item, Documented)])
    for file, found in items:
        if isinstance(found, Documented):
            continue
        where = f"{file.path} {found.qualname}"
        if _EXPLORES.search(where) or not ((file.path, found.qualname) in feeding or _PREPARES.search(where)):
            continue
        columns = [column for column in found.columns if not described.has(column)]
        if len(columns) >= limit:
            shown = ", ".join(columns[:4]) + (" ..." if len(columns) > 4 else "")
            message = f"{len(columns)} derived columns without documentation: {shown}"
            yield project.functions[file.path, found.qualname].found(
                found.spot, message, subject=" ".join(sorted(columns)[:4])
            )
