"""Something was learned from all rows before they were split: the test rows have been seen.

## What it does
Follows data from what is fitted on it (scalers, imputers, decompositions, vectorizers, feature selection, target
encoding, filling by means) to where it is split, through functions and files. A fit on all rows whose result is
split later, or is applied to the parts of a split, is found.

## Why is this bad?
The score on the test rows is no longer that of unseen rows. Selecting features and encoding by the target move it
most (severity high); scaling hardly does (medium), and hides other leaks. (Data debt; preprocessing leakage,
Yang et al. 2022.)

## Example
```python
X = StandardScaler().fit_transform(X)
X_train, X_test, y_train, y_test = train_test_split(X, y)
```

## Use instead
```python
X_train, X_test, y_train, y_test = train_test_split(X, y)
scaler = StandardScaler().fit(X_train)
X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
```

## Limits
Encoders that only number categories (`LabelEncoder`, `OneHotEncoder`) are accepted, and so is what was fitted on a
part of a split. Objects that are stored in containers are not followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.findings import Found, Severity
from solvent.debt.practice.before_split import prepared
from solvent.debt.project.preparation import Leak, Preparation
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule

_GRAVE = ("selection", "encoding")


@project_rule(
    "DAT304",
    "preprocessing-leakage",
    severity="medium",
    minutes=20,
    evidence="F",
    preview=False,
    collect=prepared,
)
def check(project: Project) -> Iterator[Found]:
    preparation = Preparation(project, project.extras("DAT304"))
    filled: set[tuple[str, str]] = set()
    for leak in preparation.leaks(("scaling", "selection", "encoding", "filling")):
        if leak.event.kind == "filling":  # one per function: they are mended together
            if leak.place.key in filled:
                continue
            filled.add(leak.place.key)
        event = leak.event
        severity: Severity | None = "high" if event.kind in _GRAVE else None
        yield leak.place.found(event.spot, _message(leak), subject=event.subject, severity=severity)


def _message(leak: Leak) -> str:
    if leak.split is None:
        return f"{leak.event.name} learns from all rows, test rows too: fit it on the training part only"
    where = leak.split.name
    if leak.split_place.file.path != leak.place.file.path:
        where += f" in {leak.split_place.file.path}"
    return f"{leak.event.name} learns from all rows before {where}: split first, or put it into a Pipeline"
