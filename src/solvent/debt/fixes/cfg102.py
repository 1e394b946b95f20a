"""The experiment is named before the run begins: ``mlflow.set_experiment("<the project's folder>")``."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.tree import LOOPS, CannotFix, Refused, Tree, each_of

_TRACKERS = ("mlflow", "solvent")


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        for node in tree.nodes(finding, cst.Call):
            parsed = tree.twin(node, ast.Call)
            owner = node.func.value if isinstance(node.func, cst.Attribute) else None
            if parsed is not None and isinstance(owner, cst.Name) and _is_tracker(tree, owner.value):
                tree.before(_place(tree, node), f"{owner.value}.set_experiment({json.dumps(tree.project)})")
                return
        raise CannotFix("only runs of 'import mlflow' and 'import solvent' are named: name this one by hand")

    return each_of(findings, mend)


def _is_tracker(tree: Tree, name: str) -> bool:
    return tree.module.names.imported.get(name) in _TRACKERS


def _place(tree: Tree, node: cst.CSTNode) -> cst.CSTNode:
    """The statement of the call, or the outermost loop around it in its function."""
    place: cst.CSTNode = tree.statement(node)
    for each in tree.above(node):
        if isinstance(each, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            break
        if isinstance(each, LOOPS):
            place = tree.statement(each)
    return place
