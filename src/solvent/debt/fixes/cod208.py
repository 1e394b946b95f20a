"""``df.dropna()`` becomes ``df = df.dropna()``, where ``df`` is a plain name of this scope that is read later."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.tree import CannotFix, Refused, Tree, each_of
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.nodes import FUNCTIONS, LOOPS, ancestors


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        statements = [node for node in tree.nodes(finding, cst.Expr) if isinstance(node.value, cst.Call)]
        parsed = tree.twin(statements[0], ast.Expr) if statements else None
        if parsed is None or not isinstance(parsed.value, ast.Call):
            raise CannotFix("no statement of its own begins there")
        name = _receiver(parsed.value)
        _check_scope(tree, parsed, name)
        tree.change(statements[0], lambda now: cst.Assign([cst.AssignTarget(cst.Name(name))], now.value))

    return each_of(findings, mend)


def _receiver(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return call.func.value.id
    raise CannotFix("what it is called on is no plain name: say where the result belongs")


def _check_scope(tree: Tree, statement: ast.Expr, name: str) -> None:
    """Raise unless assigning the name here has the effect that was meant."""
    function = tree.module.function_at(statement.lineno)
    if name in tree.module.names.imported:
        raise CannotFix(f"{name} is a library: say which variable the result belongs to")
    if function is tree.module.own_code:
        if any(isinstance(each, ast.ClassDef) for each in ancestors(statement)):
            raise CannotFix("it stands in a class body")
        return
    if any(isinstance(each, ast.Nonlocal | ast.Global) and name in each.names for each in _own(function)):
        return
    if name not in function.parameters and name not in function.given:
        raise CannotFix(f"{name} belongs to the code around the function")
    repeated = any(isinstance(each, LOOPS) for each in _inside(statement, function))
    if not repeated and not any(_reads(each, name) and each.lineno > statement.lineno for each in _names(function)):
        raise CannotFix(f"{name} is not used after it: return the result, or delete the line")


def _inside(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    for each in ancestors(node):
        if each is function.node:
            return
        yield each


def _reads(node: ast.Name, name: str) -> bool:
    return node.id == name and isinstance(node.ctx, ast.Load)


def _names(function: Function) -> Iterator[ast.Name]:
    return (node for node in ast.walk(function.node) if isinstance(node, ast.Name))


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            stack += ast.iter_child_nodes(node)
