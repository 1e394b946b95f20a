"""Runs are tracked, and no experiment is named: they all land in "Default".

## What it does
Finds programs that start runs or log to them and never, in nothing that they reach, say which experiment the runs
belong to: neither `set_experiment`, nor an `experiment_id`, nor a `project` of Weights & Biases.

## Why is this bad?
Runs of different questions are mixed, compared by mistake, and nobody dares to delete any. ("mlflow run" users who
name their experiments don't have it.)

## Example
```python
with mlflow.start_run():
    mlflow.log_metric("auc", auc)
```

## Use instead
```python
mlflow.set_experiment("churn/baseline")
with mlflow.start_run():
    mlflow.log_metric("auc", auc)
```

## Limits
One finding per file in which a program begins, where it leads to the first call of the tracker.
"""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.project.at_entry import at_entry, elsewhere
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import has_unpacking, keyword

_TRACKERS = ("mlflow.", "solvent.", "wandb.")
_NAMING = ("experiment_id", "project", "experiment_name")


def collect(module: Module) -> Iterator[bool]:
    """Whether a run is started that says where it belongs, or may say so in ``**kwargs``."""
    for call in module.calls_of("starts_run"):
        if has_unpacking(call.node) or any(keyword(call.node, name) is not None for name in _NAMING):
            yield True


@project_rule("CFG102", "no-experiment", severity="medium", minutes=3, evidence="S", fix="unsafe", collect=collect)
def check(project: Project) -> Iterator[Found]:
    named = {file.path for file, _ in project.extras("CFG102")}
    said: set[str] = set()
    for entry in project.entries:
        tracked = project.reached_calls(entry.place, "starts_run", "logs_metric", "logs_param", "autologs")
        tracked = [(place, call) for place, call in tracked if call.name.startswith(_TRACKERS)]
        if not tracked or project.reached_calls(entry.place, "names_experiment"):
            continue
        if any(place.file.path in named for place in project.reach(entry.place).values()):
            continue
        if entry.place.file.path in said:
            continue
        said.add(entry.place.file.path)
        place, call = tracked[0]
        where = elsewhere(entry.place, call.spot)
        message = f"no experiment is named: runs land in 'Default' ({call.name}){where}"
        place, spot = at_entry(project, entry.place, place, call.spot)
        yield place.found(spot, message, subject=call.name)
