"""Statements in a normal form, so that copies of code are found whatever their literals and their layout are.

A unit is a simple statement, or the head of a compound one. Its hash is that of its code without blanks and comments,
with all texts and numbers alike; names are kept, since who copies code seldom renames what is in it. Left out is
what is alike by nature: imports, docstrings, tables of literals, definitions of arguments, output.
"""

from __future__ import annotations

import ast
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import parent_of

_STRING = re.compile(
    r"[rbfuRBFU]{0,2}(?:\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|\"(?:[^\"\\\n]|\\[\s\S])*\"|'(?:[^'\\\n]|\\[\s\S])*')"
)
_COMMENT = re.compile(r"#[^\n]*")
_NUMBER = re.compile(r"(?<![\w.])\d[\w.]*")
_BLANKS = re.compile(r"\s+")
_TRAILING = re.compile(r",(?=[)\]}])")
_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Raise, ast.Delete, ast.Assert)
_COMPOUND = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With)
_OUTPUT = re.compile(
    r"(plt|ax|axes|fig|sns|print|logging|logger|log|st|parser|ap|argparser|warnings|display|console)[.(\[]"
)
_ARGUMENTS = ("add_argument(", "add_option(")
_LITERALS = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.Constant)


class Unit(NamedTuple):
    """``line`` and ``end`` count in the source, in the joined one of a notebook."""

    hash: int
    line: int
    end: int


def units_of(module: Module) -> list[Unit]:
    """The units of a file, in the order of the source."""
    found = [each for kind in (*_SIMPLE, *_COMPOUND) for node in module.of(kind) for each in _unit(module, node)]
    found.sort(key=lambda unit: unit.line)
    return found


def normal_text(text: str) -> str:
    """Code without layout, comments and literals.

    >>> normal_text('x = load( "a.csv",\\n  3 )  # why')
    'x=load(",0)'
    """
    if '"' in text or "'" in text:
        text = _STRING.sub('"', text)
    if "#" in text:
        text = _COMMENT.sub("", text)
    return _TRAILING.sub("", _BLANKS.sub("", _NUMBER.sub("0", text)))


def _unit(module: Module, node: ast.stmt) -> Iterator[Unit]:
    first, last = node.lineno, node.end_lineno or node.lineno
    if isinstance(node, _COMPOUND):
        last = max(first, min(last, node.body[0].lineno - 1))
    elif _is_alike(node):
        return
    lines = module.lines
    text = lines[first - 1][node.col_offset :] if first == last else "\n".join(lines[first - 1 : last]).lstrip()
    if _OUTPUT.match(text) or any(word in text for word in _ARGUMENTS):
        return
    yield Unit(zlib.crc32(normal_text(text).encode("utf-8", "surrogatepass")), first, last)


def _is_alike(node: ast.stmt) -> bool:
    """Whether a statement is a docstring, or a table of literals."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, _LITERALS):
        return False
    in_class = isinstance(parent_of(node), ast.ClassDef)
    return in_class or (node.end_lineno or 0) - node.lineno >= 3 or isinstance(node.value, ast.Constant)
