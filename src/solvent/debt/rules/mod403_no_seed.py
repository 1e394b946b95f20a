"""Random numbers decide what is learned, and nothing seeds them.

## What it does
Finds programs (scripts, notebooks, commands) that split data, shuffle it, train a network or fit a random estimator
without a seed: neither `random_state=` in that call, nor a seed of its library (`numpy.random.seed` for scikit-learn,
`torch.manual_seed` for PyTorch, `set_seed` of TensorFlow, `seed_everything` for all) in anything that they reach.

## Why is this bad?
Nobody can repeat the run: a better number may be a luckier split, or a luckier forest behind a seeded split.
(Machine-learning code smell "randomness uncontrolled", Zhang et al. 2022; ML Test Score Infra 1 "training is
reproducible".)

## Example
```python
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=SEED)
model = RandomForestClassifier().fit(X_train, y_train)
```

## Use instead
```python
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=SEED)
model = RandomForestClassifier(random_state=SEED).fit(X_train, y_train)
```

## Limits
One finding per file in which a program begins, at the first call that wants a seed, or where that file calls what
leads to it. A seed that is handed on, to the project's own functions or in a configuration, silences it; so does
`**kwargs` in the random call itself. Estimators count where something is fitted. Models whose default seed is fixed
(XGBoost, LightGBM, CatBoost) are not random.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.training import torch_steps, trains_model
from solvent.debt.project.at_entry import at_entry, elsewhere
from solvent.debt.project.project import Place, Project
from solvent.debt.project.wide import Wide, beginnings, wide_of
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, has_unpacking, keyword, statement_of, text_of

_SEED = re.compile(r"(?i).*seed.*|random_?state|r_?state|rng|.*generator_seed|prng_?key")
_SEED_KEYS = re.compile(r"(?i)(.*_)?(seed|random_state|random_seed|rng_seed)")
_NETWORKS = re.compile(r"(tensorflow\.keras|keras|tensorflow|lightning|pytorch_lightning)\..*\.(fit|fit_generator)")
_DRAWS = frozenset({"shuffle", "permutation", "randperm"})
"""What orders rows; other numbers may be drawn for a plot."""
_SETS = re.compile(r"(?i).*(train|test|valid|val_|_val|split|fold).*")
_LAST = ("split", "estimator", "network", "numbers")
"""Where a program does several things, it speaks of the first kind in this list."""
_SEEDS = (
    (re.compile(r"numpy\..*"), "numpy"),
    (re.compile(r"random\..*"), "random"),
    (re.compile(r"torch\..*"), "torch"),
    (re.compile(r"(tensorflow\.keras|keras)\..*"), "all"),
    (re.compile(r"tensorflow\..*"), "tensorflow"),
)
"""Which random numbers a call seeds, by its name; all others seed all."""
_LOCAL = ("sklearn.", "imblearn.", "pandas.", "xgboost.", "lightgbm.", "catboost.", "tensorflow.", "keras.", "scipy.")
"""A seed that is given to these seeds that call alone."""


def collect(module: Module) -> Iterator[list[Any]]:
    """``[what, library, qualified name, name of the call, line, column, end line, cell]``; what is "seed" for
    evidence, whose library is what it seeds."""
    for call in module.calls:
        what, library = _what(module, call)
        if what:
            yield [what, library, call.function.qualname, call.name, *_where(module, call)]
    for call in torch_steps(module):
        yield ["network", "torch", call.function.qualname, "training", *_where(module, call)]
    for qualname in _seeded_keys(module):
        yield ["seed", "all", qualname, "", 0, 0, 0, None]


def _where(module: Module, call: Call) -> list[Any]:
    spot = module.spot(call.node)
    return [spot.line, spot.column, spot.end_line, spot.cell]


def _what(module: Module, call: Call) -> tuple[str, str]:
    node = call.node
    for given in node.keywords:
        if given.arg is not None and _SEED.fullmatch(given.arg) and not _is_none(given.value):
            return ("", "") if call.name.startswith(_LOCAL) else ("seed", "all")
    if "seeds" in call.kinds or re.search(r"(?i)seed", call.method):
        return ("seed", _seeded(call.name)) if node.args or node.keywords or "seeds" not in call.kinds else ("", "")
    if (
        call.method in ("default_rng", "RandomState", "Generator", "PRNGKey")
        and node.args
        and not _is_none(node.args[0])
    ):
        return "seed", "all"
    if has_unpacking(node) or keyword(node, "generator") is not None:
        return "", ""
    return _random(module, call)


def _seeded(name: str) -> str:
    return next((library for pattern, library in _SEEDS if pattern.fullmatch(name)), "all")


def _random(module: Module, call: Call) -> tuple[str, str]:
    node = call.node
    library = next((library for pattern, library in _SEEDS if pattern.fullmatch(call.name)), "numpy")
    if "splits" in call.kinds:
        shuffles = constant(keyword(node, "shuffle"))
        return ("split", library) if "random" in call.kinds and shuffles is not False else ("", "")
    if call.name.endswith("KFold") and call.name.startswith("sklearn.") and constant(keyword(node, "shuffle")) is True:
        return "split", library
    if call.method == "sample" and call.name.startswith("pandas.DataFrame") and constant(keyword(node, "frac")) == 1:
        return "split", library
    if "random" in call.kinds:
        if not call.name.startswith(("numpy.", "random.", "torch.", "tensorflow.")):
            return "estimator", library
        return _draw(call), library
    if not trains_model(call) or not _is_network(module, call):
        return "", ""
    return "network", "torch" if "lightning" in call.name else "tensorflow"


def _draw(call: Call) -> str:
    """Numbers that order rows, or choose those that are trained on, as what they are given to says."""
    chooses = call.method == "choice" and constant(keyword(call.node, "replace")) is False
    if not chooses and call.method not in _DRAWS and call.name != "random.sample":
        return ""
    statement = statement_of(call.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if any(_SETS.fullmatch(ast.unparse(each)) for each in targets):
        return "split"
    return "numbers" if call.method in _DRAWS else ""


def _is_network(module: Module, call: Call) -> bool:
    if _NETWORKS.fullmatch(call.name):
        return True
    if not call.name.startswith("?"):
        return False
    told = ("epochs", "validation_data", "batch_size") if "keras" in module.source else ("epochs", "validation_data")
    return any(keyword(call.node, name) is not None for name in told)


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


@project_rule(
    "MOD403", "no-seed", severity="medium", minutes=5, evidence="F", preview=False, fix="unsafe", collect=collect
)
def check(project: Project) -> Iterator[Found]:
    items: dict[tuple[str, str], list[list[Any]]] = {}
    for file, item in project.extras("MOD403"):
        items.setdefault((file.path, item[2]), []).append(item)
    if not any(item[0] != "seed" for each in items.values() for item in each):
        return
    wide = wide_of(project)
    said: set[str] = set()
    training = [key for key, each in items.items() if any(item[0] == "network" for item in each)]
    for start in beginnings(project, training):
        if start.file.path in said:
            continue
        found = _about(project, wide, items, start)
        if found is not None:
            said.add(start.file.path)
            yield found


def _about(project: Project, wide: Wide, items: dict[tuple[str, str], list[list[Any]]], start: Place) -> Found | None:
    reached = wide.reach(start)
    seeded = {item[1] for key in reached for item in items.get(key, ()) if item[0] == "seed"}
    if "all" in seeded:
        return None
    trains = _trains(reached)
    wanting = [
        (place, item)
        for key, place in project.reach(start).items()
        if place.file.role in ("source", "notebook")
        for item in items.get(key, ())
        if item[1] not in seeded and (item[0] in ("split", "network") or (trains and item[0] != "seed"))
    ]
    if not wanting:
        return None
    place, item = min(wanting, key=lambda each: (_LAST.index(each[1][0]), each[0].file.path != start.file.path))
    spot = Spot(place.file.path, *item[4:])
    message = _message(item[0], item[3], elsewhere(start, spot))
    place, spot = at_entry(project, start, place, spot)
    return place.found(spot, message, subject=item[3])


def _trains(reached: dict[tuple[str, str], Place]) -> bool:
    return any("trains" in call.kinds for place in reached.values() for call in place.function.calls)


def _message(kind: str, name: str, where: str) -> str:
    last = name.rpartition(".")[2]
    if kind == "network":
        return f"a network is trained{where} and nothing in the program seeds it: do so before the model is made"
    if kind == "numbers":
        return f"{last}{where} draws random numbers and nothing in the program seeds them: seed the generator"
    return f"{last}{where} is random and nothing in the program seeds it: give random_state="
