"""A merge that says its key is told that the key is unique on the right: ``validate="many_to_one"``."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.calls import with_keyword
from solvent.debt.fixes.tree import CannotFix, Refused, Tree, each_of, only
from solvent.debt.syntax.nodes import argument, has_unpacking, keyword

_KEYS = ("on", "left_on", "right_on", "left_index", "right_index")


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        merges = [node for node in tree.nodes(finding, cst.Call) if _is_merge(node)]
        wanting = [node for node in merges if _lacks(tree, node)]
        node = only(wanting if len(wanting) == 1 else merges)
        parsed = tree.twin(node, ast.Call)
        if parsed is None or has_unpacking(parsed):
            raise CannotFix("its arguments are not all to be seen")
        function = tree.module.call_of(parsed).name == "pandas.merge"
        if not any(keyword(parsed, key) is not None for key in _KEYS) and argument(parsed, 2 + function) is None:
            raise CannotFix("it does not say its key: write on=")
        if keyword(parsed, "validate") is not None:
            raise CannotFix("it is validated already")
        tree.change(node, lambda now: with_keyword(now, "validate", '"many_to_one"'))

    return each_of(findings, mend)


def _is_merge(node: cst.Call) -> bool:
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return isinstance(name, cst.Name) and name.value == "merge"


def _lacks(tree: Tree, node: cst.Call) -> bool:
    parsed = tree.twin(node, ast.Call)
    return parsed is not None and keyword(parsed, "validate") is None and keyword(parsed, "how") is None
