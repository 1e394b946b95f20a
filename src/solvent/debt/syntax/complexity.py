"""Cognitive complexity: how hard a function is to understand (Campbell, SonarSource, white paper, version 1.7).

One for each break in the linear flow, and one more for each level that a break is nested in:

- ``if``, loops, ``except``, ``match`` and conditional expressions: 1 + nesting, and what is in them is nested deeper;
- ``elif`` and ``else``: 1, and what is in them is nested deeper;
- each sequence of like boolean operators: 1; a function that calls itself: 1;
- nested functions and lambdas are nested deeper, except in a function that only defines one and returns it
  (a decorator); those that a decorator registers elsewhere, as the routes in a factory of an application, are read by
  themselves and count nothing here.

Recursion over several functions is not looked for. Comprehensions are free, as in SonarSource's analyser for Python.

>>> import ast
>>> function, = ast.parse("def f(x):\\n  for a in x:\\n    if a and a > 1:\\n      return a").body
>>> cognitive_complexity(function)
4
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import pairwise

_STRUCTURES = (ast.For, ast.AsyncFor, ast.While, ast.IfExp, ast.Match, ast.ExceptHandler)
_LEAVES = frozenset({ast.Name, ast.Constant, ast.Load, ast.Store, ast.Pass, ast.Break, ast.Continue, ast.alias})
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef)


def cognitive_complexity(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The complexity of one function, nested ones included."""
    return _block(function.body, -1 if _only_defines(function) else 0) + _calls_itself(function)


def _only_defines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is a decorator: a nested function and a ``return``, and nothing else but a docstring."""
    body = [each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    return len(body) == 2 and isinstance(body[0], _NAMED) and isinstance(body[1], ast.Return)


def is_registered(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a decorator with arguments, other than ``wraps``, takes a function: ``@app.route("/")``."""
    called = [each.func for each in function.decorator_list if isinstance(each, ast.Call)]
    return any(isinstance(each, ast.Attribute) and each.attr != "wraps" for each in called)


def _block(nodes: Iterable[ast.AST], nesting: int) -> int:
    return sum(_node(node, nesting) for node in nodes if node.__class__ not in _LEAVES)


def _node(node: ast.AST, nesting: int) -> int:
    if isinstance(node, ast.If):
        return 1 + nesting + _if(node, nesting)
    if isinstance(node, _NAMED):
        if is_registered(node):
            return _block(node.decorator_list, nesting)
        inner = nesting if _only_defines(node) else nesting + 1
        return _block(node.decorator_list, nesting) + _block(node.body, inner)
    if isinstance(node, ast.Lambda):
        return _node(node.body, nesting + 1)
    if isinstance(node, ast.BoolOp):
        return _sequences(node) + _block(_operands(node), nesting)
    if isinstance(node, ast.For | ast.AsyncFor | ast.While):
        head = node.test if isinstance(node, ast.While) else node.iter
        found = 1 + nesting + _node(head, nesting) + _block(node.body, nesting + 1)
        return found + (1 + _block(node.orelse, nesting + 1) if node.orelse else 0)
    if isinstance(node, ast.Try | ast.TryStar):
        found = _block((*node.body, *node.handlers, *node.finalbody), nesting)
        return found + (1 + _block(node.orelse, nesting + 1) if node.orelse else 0)
    if isinstance(node, _STRUCTURES):
        return 1 + nesting + _block(ast.iter_child_nodes(node), nesting + 1)
    return _block(ast.iter_child_nodes(node), nesting)


def _if(node: ast.If, nesting: int) -> int:
    """What is in an ``if``, and its ``elif`` and ``else``, which cost one each."""
    found = 0
    while True:
        found += _node(node.test, nesting) + _block(node.body, nesting + 1)
        if not node.orelse:
            return found
        found += 1
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and _is_elif(node, node.orelse[0]):
            node = node.orelse[0]
        else:
            return found + _block(node.orelse, nesting + 1)


def _is_elif(node: ast.If, other: ast.If) -> bool:
    """``elif`` begins where its ``if`` does; an ``if`` in an ``else`` block is indented."""
    return other.col_offset == node.col_offset


def _sequences(node: ast.BoolOp) -> int:
    """How many times the operator changes, read from left to right; the first counts too."""
    operators = list(_operators(node))
    return 1 + sum(a is not b for a, b in pairwise(operators))


def _operators(node: ast.expr) -> Iterator[type[ast.boolop]]:
    if isinstance(node, ast.BoolOp):
        for number, value in enumerate(node.values):
            if number:
                yield type(node.op)
            yield from _operators(value)


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    for value in node.values if isinstance(node, ast.BoolOp) else ():
        if isinstance(value, ast.BoolOp):
            yield from _operands(value)
        else:
            yield value


def _calls_itself(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id == function.name:
                return 1
            if isinstance(called, ast.Attribute) and called.attr == function.name:
                return int(isinstance(called.value, ast.Name) and called.value.id in ("self", "cls"))
    return 0
