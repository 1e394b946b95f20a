"""The same rows, or copies of them, are in the training and in the test part.

## What it does
Finds rows that are copied or synthesised (SMOTE and its kin, `resample`, `sample(replace=True)`) before they are
split, models that are fitted on all rows and scored on the test part of the same rows, and models whose only score is
that of the rows they were fitted on.

## Why is this bad?
A model that remembers its rows is rewarded for it, and the more capacity it has, the more. (Data debt; overlap
leakage, Yang et al. 2022.)

## Example
```python
X, y = SMOTE().fit_resample(X, y)
X_train, X_test, y_train, y_test = train_test_split(X, y)
```

## Use instead
```python
X_train, X_test, y_train, y_test = train_test_split(X, y)
X_train, y_train = SMOTE().fit_resample(X_train, y_train)
```

## Limits
Dropping rows to balance classes copies none and is accepted. A score on the training rows is accepted where anything
in the program splits, cross-validates or names test data.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found
from solvent.debt.practice.before_split import prepared
from solvent.debt.practice.overlap import Overlap, overlaps
from solvent.debt.project.preparation import Preparation
from solvent.debt.project.project import Place, Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module

_HELD_OUT = ("splits", "cross_validates", "tunes")


def collect(module: Module) -> Iterator[tuple[str, object]]:
    """Both kinds of records, each with its kind."""
    yield from (("prepared", each) for each in prepared(module))
    yield from (("overlap", each) for each in overlaps(module))


@project_rule(
    "DAT305",
    "train-test-overlap",
    severity="high",
    minutes=30,
    evidence="F",
    collect=collect,
)
def check(project: Project) -> Iterator[Found]:
    extras = list(project.extras("DAT305"))
    records = [(file, record) for file, (kind, record) in extras if kind == "prepared"]
    for leak in Preparation(project, records).leaks(("copies",)):
        where = leak.split.name if leak.split is not None else "the split"
        message = f"{leak.event.name} copies rows before {where}: copies land in the test part; split first"
        yield leak.place.found(leak.event.spot, message, subject=leak.event.subject)
    held_out = _held_out(project)
    for file, (kind, record) in extras:
        if kind != "overlap":
            continue
        found = msgspec.convert(record, Overlap)
        place = project.functions[file.path, found.qualname]
        if found.kind == "whole":
            message = f"{found.model} was fitted on all rows, these test rows too: fit it on the training part"
            yield place.found(found.spot, message, subject=found.subject)
        elif place.key not in held_out:
            message = (
                f"{found.model} is scored on the rows that it was fitted on: hold out a test part or cross-validate"
            )
            yield place.found(found.spot, message, subject=found.subject)


def _held_out(project: Project) -> set[tuple[str, str]]:
    """Functions of programs that hold rows out somewhere, and of files that do."""
    found: set[tuple[str, str]] = set()
    for place in project.places("source", "notebook", "example", "test"):
        if any(not set(_HELD_OUT).isdisjoint(call.kinds) for call in place.function.calls):
            found |= {Place(place.file, function).key for function in place.file.functions}
    for entry in project.entries:
        reached = project.reach(entry.place)
        if not found.isdisjoint(reached):
            found |= reached.keys()
    return found
