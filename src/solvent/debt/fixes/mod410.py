"""``optimizer.zero_grad()`` after the step: there it is right for accumulated gradients too."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.tree import LOOPS, CannotFix, Refused, Tree, each_of

_PLAIN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*|\[\w+\])*")


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        backward = next(iter(tree.nodes(finding, cst.Call)), None)
        if backward is None:
            raise CannotFix("no call begins there")
        step = _step(tree, finding, backward)
        optimizer = _optimizer(tree, step)
        if not _PLAIN.fullmatch(optimizer):
            raise CannotFix("the optimizer has no name of its own")
        tree.after(tree.statement(step), f"{optimizer}.zero_grad()")

    return each_of(findings, mend)


def _step(tree: Tree, finding: Finding, backward: cst.Call) -> cst.Call:
    """The optimizer's step in the innermost loop (or the function) of the backward pass."""
    for scope in tree.above(backward):
        if isinstance(scope, (*LOOPS, cst.FunctionDef, cst.Module)):
            inside = [node for node in tree.all(cst.Call) if _is_step(node) and scope in tree.above(node)]
            named = [node for node in inside if f"{_optimizer(tree, node)}.zero_grad()" in finding.message]
            if named or inside:
                return (named or inside)[0]
            if isinstance(scope, cst.FunctionDef):
                break
    raise CannotFix("the optimizer's step is not in the same function")


def _is_step(call: cst.Call) -> bool:
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value != "step":
        return False
    last = call.func.value
    name = last.attr.value if isinstance(last, cst.Attribute) else last.value if isinstance(last, cst.Name) else ""
    return "sched" not in name.lower() and "warm" not in name.lower()


def _optimizer(tree: Tree, step: cst.Call) -> str:
    """What steps: ``optimizer.step()``, or ``scaler.step(optimizer)`` in mixed precision."""
    assert isinstance(step.func, cst.Attribute)
    receiver = tree.code(step.func.value)
    return tree.code(step.args[0].value) if "scaler" in receiver.lower() and step.args else receiver
