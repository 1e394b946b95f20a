"""Loops that choose: the best so far is kept, or values of a hyper-parameter are tried."""

from __future__ import annotations

import ast
import re

from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import normal_form
from solvent.debt.syntax.nodes import ancestors, target_names

STOPS = re.compile(r"early_?stopping|ModelCheckpoint|ReduceLROnPlateau", re.IGNORECASE)
"""What makes training depend on the data that it is evaluated on."""
_TEST = re.compile(
    r"^(x_?|y_?|d)?(test|tst)(_?(x|y|loader|dl|data|dataloader|set|dataset|ds|df|gen|generator|iter))?(_scaled)?$"
    r"|^(data_?loader|loader)_test$",
    re.IGNORECASE,
)
_BEST = re.compile(r"best|max|min", re.IGNORECASE)
_NO_HYPERPARAMETER = re.compile(r"seed|state|fold|train|test|model|clf|name|^_$|epoch|idx|index", re.IGNORECASE)
_MODEL = re.compile(r"^(sklearn|xgboost|lightgbm|catboost)\.")
_COMPARISONS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
_STEPS = 4


def is_test(name: str) -> bool:
    """Whether a variable is called test data.

    >>> is_test("X_test"), is_test("test_loader"), is_test("latest"), is_test("test_size")
    (True, True, False, False)
    """
    return _TEST.match(name) is not None


def test_name(node: ast.Call | ast.For) -> str:
    """The test data among the arguments of a call, or that a loop goes over; empty if there is none."""
    if isinstance(node, ast.For):
        given: list[ast.expr] = [node.iter]
        if isinstance(node.iter, ast.Call):
            given = node.iter.args
            if given and isinstance(given[0], ast.Call):  # tqdm(enumerate(test_loader))
                given = given[0].args
    else:
        given = [*node.args, *(each.value for each in node.keywords)]
    for each in given:
        name = each.id if isinstance(each, ast.Name) else each.attr if isinstance(each, ast.Attribute) else ""
        if is_test(name):
            return name
    return ""


def selects_by_best(loop: ast.AST) -> bool:
    """``if accuracy > best: best = accuracy``, where the accuracy was made of test data."""
    for node in ast.walk(loop):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and len(node.test.comparators) == 1:
            if not isinstance(node.test.ops[0], _COMPARISONS):
                continue
            sides = [node.test.left, node.test.comparators[0]]
            kept = _assigned(node.body)
            for best, value in (sides, reversed(sides)):
                name = normal_form(best)
                if name in kept and _BEST.search(name) and _is_of_test(loop, value):
                    return True
    return False


def _assigned(body: list[ast.stmt]) -> set[str]:
    """The names that statements assign."""
    found: set[str] = set()
    for statement in body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            found.update(normal_form(part) for part in parts)
    return found


def _is_of_test(loop: ast.AST, value: ast.expr) -> bool:
    """Whether what is compared was made of test data in the loop, over a few assignments."""
    wanted = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
    made: list[tuple[set[str], set[str]]] = []
    for node in ast.walk(loop):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            over = [each for each in ancestors(node) if isinstance(each, ast.For) and each is not loop]
            sources = {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
            sources |= {name for each in over if (name := test_name(each))}
            made.append(({name for target in targets for name in target_names(target)}, sources))
    for _ in range(_STEPS):
        if any(is_test(name) for name in wanted):
            return True
        wanted |= {name for targets, sources in made if targets & wanted for name in sources}
    return any(is_test(name) for name in wanted)


def tries_values(loop: ast.AST, function: Function) -> str:
    """Which hyper-parameter a loop tries values of; empty if none."""
    if not isinstance(loop, ast.For):
        return ""
    tried = {name for name in target_names(loop.target) if not _NO_HYPERPARAMETER.search(name)}
    for each in function.calls if tried else ():
        if "builds_model" in each.kinds and _MODEL.match(each.name) and any(up is loop for up in ancestors(each.node)):
            for given in (*each.node.args, *(key.value for key in each.node.keywords if key.arg != "random_state")):
                if isinstance(given, ast.Name) and given.id in tried:
                    return f"values of {given.id} are compared"
    return ""
