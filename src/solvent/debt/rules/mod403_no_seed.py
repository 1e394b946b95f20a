"""Random numbers decide what is learned, and no seed is set anywhere in the program.

## What it does
Finds programs (scripts, notebooks, commands) that split data, shuffle it, train a network or fit a random estimator,
and in all that they reach set no seed: neither `random_state=`, nor `seed=`, nor a call that seeds.

## Why is this bad?
Nobody can repeat the run: a better number may be a luckier split. (Machine-learning code smell "randomness
uncontrolled", Zhang et al. 2022; ML Test Score Infra 1 "training is reproducible".)

## Example
```python
X_train, X_test, y_train, y_test = train_test_split(X, y)
model = RandomForestClassifier().fit(X_train, y_train)
```

## Use instead
```python
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=SEED)
model = RandomForestClassifier(random_state=SEED).fit(X_train, y_train)
```

## Limits
One finding per program, at the first call that wants a seed. Any seed within reach silences it, also one that is
handed on from a configuration; so does `**kwargs` in the random call itself. Models whose default seed is fixed
(XGBoost, LightGBM, CatBoost) are not random.
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
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, has_unpacking, keyword, text_of
from solvent.debt.syntax.training import torch_steps, trains_model

_SEED = re.compile(r"(?i).*seed.*|random_?state|rng|.*generator_seed|prng_?key")
_SEED_KEYS = re.compile(r"(?i)(.*_)?(seed|random_state|random_seed|rng_seed)")
_NETWORKS = re.compile(r"(tensorflow\.keras|keras|tensorflow|lightning|pytorch_lightning)\..*\.(fit|fit_generator)")
_DRAWS = frozenset({"shuffle", "permutation", "randperm"})
"""What orders rows; other numbers may be drawn for a plot."""
_LAST = ("split", "estimator", "network", "numbers")
"""Where a program does several things, it speaks of the first kind in this list."""


def collect(module: Module) -> Iterator[list[Any]]:
    """``[what, qualified name, name of the call, line, column, end line, cell]``; what is "seed" for evidence."""
    for call in module.calls:
        what = _what(module, call)
        if what:
            yield [what, call.function.qualname, call.name, *_where(module, call)]
    for call in torch_steps(module):
        yield ["network", call.function.qualname, "training", *_where(module, call)]
    for qualname in _seeded_keys(module):
        yield ["seed", qualname, "", 0, 0, 0, None]


def _where(module: Module, call: Call) -> list[Any]:
    spot = module.spot(call.node)
    return [spot.line, spot.column, spot.end_line, spot.cell]


def _what(module: Module, call: Call) -> str:
    node = call.node
    for given in node.keywords:
        if given.arg is not None and _SEED.fullmatch(given.arg) and not _is_none(given.value):
            return "seed"
    if "seeds" in call.kinds or re.search(r"(?i)seed", call.method):
        return "seed" if node.args or node.keywords or "seeds" not in call.kinds else ""
    if (
        call.method in ("default_rng", "RandomState", "Generator", "PRNGKey")
        and node.args
        and not _is_none(node.args[0])
    ):
        return "seed"
    if has_unpacking(node):
        return ""
    return _random(module, call)


def _random(module: Module, call: Call) -> str:
    node = call.node
    if "splits" in call.kinds:
        shuffles = constant(keyword(node, "shuffle"))
        return "split" if "random" in call.kinds and shuffles is not False else ""
    if call.name.endswith("KFold") and call.name.startswith("sklearn.") and constant(keyword(node, "shuffle")) is True:
        return "split"
    if call.method == "sample" and call.name.startswith("pandas.DataFrame") and constant(keyword(node, "frac")) == 1:
        return "split"
    if "random" in call.kinds:
        if not call.name.startswith(("numpy.", "random.", "torch.", "tensorflow.")):
            return "estimator"
        return "numbers" if call.method in _DRAWS else ""
    return "network" if trains_model(call) and _is_network(module, call) else ""


def _is_network(module: Module, call: Call) -> bool:
    if _NETWORKS.fullmatch(call.name):
        return True
    known = "keras" in module.source and call.name.startswith("?")
    return known and any(keyword(call.node, name) is not None for name in ("epochs", "validation_data", "batch_size"))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _seeded_keys(module: Module) -> Iterator[str]:
    """Functions that write or read a setting whose name is that of a seed."""
    if "seed" not in module.source.lower() and "random_state" not in module.source:
        return
    for node in module.of(ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and _SEED_KEYS.fullmatch(text_of(key) or "") and not _is_none(value):
                yield module.function_at(node.lineno).qualname
    for item in module.of(ast.Subscript):
        if _SEED_KEYS.fullmatch(text_of(item.slice) or ""):
            yield module.function_at(item.lineno).qualname


@project_rule("MOD403", "no-seed", severity="medium", minutes=5, evidence="F", fix="unsafe", collect=collect)
def check(project: Project) -> Iterator[Found]:
    items: dict[tuple[str, str], list[list[Any]]] = {}
    for file, item in project.extras("MOD403"):
        items.setdefault((file.path, item[1]), []).append(item)
    if not any(item[0] != "seed" for each in items.values() for item in each):
        return
    wide = wide_of(project)
    said: set[Spot] = set()
    training = [key for key, each in items.items() if any(item[0] == "network" for item in each)]
    for start in programs(project, training):
        found = _about(project, wide, items, start)
        if found is not None and found.spot not in said:
            said.add(found.spot)
            yield found


def _about(project: Project, wide: Wide, items: dict[tuple[str, str], list[list[Any]]], start: Place) -> Found | None:
    reached = wide.reach(start)
    if any(item[0] == "seed" for key in reached for item in items.get(key, ())):
        return None
    surely = project.reach(start)
    wanting = [(place, item) for key, place in surely.items() for item in items.get(key, ())]
    wanting = [(place, item) for place, item in wanting if place.file.role in ("source", "notebook")]
    kinds = {item[0] for _, item in wanting}
    if not kinds - {"numbers"} and not _trains(reached):
        return None
    for kind in _LAST:
        for place, item in wanting:
            if item[0] == kind:
                return place.found(Spot(place.file.path, *item[3:7]), _message(kind, item[2]), subject=item[2])
    return None


def _trains(reached: dict[tuple[str, str], Place]) -> bool:
    return any("trains" in call.kinds for place in reached.values() for call in place.function.calls)


def _message(kind: str, name: str) -> str:
    last = name.rpartition(".")[2]
    if kind == "network":
        return "a network is trained and no seed is set anywhere in the program: seed it before the model is made"
    if kind == "numbers":
        return f"{last} draws random numbers and no seed is set anywhere in the program: seed the generator"
    return f"{last} is random and no seed is set anywhere in the program: give random_state="
