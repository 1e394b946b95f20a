"""A model is trained and never saved: it is gone when the program ends.

## What it does
Finds trained models that nobody keeps: neither in a file, nor in a tracker or registry, nor by a checkpoint. A
function that returns the model passes the duty on to its callers; if any of them saves it, logs it, or hands it to
code that is not known, all is well.

## Why is this bad?
The hours of training are lost, and the numbers that were reported belong to a model that nobody can look at again,
serve or compare with. (Model debt; ML Test Score Infra 1, Breck et al. 2017.)

## Example
```python
def train_model(data):
    model = Model()
    model.train(data)
    return model


model = train_model(data)
```

## Use instead
```python
with mlflow.start_run():
    model = train_model(data)
    mlflow.sklearn.log_model(model, "model", signature=signature)
```

## Limits
One finding per function that trains. Silent for functions that no program of the project reaches, unless they give
nothing back; for trainings in a cross-validation, a search or for the importance of features; for transformers and
clusterings; for libraries that write checkpoints by themselves; and wherever the program saves another model, as
after a comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.saving import keeps_model
from solvent.debt.practice.trained import Trained, trained_models
from solvent.debt.project.kept import Kept
from solvent.debt.project.project import Place, Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module


def collect(module: Module) -> Iterator[list[Any]]:
    """``[qualified name]`` of functions that save; the fields of ``Trained`` for each training."""
    if module.role not in ("source", "notebook", "example"):
        return
    yield from ([name] for name in {call.function.qualname: 0 for call in module.calls if keeps_model(module, call)})
    yield from (list(each) for each in trained_models(module))


@project_rule("MOD401", "model-never-saved", severity="high", minutes=5, evidence="F", collect=collect)
def check(project: Project) -> Iterator[Found]:
    saving: set[tuple[str, str]] = set()
    trained: list[tuple[Place, Trained]] = []
    for file, item in project.extras("MOD401", "source", "notebook", "example"):
        place = project.functions.get((file.path, item[0]))
        if place is not None and len(item) == 1:
            saving.add(place.key)
        elif place is not None and file.role != "example":
            trained.append((place, Trained(*item)))
    if not trained:
        return
    kept = Kept(project, saving, {(place.file.path, *each.where) for place, each in trained})
    lost: dict[tuple[str, str], list[tuple[Place, Trained]]] = {}
    for place, each in trained:
        if kept.is_lost(place, each):
            lost.setdefault(place.key, []).append((place, each))
    for found in lost.values():
        place, first = found[0]
        more = f" (and {len(found) - 1} more here)" if len(found) > 1 else ""
        yield place.found(
            Spot(place.file.path, *first.where),
            f"{first.name} is trained{more} and never saved: log or save it, or return it to who does",
            subject=first.name,
        )
