"""Gradients are never set to zero between the steps of a training loop.

## What it does
Finds loops that call `backward()` and an optimizer's `step()`, and in which nothing sets the gradients to zero: no
`zero_grad()` of any optimizer or model, no `.grad = None`, no helper whose code or name does it.

## Why is this bad?
PyTorch adds gradients up. Without a reset each step follows the sum of all gradients since the beginning, so
training diverges or stalls, and nothing says why. (Model debt; data-specific code smell "gradients not cleared before
backward propagation", Zhang et al. 2022.)

## Example
```python
for x, y in loader:
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
```

## Use instead
```python
for x, y in loader:
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
```

## Limits
Accumulation over several batches is fine as long as a reset stands in the loop that steps. Engines that reset by
themselves (DeepSpeed, Lightning, MXNet, Paddle) are left alone, as are steps outside of loops.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import LOOPS, ancestors

_RESETS = re.compile(
    r"(zero|reset|clear|clean|flush)\w*grad|grad\w*(zero|reset|clear)|^(step_and_zero|zero_)", re.IGNORECASE
)
_OTHERS = ("mxnet", "paddle", "mindspore", "deepspeed", "tensorflow", "jax", "megengine", "oneflow")
_OPTIMIZER = re.compile(r"opt|adam|sgd", re.IGNORECASE)
_SCHEDULER = re.compile(r"sched|warm|lr_?(sched|step|decay)", re.IGNORECASE)


@module_rule(
    "MOD410",
    "zero-grad-missing",
    severity="high",
    minutes=5,
    evidence="F",
    fix="unsafe",
    needs=(b".backward(",),
)
def check(module: Module) -> Iterator[Found]:
    if any(name.partition(".")[0] in _OTHERS for name in module.names.imported.values()):
        return
    backward = [call for call in module.calls if call.method == "backward" and _is_backward(call)]
    steps = [call for call in module.calls if _is_step(call)] if backward else []
    seen: set[int] = set()
    for call in backward:
        for step in steps:
            loop = _common_loop(module, call, step)
            if loop is None or id(loop) in seen:
                continue
            seen.add(id(loop))
            if _resets(module, loop):
                continue
            yield _found(module, call, step)


def _is_backward(call: Call) -> bool:
    """``loss.backward()``, or ``accelerator.backward(loss)``; other engines have a step of their own."""
    if not call.node.args:
        return call.receiver is not None
    last = _last_name(call.receiver)
    return "accelerator" in last.lower() or "fabric" in last.lower() or _is_gradient(call)


def _is_gradient(call: Call) -> bool:
    """``loss.backward(torch.ones_like(loss))``"""
    return "loss" in _last_name(call.receiver).lower()


def _is_step(call: Call) -> bool:
    if call.method != "step" or call.receiver is None:
        return False
    last = _last_name(call.receiver)
    if _SCHEDULER.search(last) or ".lr_scheduler." in call.name:
        return False
    if call.name.startswith("torch.optim."):
        return True
    return bool(_OPTIMIZER.search(last)) or ("scaler" in last.lower() and len(call.node.args) == 1)


def _last_name(node: ast.expr | None) -> str:
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _common_loop(module: Module, backward: Call, step: Call) -> ast.AST | None:
    """The innermost loop that holds both; of a function without one, the loop in this file that calls it."""
    if backward.function is not step.function:
        return None
    around = {id(node) for node in ancestors(backward.node)}
    for node in ancestors(step.node):
        if isinstance(node, LOOPS) and id(node) in around:
            return node
        if node is backward.function.node:
            break
    if backward.function.outer is None or _resets(module, backward.function.node):
        return None
    name = f"{module.name}.{backward.function.qualname}"
    for call in module.calls:
        if call.name == name and call.function is not backward.function:
            loops = [node for node in ancestors(call.node) if isinstance(node, LOOPS)]
            if loops and not _resets(module, call.function.node):
                return loops[0]
    return None


def _resets(module: Module, node: ast.AST, depth: int = 0) -> bool:
    """Whether gradients are set to zero within a node, or in a function of this file that is called there."""
    for each in _within(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and each.attr == "grad":
            return True
        if isinstance(each, ast.Attribute) and _RESETS.search(each.attr) and _counts(each):
            return True
        if not isinstance(each, ast.Call):
            continue
        last = _last_name(each.func)
        if _RESETS.search(last) or (last in ("zero_", "fill_") and "grad" in ast.unparse(each.func)):
            return True
        if depth < 3 and last in _functions(module) and _resets(module, _functions(module)[last], depth + 1):
            return True
    return False


def _counts(node: ast.Attribute) -> bool:
    """A reset that is named and not called does nothing, unless it is handed on."""
    above = getattr(node, "parent", None)
    return not isinstance(above, ast.Expr)


def _functions(module: Module) -> dict[str, ast.AST]:
    return {function.name: function.node for function in module.functions[1:]}


def _within(node: ast.AST) -> Iterator[ast.AST]:
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        stack += ast.iter_child_nodes(each)


def _found(module: Module, backward: Call, step: Call) -> Found:
    name = ast.unparse(step.receiver) if step.receiver is not None else "the optimizer"
    message = f"gradients add up: call {name}.zero_grad() in this loop before backward()"
    if "scaler" in name:
        message = "gradients add up: call the optimizer's zero_grad() in this loop before backward()"
    found = module.found(backward.node, message)
    last = module.spot(step.node)
    if last.cell != found.spot.cell or last.end_line <= found.spot.end_line:
        return found
    return msgspec.structs.replace(found, spot=msgspec.structs.replace(found.spot, end_line=last.end_line))
