"""Rows that follow each other in time are split at random.

## What it does
Follows data that is evidently ordered in time (lags by `shift`, moving windows by `rolling`, rows sorted by a date, tables
merged by a thing and a time, of which each thing has many rows)
to a split that shuffles its rows.

## Why is this bad?
The rows next to each test row, or the windows that overlap it, are in the training part: the model is asked about
the past of what it knows. The score says nothing about tomorrow. (Data debt; temporal leakage, Kapoor & Narayanan
2023.)

## Example
```python
df = df.sort_values("date")
df["sales_lag_1"] = df["sales"].shift(1)
train, test = train_test_split(df, test_size=0.2)
```

## Use instead
```python
df = df.sort_values("date")
df["sales_lag_1"] = df["sales"].shift(1)
train, test = train_test_split(df, test_size=0.2, shuffle=False)
```

## Limits
A date column alone is no evidence: rows of customers have dates of birth and are independent all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.practice.before_split import prepared
from solvent.debt.project.preparation import Preparation
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule

_HOW = {
    "lags": "has features of earlier rows ({name})",
    "order": "is sorted by time",
    "panel": "has a row for each time of the same things",
}


@project_rule(
    "DAT307",
    "random-temporal-split",
    severity="high",
    minutes=45,
    evidence="F",
    collect=prepared,
)
def check(project: Project) -> Iterator[Found]:
    preparation = Preparation(project, project.extras("DAT307"))
    for place, split, event in preparation.shuffled(("lags", "order", "panel")):
        how = _HOW[event.kind].format(name=event.name)
        message = f"{split.name} shuffles data that {how}: split by time (shuffle=False, TimeSeriesSplit)"
        yield place.found(split.spot, message, subject=split.subject)
