"""Training and serving prepare data in code of their own, instead of sharing it.

## What it does
Finds programs that serve or apply a model and that prepare its input by code which training has too, in another place:
columns that both derive or rename, texts that both turn into numbers, functions of one name with different bodies or of
equal bodies, and transformers that serving fits anew. Both places are reported, and the time to mend them counts once.
A transformer that is fitted on the very rows that a model is then asked about is found without a training program.

## Why is this bad?
Sooner or later one side is changed alone. The model is then asked about features that it was not trained on, and
answers without an error. (Pipeline debt; training/serving skew, Sculley et al. 2015, Breck et al. 2017.)

## Example
```python
# train.py
df["ratio"] = df["paid"] / df["due"]
df["sex"] = df["sex"].map({"f": 0, "m": 1})
# app.py
row["ratio"] = row["paid"] / max(row["due"], 1)
row["sex"] = {"m": 0, "f": 1}[row["sex"]]
```

## Use instead
```python
# features.py, which train.py and app.py import; or a Pipeline that is saved with the model
def derive(df):
    return df.assign(ratio=df["paid"] / df["due"], sex=df["sex"].map({"f": 0, "m": 1}))
```

## Limits
A single column of a common name is no evidence, unless its code is equal too. Programs that train and serve in one run
share by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.transformations import Step, steps_of
from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import FileSummary
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module

_SERVES = re.compile(
    r"(^|[/_.])(app|api|serv(e|er|ing|ice)|predict(or|ion|ions)?|infer(ence)?|scor(e|ing)|deploy|webapp)"
)
_TRAINS = re.compile(r"train|eval|test|experiment|tun(e|ing)")
_ANSWERS = re.compile(r"predict|pred$|proba|target|score|result|label|output|cluster|error|residual|^y$")
"""Columns that hold what a model said, or should say."""
_FEWEST_COLUMNS = 2
Key = tuple[str, str]
_SHOWN = 3


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A step and where it is reported."""

    step: Step
    spot: Spot


def collect(module: Module) -> Iterator[Kept]:
    """What a file does to prepare data."""
    if module.role in ("source", "notebook") and module.calls is not None:
        for step in steps_of(module):
            yield Kept(step, module.spot(step.line))


@project_rule("PIP504", "prepared-twice", severity="high", minutes=90, evidence="F", collect=collect)
def check(project: Project) -> Iterator[Found]:
    steps: dict[str, list[Kept]] = {}
    refitted: set[tuple[str, str]] = set()
    for file, item in project.extras("PIP504"):
        kept = msgspec.convert(item, Kept)
        if kept.step.kind != "refit":
            steps.setdefault(file.path, []).append(kept)
        elif (file.path, kept.step.function) not in refitted:
            refitted.add((file.path, kept.step.function))
            message = f"{kept.step.key} is fitted on the rows that the model is asked about: load the one of training"
            yield _found(kept, message)
    if len(steps) < 2:
        return
    training, serving = _sides(project)
    told: set[Spot] = set()
    for path in sorted(serving.paths.intersection(steps)):
        here = [each for each in steps[path] if serving.has(path, each) and (path, each.step.function) not in refitted]
        for other in sorted(training.paths.intersection(steps) - {path}):
            found = list(_compare(here, [each for each in steps[other] if training.has(other, each)], other))
            for mine, theirs, message in found:
                yield _found(mine, message)
                if theirs.spot not in told:
                    told.add(theirs.spot)
                    also = f"where the model is applied, {_at(mine, path)} does this in code of its own: share it"
                    yield _found(theirs, also, minutes=0)  # what mends the other mends it
            if found:
                break  # one training program is enough to tell


class Side(NamedTuple):
    """The functions of training or of serving alone: what they call, and what nobody calls in the files of these."""

    project: Project
    keys: frozenset[Key]
    paths: frozenset[str]

    def has(self, path: str, kept: Kept) -> bool:
        key = path, kept.step.function
        return key in self.keys or (not self.project.callers.get(key) and kept.step.function != "<module>")


def _sides(project: Project) -> tuple[Side, Side]:
    """Training and serving: their programs, and all that only they call."""
    files = list(project.of_roles(("source", "notebook")))
    kinds = {file.path: _kinds(project, file) for file in files}
    trainers = {path for path, known in kinds.items() if "trains" in known}
    servers = {file.path for file in files if file.path not in trainers and _serves(project, file, kinds)}
    if not trainers or not servers:
        none = Side(project, frozenset(), frozenset())
        return none, none
    callers = {
        place.file.path
        for key, known in project.callers.items()
        if key[0] in trainers
        for place, _ in known
        if place.file.path not in servers and place.file.role in ("source", "notebook")
    }
    called = _called(project, servers)
    programs = {key for key in _called(project, callers) if key[0] not in servers}
    training = _called(project, trainers) | programs
    shared = called & training
    return tuple(  # type: ignore[return-value]
        Side(project, frozenset(keys - shared), frozenset(path for path, _ in keys - shared))
        for keys in (training, called)
    )


def _kinds(project: Project, file: FileSummary) -> set[str]:
    """What a file does itself: a function of the project that is called ``train`` is looked at where it stands."""
    return {
        kind
        for function in file.functions
        for call in function.calls
        if call.kinds and project.callee(call.name, file) is None
        for kind in call.kinds
    }


def _serves(project: Project, file: FileSummary, known: dict[str, set[str]]) -> bool:
    """Whether a file makes a service, or applies a model that was saved, itself or by what it calls."""
    kinds = known[file.path]
    if "serves" in kinds:
        return True
    name = file.path.rpartition("/")[2].lower()
    if _TRAINS.search(name):
        return False
    if not kinds & {"predicts", "loads_model"}:
        called = [callee for each in file.functions for _, callee in project.calls(Place(file, each))]
        asked = {kind for place in called for call in place.function.calls for kind in call.kinds}
        return _SERVES.search(name) is not None and "predicts" in asked and "trains" not in asked
    return file.role == "source" and (_SERVES.search(name) is not None or {"predicts", "loads_model"} <= kinds)


def _called(project: Project, paths: Iterable[str]) -> set[Key]:
    """The functions of these files, and those that they call, over however many steps."""
    todo = [Place(project.files[path], function) for path in paths for function in project.files[path].functions]
    seen = {place.key for place in todo}
    while todo:
        for _, callee in project.calls(todo.pop()):
            if callee.key not in seen:
                seen.add(callee.key)
                todo.append(callee)
    return seen


def _compare(here: list[Kept], there: list[Kept], path: str) -> Iterator[tuple[Kept, Kept, str]]:
    """What of a serving file is also done in a training file: both places, and what to say at the first."""
    known: dict[tuple[str, str], Kept] = {}
    for each in there:
        known.setdefault((each.step.kind, each.step.key), each)
    told: set[str] = set()
    for each in here:
        step = each.step
        other = known.get((step.kind, step.key))
        if step.kind != "function" or other is None or "." in step.function or "." in other.step.function:
            continue
        told.add(step.function)
        how = "stands" if step.form == other.step.form else "is written in another way"
        message = f"{step.key}() {how} in {_at(other, path)}, where the model is trained: share one function"
        yield each, other, message
    rest = [each for each in here if each.step.function not in told]
    for each in rest:
        other = known.get((each.step.kind, each.step.key))
        if other is None or each.step.kind not in ("codes", "fit"):
            continue
        if each.step.kind == "fit":
            told.add(each.step.function)
            message = (
                f"{each.step.key} is fitted anew where the model is applied, after {_at(other, path)} fitted it for"
            )
            yield each, other, f"{message} training: save that one, and load it here"
        elif each.step.function not in told:
            told.add(each.step.function)
            texts = ", ".join(each.step.key.split("|")[:_SHOWN])
            yield each, other, f"texts ({texts}) become numbers both here and in {_at(other, path)}: share one table"
    yield from _columns([each for each in rest if each.step.function not in told], known, path)


def _columns(here: list[Kept], known: dict[tuple[str, str], Kept], path: str) -> Iterator[tuple[Kept, Kept, str]]:
    """One finding for the columns that both sides derive."""
    shared: dict[str, Kept] = {}
    equal = False
    for each in here:
        step = each.step
        other = known.get(("column", step.key)) if step.kind == "column" else None
        if other is None or _ANSWERS.search(step.key.lower()):
            continue
        shared.setdefault(step.key, each)
        equal = equal or (step.form != 0 and step.form == other.step.form)
    if shared and (len(shared) >= _FEWEST_COLUMNS or equal):
        first = next(iter(shared.values()))
        names = ", ".join(list(shared)[:_SHOWN]) + ("..." if len(shared) > _SHOWN else "")
        other = known["column", first.step.key]
        yield first, other, f"{names}: derived both here and in {_at(other, path)}, for training: share one function"


def _at(kept: Kept, path: str) -> str:
    return f"{path}:{kept.spot.line}" if kept.spot.cell is None else f"{path}, cell {kept.spot.cell}"


def _found(kept: Kept, message: str, minutes: int | None = None) -> Found:
    return Found(kept.spot, message, kept.step.function, f"{kept.step.kind} {kept.step.key}", minutes=minutes)
