"""A seed is set for a PyTorch training, and its nondeterministic kernels are left on.

## What it does
Finds programs that train with PyTorch or Lightning, set a seed, and nowhere ask for deterministic algorithms; and
those that set a seed and turn `cudnn.benchmark` on. In code that serves and never trains it finds the debugging
switches `set_detect_anomaly` and `use_deterministic_algorithms` left on.

## Why is this bad?
On a GPU the same seed gives other results from run to run, because the fastest kernel is chosen anew and sums are
made in any order: the seed promises what it does not keep. In production the switches cost speed for nothing.
(Machine-learning code smell "deterministic algorithm option not used", Zhang et al. 2022.)

## Example
```python
torch.manual_seed(0)
train(model, loader)
```

## Use instead
```python
torch.manual_seed(0)
torch.use_deterministic_algorithms(True)
torch.backends.cudnn.benchmark = False
train(model, loader)
```

## Limits
Silent where no seed is set: that is MOD403. One finding per program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.project.wide import Wide, programs, wide_of
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, keyword

_ASKS = re.compile(r"use_deterministic_algorithms|set_deterministic|enable_op_determinism|.*determinis.*")
_TORCH_SEED = re.compile(r"(torch|pytorch_lightning|lightning)\..*(manual_seed|manual_seed_all|seed_everything)")
_TORCH_FIT = re.compile(r"(pytorch_lightning|lightning\..*|lightning)\.Trainer\.fit")
_SWITCHES = frozenset({"torch.use_deterministic_algorithms", "torch.autograd.set_detect_anomaly"})
_SETTINGS = frozenset({"torch.backends.cudnn.deterministic", "torch.backends.cudnn.benchmark"})


def collect(module: Module) -> Iterator[list[Any]]:
    """What is set, where: ``[what, qualified name, line, column, end line, cell]``."""
    if "torch" not in module.source and "lightning" not in module.source:
        return
    for node in module.of(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in ("deterministic", "benchmark"):
                name = module.names.of(target, module.own_code)
                if name in _SETTINGS and constant(node.value) is not False:
                    yield _item(module, target.attr, node)
    for call in module.calls:
        if call.name in _SWITCHES and call.node.args and constant(call.node.args[0]) is True:
            yield _item(module, "switch", call.node)
        elif (call.method == "backward" and not call.node.args) or _TORCH_FIT.fullmatch(call.name):
            yield _item(module, "trains", call.node)
        given = keyword(call.node, "deterministic")
        if given is not None and constant(given) is not False:
            yield _item(module, "deterministic", call.node)
    for text in ("CUBLAS_WORKSPACE_CONFIG", "TF_DETERMINISTIC_OPS"):
        if text in module.source:
            yield _item(module, "deterministic", module.tree)


def _item(module: Module, what: str, node: ast.AST) -> list[Any]:
    spot = module.spot(node)
    line = getattr(node, "lineno", 0)
    return [what, module.function_at(line).qualname, spot.line, spot.column, spot.end_line, spot.cell]


@project_rule("MOD404", "no-determinism", severity="low", minutes=5, evidence="S", collect=collect)
def check(project: Project) -> Iterator[Found]:
    items: dict[tuple[str, str], list[list[Any]]] = {}
    for file, item in project.extras("MOD404"):
        items.setdefault((file.path, item[1]), []).append(item)
    if not items:
        return
    wide = wide_of(project)
    said: set[Spot] = set()
    training = [key for key, each in items.items() if any(item[0] == "trains" for item in each)]
    for start in programs(project, training):
        found = _about(wide, items, start)
        if found is not None and found.spot not in said:
            said.add(found.spot)
            yield found


def _about(wide: Wide, items: dict[tuple[str, str], list[list[Any]]], start: Place) -> Found | None:
    reached = wide.reach(start)
    here = [(reached[key], item) for key, each in items.items() if key in reached for item in each]
    if not here:
        return None
    calls = [(place, call) for place in reached.values() for call in place.function.calls]
    trains = any(item[0] == "trains" for _, item in here)
    if not trains:
        serves = any("serves" in call.kinds for _, call in calls)
        left = next(((place, item) for place, item in here if item[0] == "switch"), None)
        if serves and left is not None and not any("trains" in call.kinds for _, call in calls):
            return _found(*left, "a debugging switch of PyTorch is left on in code that only serves: it costs speed")
        return None
    asked = any(item[0] in ("deterministic", "switch") for _, item in here)
    asked = asked or any(_ASKS.fullmatch(call.name.rpartition(".")[2]) for _, call in calls)
    seeded = next(((place, call) for place, call in calls if _TORCH_SEED.fullmatch(call.name)), None)
    if asked or seeded is None:
        return None
    benchmark = next(((place, item) for place, item in here if item[0] == "benchmark"), None)
    if benchmark is not None:
        return _found(*benchmark, "cudnn.benchmark chooses kernels anew in each run, in spite of the seed: turn it off")
    place, call = seeded
    return place.found(
        call.spot,
        "a seed is set, but nothing asks PyTorch for deterministic algorithms: "
        "add torch.use_deterministic_algorithms(True)",
        subject=call.name,
    )


def _found(place: Place, item: list[Any], message: str) -> Found:
    spot = Spot(place.file.path, *item[2:6])
    return place.found(spot, message, subject=item[0])
