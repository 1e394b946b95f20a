"""Small questions to nodes of a syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LOOPS = (ast.For, ast.AsyncFor, ast.While)


def parent_of(node: ast.AST) -> ast.AST | None:
    """The node that holds this one; None for the module. Set by ``Module``."""
    return getattr(node, "parent", None)


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around this one, from the inside."""
    above = parent_of(node)
    while above is not None:
        yield above
        above = parent_of(above)


def statement_of(node: ast.AST) -> ast.AST:
    """The innermost statement that holds the node (or the node, if it is one)."""
    while not isinstance(node, ast.stmt):
        above = parent_of(node)
        if above is None:
            return node
        node = above
    return node


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    for given in call.keywords:
        if given.arg == name:
            return given.value
    return None


def argument(call: ast.Call, position: int, name: str = "") -> ast.expr | None:
    """The value of an argument given by position or by name; None if it is not, or hidden in ``*args``."""
    if name and (found := keyword(call, name)) is not None:
        return found
    if any(isinstance(each, ast.Starred) for each in call.args[: position + 1]):
        return None
    return call.args[position] if position < len(call.args) else None


def has_unpacking(call: ast.Call) -> bool:
    """Whether ``*args`` or ``**kwargs`` may hold any argument."""
    return any(given.arg is None for given in call.keywords) or any(isinstance(each, ast.Starred) for each in call.args)


def constant(node: ast.AST | None) -> Any:
    """The value of a literal, negative numbers included; None for all else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        return -value if isinstance(value, int | float | complex) else None
    return None


def text_of(node: ast.AST | None) -> str | None:
    """The value of a string literal."""
    value = constant(node)
    return value if isinstance(value, str) else None


def target_names(target: ast.AST) -> Iterator[str]:
    """The plain names that an assignment's target binds."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from target_names(each)
    elif isinstance(target, ast.Starred):
        yield from target_names(target.value)


def is_main_guard(node: ast.AST) -> bool:
    """``if __name__ == "__main__"``"""
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.left, ast.Name)
        and node.test.left.id == "__name__"
    )
