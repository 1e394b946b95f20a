"""A network is evaluated without eval(), or trained on after it without train().

## What it does
Finds loops in PyTorch programs that evaluate a network (a validation or test function, or a loop under `no_grad()`)
where neither the function, nor what it calls, nor its callers switch to evaluation mode; and training loops in which
`eval()` is called in each epoch and `train()` never again.

## Why is this bad?
Dropout and batch normalisation behave differently while training. Without `eval()` the metric is noisy and too
low, and batch statistics learn from validation data; without `train()` all epochs but the first train without
dropout. (Model debt; data-specific code smell "training / evaluation mode improper toggling", Zhang et al. 2022.)

## Example
```python
for epoch in range(epochs):
    for x, y in train_loader:
        step(model, x, y)
    with torch.no_grad():
        for x, y in valid_loader:
            loss += criterion(model(x), y)
```

## Use instead
```python
for epoch in range(epochs):
    model.train()
    for x, y in train_loader:
        step(model, x, y)
    model.eval()
    with torch.no_grad():
        for x, y in valid_loader:
            loss += criterion(model(x), y)
```

## Limits
Lightning modules and transformers' trainers switch by themselves. A network's own methods, frozen teachers beside
a backward pass, and models from `from_pretrained` (which are in evaluation mode) are left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import FUNCTIONS, LOOPS, ancestors, keyword

_EVALUATES = re.compile(
    r"^_*(run_|do_)?(val|valid|validate|validation|eval|evaluate|evaluation|test)(_|$)|_(val|validate|eval|evaluate)$",
    re.IGNORECASE,
)
_HELD_OUT = re.compile(
    r"(^|_)(x_?)?(val|valid|validation|test|eval|dev|holdout)(_|\d|$)|^(x|X|inputs?)_?(val|test)", re.IGNORECASE
)
_SCORE = re.compile(
    r"loss|acc|correct|metric|score|iou|dice|f1|mae|mse|rmse|auc|error|predict|preds?$|y_pred", re.IGNORECASE
)
_MODEL = re.compile(
    r"^(model|net|network|classifier|clf|regressor|unet|cnn|rnn|lstm|gnn|mlp|vae|autoencoder)\d*$|_(model|net|network|classifier)$|^(model|net)_",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"_*(prepare|build|make|get|create|load|init|save|fit|train|compile|set|run|test|plot|check|wrap)_", re.IGNORECASE
)
_FROZEN = re.compile(
    r"teacher|ema|target|momentum|frozen|ref(erence)?_|vgg|lpips|inception|disc|critic|clip|pretrained|old_|oracle",
    re.IGNORECASE,
)
_NO_GRADIENT = frozenset({"torch.no_grad", "torch.inference_mode", "torch.autograd.no_grad", "torch.set_grad_enabled"})
_SWITCHING = ("LightningModule", "LightningDataModule", "Trainer", "Seq2SeqTrainer", "Learner", "Callback")
_NETWORKS = ("Module", "nn.Module", "Dataset")
_MOST = 50
"""So many functions are followed from a training loop."""


class Candidate(msgspec.Struct, frozen=True, array_like=True):
    """``calls`` are the resolved names called in an epoch loop; None: the candidate is an evaluation."""

    qualname: str
    spot: Spot
    model: str
    subject: str
    calls: tuple[str, ...] | None = None


def collect(module: Module) -> Iterator[Candidate]:
    """Evaluations in functions that don't switch to evaluation mode, and loops that call ``eval()`` or train."""
    if not any(name.partition(".")[0] == "torch" for name in module.names.imported.values()):
        return
    by_function: dict[int, list[Call]] = {}
    for call in module.calls:
        by_function.setdefault(id(call.function), []).append(call)
    for function in module.functions:
        calls = by_function.get(id(function), [])
        if not calls or _exempt(module, function):
            continue
        evaluation = _evaluation(module, function, calls)
        if evaluation is not None and not any(_switches(call, "eval") for call in calls):
            yield evaluation
        yield from _epochs(module, function, calls)


def _exempt(module: Module, function: Function) -> bool:
    """Whether it belongs to a class that switches by itself, or to a network, whose owner switches."""
    node = module.classes.get(function.class_name or "")
    if node is None:
        return False
    for base in node.bases:
        last = module.names.of(base, module.own_code).rpartition(".")[2]
        if last in _SWITCHING or last in _NETWORKS or "Lightning" in last or last.endswith(("Module", "Model")):
            return True
    return False


def _switches(call: Call, mode: str) -> bool:
    if call.receiver is None or call.name.startswith("pandas."):
        return False
    if call.method == "train":
        given = len(call.node.args) + len(call.node.keywords)
        return given == 1 if mode == "eval" else given < 2
    return call.method == mode


def _evaluation(module: Module, function: Function, calls: list[Call]) -> Candidate | None:
    """The first evaluation of a network in a function."""
    backward = [call for call in calls if call.method == "backward"]
    for call in calls:
        if not _is_model(module, call, function) or keyword(call.node, "training") is not None:
            continue
        loop = next((node for node in _around(call.node) if isinstance(node, LOOPS)), None)
        free = _without_gradient(module, call)
        named = bool(_EVALUATES.search(function.name))
        held_out = any(_HELD_OUT.search(name) for name in _names(call, loop))
        trains = loop is not None and any(loop in set(_around(each.node)) for each in backward)
        if trains and not (free and held_out):
            continue
        if backward and not free:
            continue
        if not (
            (free and (held_out or (loop is not None and _scores(loop))))
            or (named and loop is not None and _scores(loop))
        ):
            continue
        if free and loop is None and not (held_out and _scores(function.node)):
            continue
        name = ast.unparse(call.node.func).removesuffix(".forward")
        return Candidate(function.qualname, module.spot(call.node), name, name)
    return None


def _is_model(module: Module, call: Call, function: Function) -> bool:
    """Whether a call applies something that is named like a network and is no function of its own."""
    node: ast.expr = call.node.func
    if isinstance(node, ast.Attribute) and node.attr == "forward":
        node = node.value
    if isinstance(node, ast.Attribute):
        name = node.attr
        if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            return False
        given = module.attributes.get((function.class_name or "", name), ())
        if any(_is_pretrained(value) for value, _ in given):
            return False
    elif isinstance(node, ast.Name):
        name = node.id
        scope: Function | None = function
        while scope is not None:
            if name in scope.defined or any(_is_pretrained(value) for value in scope.given.get(name, ())):
                return False
            scope = scope.outer
    else:
        return False
    if name[:1].isupper() or not (call.node.args or call.node.keywords):
        return False
    return bool(_MODEL.search(name)) and not _FROZEN.search(name) and not _VERB.match(name)


def _is_pretrained(value: ast.expr) -> bool:
    """Whether a model comes from the hub, in evaluation mode."""
    while isinstance(value, ast.Call | ast.Attribute):
        if isinstance(value, ast.Attribute) and value.attr == "from_pretrained":
            return True
        value = value.func if isinstance(value, ast.Call) else value.value
    return False


def _around(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around one, up to its function."""
    for each in ancestors(node):
        if isinstance(each, FUNCTIONS):
            return
        yield each


def _without_gradient(module: Module, call: Call) -> bool:
    for node in _around(call.node):
        if isinstance(node, ast.With) and any(_stops(module, item.context_expr, call.function) for item in node.items):
            return True
    return any(_stops(module, each, call.function) for each in getattr(call.function.node, "decorator_list", ()))


def _stops(module: Module, node: ast.expr, function: Function) -> bool:
    name = module.names.of(node.func if isinstance(node, ast.Call) else node, function)
    return name in _NO_GRADIENT or name.endswith((".no_grad", ".inference_mode"))


def _names(call: Call, loop: ast.AST | None) -> Iterator[str]:
    """Names that tell what data a network is applied to, or what its answer is."""
    nodes: list[ast.AST] = [*call.node.args]
    if isinstance(loop, ast.For):
        nodes.append(loop.iter)
    above = getattr(call.node, "parent", None)
    if isinstance(above, ast.Assign):
        nodes += above.targets
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                yield each.id
            elif isinstance(each, ast.Attribute):
                yield each.attr


def _scores(node: ast.AST) -> bool:
    """Whether a loss or metric is computed within."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and _SCORE.search(each.id):
            return True
        if isinstance(each, ast.Attribute) and _SCORE.search(each.attr):
            return True
    return False


def _epochs(module: Module, function: Function, calls: list[Call]) -> Iterator[Candidate]:
    """Outermost loops in which a network may be trained and evaluated, with all that they call."""
    loops: dict[int, list[Call]] = {}
    nodes: dict[int, ast.AST] = {}
    for call in calls:
        outer = [node for node in _around(call.node) if isinstance(node, ast.For | ast.While)]
        if outer:
            loops.setdefault(id(outer[-1]), []).append(call)
            nodes[id(outer[-1])] = outer[-1]
    for number, inside in loops.items():
        if any(_switches(call, "train") for call in inside):
            continue
        evals = [call for call in inside if call.method == "eval" and call.receiver is not None]
        harmless = [call for call in evals if _FROZEN.search(ast.unparse(call.node.func)) or _leaves(call.node)]
        evals = [call for call in evals if call not in harmless]
        names = tuple(sorted({call.name for call in inside if call not in harmless}))
        spot = module.spot(evals[0].node) if evals else module.spot(nodes[number].lineno)  # type: ignore[attr-defined]
        model = ast.unparse(evals[0].receiver) if evals and evals[0].receiver else ""
        if evals or _is_epoch_loop(nodes[number]):
            yield Candidate(function.qualname, spot, model, f"{model}.eval()", names)


def _is_epoch_loop(node: ast.AST) -> bool:
    head = [node.target, node.iter] if isinstance(node, ast.For) else [getattr(node, "test", node)]
    return any("epoch" in ast.unparse(each).lower() for each in head)


def _leaves(node: ast.AST) -> bool:
    """Whether what follows ends the loop: the model is only used from then on."""
    for each in _around(node):
        for body in (getattr(each, "body", ()), getattr(each, "orelse", ())):
            if isinstance(body, list) and any(isinstance(item, ast.Break | ast.Return) for item in body):
                return True
        if isinstance(each, LOOPS):
            return False
    return False


@project_rule(
    "MOD409",
    "eval-mode-missing",
    severity="high",
    minutes=5,
    evidence="F",
    fix="unsafe",
    collect=collect,
)
def check(project: Project) -> Iterator[Found]:
    for file, item in project.extras("MOD409"):
        candidate = msgspec.convert(item, Candidate)
        place = project.functions.get((file.path, candidate.qualname))
        if place is None:
            continue
        if candidate.calls is not None:
            if _never_trains_again(project, place, candidate):
                name = candidate.model or "model"
                message = f"{name} stays in eval mode after the first epoch: call {name}.train() where each one begins"
                yield place.found(candidate.spot, message, subject=candidate.subject)
        elif not _switched(project, place):
            message = f"{candidate.model} is evaluated in training mode: call {candidate.model}.eval() before"
            yield place.found(candidate.spot, message, subject=candidate.subject)


def _switched(project: Project, place: Place) -> bool:
    """Whether a function, what it calls, its callers or what builds its object switch to evaluation mode."""
    near = [place, *_callers(project, place, 3)]
    if place.function.class_name:
        near += [
            Place(place.file, each)
            for each in place.file.functions
            if each.class_name == place.function.class_name and each is not place.function and _prepares(each.qualname)
        ]
    seen: set[tuple[str, str]] = set()
    for each in near:
        for reached in [each, *(callee for _, callee in project.calls(each))]:
            if reached.key not in seen:
                seen.add(reached.key)
                if any(call.name.endswith(".eval") for call in reached.function.calls):
                    return True
    return False


def _prepares(qualname: str) -> bool:
    return bool(re.search(r"(__init__|load|build|setup|prepare|init|get)", qualname.rpartition(".")[2], re.IGNORECASE))


def _callers(project: Project, place: Place, depth: int) -> Iterator[Place]:
    if depth:
        for caller, _ in project.callers.get(place.key, ()):
            yield caller
            yield from _callers(project, caller, depth - 1)


def _never_trains_again(project: Project, place: Place, candidate: Candidate) -> bool:
    """Whether a loop trains and evaluates, in what it calls too, and nothing in it switches back."""
    assert candidate.calls is not None
    called: list[str] = []
    seen: set[tuple[str, str]] = set()
    todo = [(name, place) for name in candidate.calls]
    while todo and len(seen) < _MOST:
        name, near = todo.pop()
        callee = project.callee(name, near.file)
        if callee is None:
            called.append(name)
        elif callee.key not in seen:
            seen.add(callee.key)
            todo += ((call.name, callee) for call in callee.function.calls)
    return _ends(called, "backward") and _ends(called, "eval") and not _ends(called, "train")


def _ends(names: Iterable[str], method: str) -> bool:
    return any(name.endswith(f".{method}") and not name.startswith("pandas.") for name in names)
