"""Training or preparing code stands in several files.

## What it does
Finds runs of 30 lines or more that train models or prepare data and that stand in another script, module or notebook
too, with other literals or small changes. Both places are reported, each names the other; the time to mend them is
counted once.

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
from typing import NamedTuple

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
_FEWEST_UNITS = 8
_EQUAL = 0.7
"""So much of a copy must be the same."""
_CODE, _CODE_OF_WHOLE = 0.7, 0.6
"""So much of the fewest lines must be code: neither imports nor comments nor blank lines. Less in a whole function."""
_FEWEST_CALLS = 3
_MUCH = 60
"""So many lines of a file that works with data or models need no such calls of their own."""
_HEAD = 8
"""A copy that begins so many lines below a function's head is reported there."""
_MOST_BEFORE = 40
"""So is one that begins so many lines above the function that holds most of it."""
_CHANGED = 2
"""So many statements may differ at the beginning and the end of a function that is a copy as a whole."""
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


class Part(NamedTuple):
    """What of a file a copy is: its lines, and the function that holds most of it."""

    summary: FileSummary
    file: File
    first: int
    last: int
    function: FunctionSummary | None
    whole: bool

    @property
    def spot(self) -> Spot:
        """Where the function begins, or the copy where it is a small part of one."""
        line, function = self.first, self.function
        if function is not None and function.spot.line - line <= _MOST_BEFORE and line - function.spot.line <= _HEAD:
            line = function.spot.line
        return _spot(self.summary.path, self.file, line, self.last)


@project_rule("COD202", "duplicated-code", severity="medium", minutes=60, evidence="S", preview=False, collect=collect)
def check(project: Project) -> Iterator[Found]:
    found = [(summary, msgspec.convert(item, File)) for summary, item in project.extras("COD202")]
    found.sort(key=lambda pair: (pair[0].role == "notebook", pair[0].path))
    fewest = project.limit("COD202", LINES)
    told: dict[int, list[Run]] = {}
    for copied in copies([file.hashes for _, file in found], _FEWEST_UNITS):
        first, later = (_part(*found[run.file], run) for run in (copied.first, copied.later))
        if not (_is_long(first, copied.first, copied, fewest) and _is_long(later, copied.later, copied, fewest)):
            continue
        if _is_new(copied.later, told):
            yield _found(later, first)
        if _is_new(copied.first, told):
            yield _found(first, later, minutes=0)  # what mends the other mends it


def _is_new(run: Run, told: dict[int, list[Run]]) -> bool:
    """Whether these lines have not been reported yet; notes that they are."""
    known = told.setdefault(run.file, [])
    if any(_overlap(run, other) for other in known):
        return False
    known.append(run)
    return True


def _part(summary: FileSummary, file: File, run: Run) -> Part:
    first, last = file.lines[run.start], file.ends[run.end - 1]
    function, whole = _function_of(summary, first, last), False
    if function is not None and not file.cells:
        before = bisect_left(file.lines, function.spot.line)
        after = bisect_left(file.lines, function.end_line + 1)
        if run.start - before in range(_CHANGED + 1) and after - run.end in range(_CHANGED + 1):
            # the whole of it, perhaps under another name and with another docstring
            first, last, whole = function.spot.line, function.end_line, True
    return Part(summary, file, first, last, function, whole)


def _is_long(part: Part, run: Run, copied: Copied, fewest: float) -> bool:
    """Whether a copy has enough lines, is mostly equal, and works with data or models."""
    file = part.file
    calls = bisect_left(file.works, part.last + 1) - bisect_left(file.works, part.first)
    lines = part.last - part.first + 1
    works = calls >= _FEWEST_CALLS or lines >= _MUCH
    units = range(bisect_left(file.lines, part.first), bisect_left(file.lines, part.last + 1))
    code = sum(file.ends[at] - file.lines[at] + 1 for at in units)
    least = (_CODE_OF_WHOLE if part.whole else _CODE) * fewest
    return lines >= fewest and code >= least and works and copied.equal >= _EQUAL * (run.end - run.start)


def _overlap(run: Run, other: Run) -> bool:
    return min(run.end, other.end) - max(run.start, other.start) > (run.end - run.start) / 2


def _found(part: Part, other: Part, minutes: int | None = None) -> Found:
    at = other.spot
    where = f"{at.path}:{at.line}" if at.cell is None else f"{at.path}, cell {at.cell}"
    return Found(
        part.spot,
        f"{part.last - part.first + 1} lines of training or preparing code stand in {where} too: share one function",
        part.function.qualname if part.function is not None else "",
        f"copy of {other.summary.path}",
        minutes=minutes,
    )


def _function_of(summary: FileSummary, first: int, last: int) -> FunctionSummary | None:
    """The innermost function that holds most of these lines."""

    def shared(function: FunctionSummary) -> int:
        return min(last, function.end_line) - max(first, function.spot.line) + 1

    around = [f for f in summary.functions[1:] if f.spot.cell is None and 2 * shared(f) > last - first]
    return max(around, key=lambda f: f.spot.line, default=None)


def _spot(path: str, file: File, line: int, end: int) -> Spot:
    if not file.cells:
        return Spot(path, line, 1, end)
    first, number = file.cells[max(0, bisect_left(file.cells, (line + 1, -1)) - 1)]
    return Spot(path, line - first + 1, 1, line - first + 1, number)
