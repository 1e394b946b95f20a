"""Training or preparing code stands in several files.

## What it does
Finds runs of 30 lines or more that train models or prepare data and that stand in another script, module or notebook
too, with other literals or small changes. The later copy is reported, and the first is named.

## Why is this bad?
A mistake is mended in one copy and lives on in the other; two models are compared that were not prepared in the same
way. (Code debt; "glue code" and "pipeline jungles", Sculley et al. 2015.)

## Example
```python
# train_forest.py and train_boosting.py both hold
df = pd.read_csv(path)
df = df.dropna(subset=["age"])
...  # thirty lines more
```

## Use instead
```python
from preparing import prepare

df = prepare(path)
```

## Limits
Imports, tables of literals, definitions of arguments and output are no code that one would share, nor is what stands
in tests, examples and generated files. Names are compared: code whose variables were all renamed is not found.

## Options
`limit`: the fewest lines (30).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.clones import Copied, Run, copies
from solvent.debt.project.project import Project
from solvent.debt.project.summary import FileSummary, FunctionSummary
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.units import units_of

LINES = 30
_FEWEST_UNITS = 12
_EQUAL = 0.7
"""So much of a copy must be the same."""
_CODE = 0.7
"""So much of the fewest lines must be code: neither imports nor comments nor blank lines."""
_FEWEST_CALLS = 3
_MUCH = 60
"""So many lines of a file that works with data or models need no such calls of their own."""
_HEAD = 8
"""So many lines of a function may differ at its beginning and its end, its name and docstring for example."""
_LIBRARIES = (
    *("pandas.", "numpy.", "sklearn.", "torch.", "tensorflow.", "keras.", "xgboost.", "lightgbm.", "catboost."),
    *("imblearn.", "scipy.", "torchvision.", "transformers.", "polars.", "cv2.", "statsmodels.", "librosa.", "PIL."),
)
_METHODS = frozenset(
    {
        "fit",
        "predict",
        "transform",
        "fit_transform",
        "groupby",
        "fillna",
        "dropna",
        "merge",
        "astype",
        "backward",
        "map",
    }
    | {"zero_grad", "apply", "drop", "replace", "reset_index", "to_numpy", "rolling", "unsqueeze", "detach", "compile"}
)


_TRACKING = frozenset(
    {"autologs", "logs_metric", "logs_model", "logs_param", "names_experiment", "promotes", "serves", "starts_run"}
    | {"may_return_none", "monitors", "seeds", "loads_model", "saves_model", "unpickles", "validates"}
)
"""Kinds of calls that neither train nor prepare."""


class File(msgspec.Struct, frozen=True, array_like=True):
    """The units of a file, the lines on which it works with data or models, and the cells of a notebook.

    ``cells`` are pairs of first line and number.
    """

    hashes: list[int]
    lines: list[int]
    ends: list[int]
    works: list[int]
    cells: list[tuple[int, int]]


def collect(module: Module) -> Iterator[File]:
    """What a file could share with others."""
    if module.role not in ("source", "notebook") or len(module.lines) < _FEWEST_UNITS:
        return
    works = sorted({call.line for call in module.calls if _works(call)})
    if len(works) < _FEWEST_CALLS:
        return
    units = units_of(module)
    if len(units) >= _FEWEST_UNITS:
        cells = [(cell.first, cell.number) for cell in module.notebook.cells] if module.notebook is not None else []
        yield File([u.hash for u in units], [u.line for u in units], [u.end for u in units], works, cells)


def _works(call: Call) -> bool:
    return bool(call.kinds - _TRACKING) or call.name.startswith(_LIBRARIES) or (call.method in _METHODS)


@project_rule("COD202", "duplicated-code", severity="medium", minutes=60, evidence="S", collect=collect)
def check(project: Project) -> Iterator[Found]:
    found = [(summary, msgspec.convert(item, File)) for summary, item in project.extras("COD202")]
    found.sort(key=lambda pair: (pair[0].role == "notebook", pair[0].path))
    fewest = project.limit("COD202", LINES)
    told: dict[int, list[Run]] = {}
    for copied in copies([file.hashes for _, file in found], _FEWEST_UNITS):
        if not _is_long(found[copied.later.file][1], copied, fewest):
            continue
        if not _is_long(found[copied.first.file][1], copied._replace(later=copied.first), fewest):
            continue
        known = told.setdefault(copied.later.file, [])
        if any(_overlap(copied.later, other) for other in known):
            continue
        known.append(copied.later)
        yield _found(found, copied)


def _is_long(file: File, copied: Copied, fewest: float) -> bool:
    """Whether a copy has enough lines, is mostly equal, and works with data or models."""
    run = copied.later
    first, last = file.lines[run.start], file.ends[run.end - 1]
    calls = bisect_left(file.works, last + 1) - bisect_left(file.works, first)
    lines = last - first + 1
    works = calls >= _FEWEST_CALLS or lines >= _MUCH
    code = sum(file.ends[at] - file.lines[at] + 1 for at in range(run.start, run.end))
    return lines >= fewest and code >= _CODE * fewest and works and copied.equal >= _EQUAL * (run.end - run.start)


def _overlap(run: Run, other: Run) -> bool:
    return min(run.end, other.end) - max(run.start, other.start) > (run.end - run.start) / 2


def _found(found: list[tuple[FileSummary, File]], copied: Copied) -> Found:
    (summary, file), (other, first) = found[copied.later.file], found[copied.first.file]
    line, end = file.lines[copied.later.start], file.ends[copied.later.end - 1]
    spot = _spot(summary.path, file, line)
    at = _spot(other.path, first, first.lines[copied.first.start])
    where = f"{at.path}:{at.line}" if at.cell is None else f"{at.path}, cell {at.cell}"
    function = _function_at(summary, line)
    if function is not None and spot.line - function.spot.line <= _HEAD and end >= function.end_line - _HEAD:
        spot = function.spot  # the whole of it, perhaps under another name
    return Found(
        spot,
        f"{end - line + 1} lines of training or preparing code stand in {where} too: share one function",
        function.qualname if function is not None else "",
        f"copy of {other.path}",
    )


def _function_at(summary: FileSummary, line: int) -> FunctionSummary | None:
    around = [f for f in summary.functions[1:] if f.spot.cell is None and f.spot.line <= line <= f.end_line]
    return max(around, key=lambda f: f.spot.line, default=None)


def _spot(path: str, file: File, line: int) -> Spot:
    if not file.cells:
        return Spot(path, line, 1, line)
    first, number = file.cells[max(0, bisect_left(file.cells, (line + 1, -1)) - 1)]
    return Spot(path, line - first + 1, 1, line - first + 1, number)
