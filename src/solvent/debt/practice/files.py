"""Which data files a module reads and writes, as far as their names are literals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, constant, text_of

_JOINS = ("os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePath", "?.joinpath", "pathlib.Path.joinpath")
_SAME = ("str", "os.fspath", "os.path.abspath", "os.path.realpath", "os.path.expanduser", "open", "pathlib.Path.open")
_KEYWORDS = ("filepath_or_buffer", "path_or_buf", "path", "io", "excel_writer", "fname", "file", "filename", "f")
_SECOND = ("dump", "save", "save_file", "save_model")
_DEEPEST = 8


class FileUse(NamedTuple):
    """``path`` is what is known of it from its end: ``data/a.csv``, or ``a.csv``; None if not even the name."""

    writes: bool
    path: str | None
    call: Call


def files_used(module: Module) -> Iterator[FileUse]:
    """Every reading and writing of data and models."""
    for call in module.calls:
        if call.kinds & {"reads_data", "loads_model"}:
            yield FileUse(False, _given(module, call, 0), call)
        elif call.kinds & {"writes_data", "saves_model"}:
            second = call.method in _SECOND and "numpy" not in call.name and len(call.node.args) > 1
            yield FileUse(True, _given(module, call, 1 if second else 0), call)
        elif call.name == "open" and call.node.args:
            mode = argument(call.node, 1, "mode")
            written = text_of(mode) if mode is not None else "r"
            if written is not None:
                yield FileUse(any(letter in written for letter in "wax"), _given(module, call, 0), call)


def _given(module: Module, call: Call, position: int) -> str | None:
    node = next((found for name in _KEYWORDS if (found := argument(call.node, 99, name)) is not None), None)
    node = node or argument(call.node, position)
    return path_end(module, node, call.function) if node is not None else None


def path_end(module: Module, node: ast.expr, function: Function, depth: int = 0) -> str | None:
    """The literal end of a path, from the last part that is not known on; None if its name is not known."""
    if depth > _DEEPEST:
        return None
    depth += 1
    if isinstance(node, ast.Constant):
        return constant(node).replace("\\", "/") if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        last = text_of(node.values[-1]) if node.values else None
        return last.rpartition("/")[2] or None if last is not None and ("/" in last or len(node.values) == 1) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _joined(module, [node.left, node.right], function, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        right = path_end(module, node.right, function, depth)
        return right.lstrip("/") if right and (right.startswith("/") or not right.startswith((".", "_", "-"))) else None
    if isinstance(node, ast.Call):
        name = module.names.of(node.func, function)
        if name in _JOINS and node.args:
            return _joined(module, node.args, function, depth)
        return path_end(module, node.args[0], function, depth) if name in _SAME and node.args else None
    if isinstance(node, ast.Name):
        return _variable(module, node.id, function, depth)
    return None


def _joined(module: Module, parts: list[ast.expr], function: Function, depth: int) -> str | None:
    found: list[str] = []
    for part in reversed(parts):
        end = path_end(module, part, function, depth)
        if end is None:
            break
        found.insert(0, end.strip("/"))
    return "/".join(found) or None


def _variable(module: Module, name: str, function: Function, depth: int) -> str | None:
    scope: Function | None = function
    while scope is not None:
        if name in scope.given:
            values = scope.given[name]
            return path_end(module, values[0], scope, depth) if len(values) == 1 else None
        if name in scope.parameters or name in scope.defined:
            return None
        scope = scope.outer
    return None
