"""scikit-learn's splits and estimators of the file are given ``random_state=0``."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.calls import calls_of, with_keyword
from solvent.debt.fixes.tree import CannotFix, Refused, Tree, each_of
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.nodes import constant, has_unpacking, keyword

_FUNCTIONS = frozenset({"train_test_split", "resample", "shuffle"})


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    wanting = [node for node, call in calls_of(tree) if _wants(call)]

    def mend(finding: Finding) -> None:
        if not any(node in wanting for node in tree.nodes(finding, cst.Call)):
            raise CannotFix("only calls of scikit-learn are given a seed: seed this one by hand")

    refused = list(each_of(findings, mend))
    if len(refused) < len(findings):
        for node in wanting:
            tree.change(node, lambda now: with_keyword(now, "random_state", "0"))
    yield from refused


def _wants(call: Call) -> bool:
    if "random" not in call.kinds or not call.name.startswith("sklearn.") or has_unpacking(call.node):
        return False
    if call.method not in _FUNCTIONS and not call.method[:1].isupper():
        return False
    given = keyword(call.node, "random_state")
    unseeded = given is None or (isinstance(given, ast.Constant) and given.value is None)
    return unseeded and constant(keyword(call.node, "shuffle")) is not False
