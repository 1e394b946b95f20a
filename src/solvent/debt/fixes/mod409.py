"""``model.eval()`` before an evaluation and ``model.train()`` after it; ``model.train()`` where an epoch begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.tree import LOOPS, CannotFix, Refused, Tree, each_of

_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_STAYS = re.compile(r"([\w.]+) stays in eval mode")


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        stays = _STAYS.match(finding.message)
        if stays is not None:
            loop, model = _epochs(tree, finding, stays[1])
            tree.first_in(loop, f"{model}.train()")
            return
        call = next(iter(tree.nodes(finding, cst.Call)), None)
        if call is None:
            raise CannotFix("no call begins there")
        model = tree.code(call.func).removesuffix(".forward")
        if not _NAME.fullmatch(model):
            raise CannotFix("the network has no name of its own")
        evaluation = tree.statement(_evaluation(tree, call))
        if _leaves(evaluation):
            raise CannotFix("the function is left within the evaluation, and the mode would stay switched")
        tree.before(evaluation, f"{model}.eval()")
        tree.after(evaluation, f"{model}.train()")

    return each_of(findings, mend)


def _epochs(tree: Tree, finding: Finding, model: str) -> tuple[cst.For | cst.While, str]:
    """The loop over epochs: the one that the finding names, or the outermost around it that trains."""
    here: list[cst.For | cst.While] = [*tree.nodes(finding, cst.For), *tree.nodes(finding, cst.While)]
    calls = tree.nodes(finding, cst.Call)
    around = [each for call in calls[:1] for each in tree.above(call) if isinstance(each, cst.For | cst.While)]
    loops = here or [loop for loop in around if _has(loop, "backward")] or around
    if not loops:
        raise CannotFix("no loop is around it")
    if not _NAME.fullmatch(model) or model.partition(".")[0] not in _names(loops[0]):
        raise CannotFix("the network's name is not to be seen in the loop")
    return loops[0], model


def _evaluation(tree: Tree, call: cst.Call) -> cst.CSTNode:
    """The outermost ``with`` or loop around a call that trains nothing; else its own statement."""
    place: cst.CSTNode = call
    for each in tree.above(call):
        if isinstance(each, cst.FunctionDef | cst.ClassDef | cst.Lambda) or _has(each, "backward"):
            break
        if isinstance(each, cst.With | cst.For | cst.While):
            place = each
    return place


def _leaves(node: cst.CSTNode) -> bool:
    return any(isinstance(each, cst.Return | cst.Yield | cst.Break | cst.Continue) for each in _own_jumps(node))


def _own_jumps(node: cst.CSTNode, in_loop: bool = False) -> Iterable[cst.CSTNode]:
    """The statements that leave a node, not those that only leave a loop or a function inside of it."""
    in_loop = in_loop or isinstance(node, LOOPS)
    for child in node.children:
        if isinstance(child, cst.FunctionDef | cst.Lambda):
            continue
        if not (in_loop and isinstance(child, cst.Break | cst.Continue)):
            yield child
        yield from _own_jumps(child, in_loop)


def _has(node: cst.CSTNode, method: str) -> bool:
    calls = (each for each in _below(node) if isinstance(each, cst.Call))
    return any(isinstance(call.func, cst.Attribute) and call.func.attr.value == method for call in calls)


def _names(node: cst.CSTNode) -> set[str]:
    return {each.value for each in _below(node) if isinstance(each, cst.Name)}


def _below(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        stack += each.children
