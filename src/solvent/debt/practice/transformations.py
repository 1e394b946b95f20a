"""What a file does to prepare data: columns that it derives, texts that it turns into numbers, functions for it."""

from __future__ import annotations

import ast
import re
import zlib
from collections.abc import Iterator

import msgspec

from solvent.debt.practice.lineage import lineage_of, position_of
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, keyword, text_of

PREPARES = re.compile(
    r"pre_?process|prepar|clean|feature|transform|encod|scal|normali[sz]|tokeni[sz]|imput|engineer|vectori[sz]|augment"
)
_FEWEST_STATEMENTS = 3
_FITTING = ("fit", "fit_transform")
_MOST_CODES = 60
_FEWEST_SIGNS = 10
"""A shorter name of a table of columns may be chance."""
_CONVERSIONS = frozenset(
    {"to_datetime", "to_numeric", "astype", "strip", "lower", "upper", "round", "fillna", "copy", "get"}
)


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One thing done to data. ``key`` says what it is about, ``form`` is the same for equal code (0: it says nothing).

    Kinds: ``column`` (its name, or what columns are renamed by), ``codes`` (the texts that become numbers),
    ``function`` (its name), ``fit`` (the class of the transformer), ``refit`` (what is fitted on the very rows that
    a model, fitted elsewhere, is then asked about). ``function`` is the qualified name of what it stands in; ``line`` counts in the source.
    """

    kind: str
    key: str
    form: int
    function: str
    line: int


def steps_of(module: Module) -> Iterator[Step]:
    """The steps of one file."""
    for node in module.of(ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and _derives(target, node.value):
            column = text_of(target.slice)
            if column is not None:
                yield _step("column", column, node.value, module.function_at(node.lineno))
    for table in module.of(ast.Dict):
        key = _codes(table)
        if key:
            yield _step("codes", key, table, module.function_at(table.lineno))
    for function in module.functions[1:]:
        step = _function(function)
        if step is not None:
            yield step
    for call in module.calls or ():
        if call.method == "rename" and (names := keyword(call.node, "columns")) is not None:
            text = ast.unparse(names)
            if len(text) >= _FEWEST_SIGNS:
                yield Step("column", f"rename by {text}", _digest(text), call.function.qualname, call.line)
    yield from _refits(module)
    for call in module.calls_of("fits_transform"):
        owner = call.name.rpartition(".")[0].rpartition(".")[2]
        if call.method in _FITTING and owner not in ("", "?"):
            yield Step("fit", owner, 0, call.function.qualname, call.line)


def _refits(module: Module) -> Iterator[Step]:
    """Transformers whose ``fit_transform`` makes what the same function gives to a model that it has not fitted."""
    for call in module.calls_of("predicts"):
        function = call.function
        refits = [each for each in function.calls if each.method == "fit_transform" and each.line <= call.line]
        if not refits or any(each.kinds & {"trains", "splits", "cross_validates", "tunes"} for each in function.calls):
            continue
        lineage = lineage_of(module, function)
        asked = lineage.given(call.node, 0, "X")
        made = {id(each.value.node) for each in lineage.ancestors(asked, position_of(call.node))}
        for each in refits:
            name = ast.unparse(each.node.func.value) if isinstance(each.node.func, ast.Attribute) else ""
            if id(each.node) in made and name and not name.startswith("self."):  # an object may keep what it fits
                yield Step("refit", name, 0, function.qualname, each.line)


def _step(kind: str, key: str, node: ast.expr, function: Function) -> Step:
    form = 0 if _is_common(node) else _digest(ast.unparse(node))
    return Step(kind, key, form, function.qualname, node.lineno)


def _is_common(node: ast.expr) -> bool:
    """Whether code is so common that its being equal says nothing: conversions of types, case, blanks."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CONVERSIONS


def _digest(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _derives(target: ast.Subscript, value: ast.expr) -> bool:
    """Whether a column is computed: by an operation, or from a column of the same frame."""
    if isinstance(value, ast.BinOp | ast.Compare | ast.IfExp | ast.BoolOp):
        return True
    if not isinstance(value, ast.Call | ast.Attribute) or not isinstance(target.value, ast.Name):
        return False
    base = target.value.id
    return any(isinstance(each, ast.Name) and each.id == base for each in ast.walk(value))


def _codes(table: ast.Dict) -> str:
    """The texts of a table from texts to numbers, in a normal form; empty for all other tables."""
    if not 2 <= len(table.keys) <= _MOST_CODES:
        return ""
    texts = [text_of(key) for key in table.keys]
    numbers = [constant(value) for value in table.values]
    if not all(isinstance(text, str) for text in texts):
        return ""
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        return ""
    if len(set(numbers)) != len(numbers) or min(numbers) not in (0, 1, -1) or max(numbers) > len(numbers) + 1:
        return ""  # sizes and prices, not codes
    return "|".join(sorted(str(text).strip().casefold() for text in texts))


def _function(function: Function) -> Step | None:
    node = function.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not PREPARES.search(node.name.lower()):
        return None
    body = [each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    if sum(1 for each in body for _ in _statements(each)) < _FEWEST_STATEMENTS or node.name.startswith("__"):
        return None
    form = _digest("\n".join(ast.unparse(each) for each in body))
    return Step("function", node.name, form, function.qualname, node.lineno)


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    yield node
    for name in ("body", "orelse", "finalbody"):
        for each in getattr(node, name, ()):
            yield from _statements(each)
