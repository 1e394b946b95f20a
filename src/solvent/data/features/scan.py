"""Finding ``@solvent.feature`` in source, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from solvent.data.features.definition import (
    Bindings,
    Definition,
    bindings_of,
    declares_feature,
    statements_of,
    version_of,
)
from solvent.data.features.model import Feature
from solvent.data.features.registered import encodable, first_paragraph

_ARGUMENTS = ("name", "description", "owner", "inputs", "outputs")


def features_in(path: str, tree: ast.Module, source: str) -> list[Feature]:
    """The features that a file declares, in written order. Lines are those of ``source``."""
    bindings = bindings_of(tree)
    lines = source.splitlines(keepends=True)
    found: dict[str, Feature] = {}
    for qualname, definition in _definitions(tree):
        decorator = next((each for each in definition.decorator_list if declares_feature(each, bindings)), None)
        if decorator is not None:
            found.pop(qualname, None)  # of two functions of one name, the last one is meant
            found[qualname] = _feature(path, qualname, definition, decorator, bindings, lines)
    return list(found.values())


def _definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Definition]]:
    for statement in statements_of(node):
        if isinstance(statement, Definition):
            qualname = f"{prefix}{statement.name}"
            yield qualname, statement
            inner = "." if isinstance(statement, ast.ClassDef) else ".<locals>."
            yield from _definitions(statement, f"{qualname}{inner}")


def _feature(
    path: str, qualname: str, definition: Definition, decorator: ast.expr, bindings: Bindings, lines: list[str]
) -> Feature:
    given = {
        keyword.arg or "**": keyword.value
        for keyword in (decorator.keywords if isinstance(decorator, ast.Call) else ())
    }
    values = {key: _literal(given[key], bindings) for key in _ARGUMENTS if key in given}
    name = _text(values.get("name")) or definition.name
    outputs = _names(values.get("outputs"))
    first = min(each.lineno for each in definition.decorator_list)
    readable = {
        key: isinstance(value, str) if key in ("name", "description", "owner") else _names(value) is not None
        for key, value in values.items()
    }
    return Feature(
        name=name,
        description=_text(values.get("description")) or first_paragraph(ast.get_docstring(definition)),
        owner=_text(values.get("owner")),
        inputs=_names(values.get("inputs")),
        outputs=(name,) if outputs is None else outputs,
        version=version_of(definition, bindings),
        file=path,
        line=definition.lineno,
        symbol=qualname,
        source="".join(lines[first - 1 : definition.end_lineno]),
        unread=tuple(key for key in given if not readable.get(key, key in _ARGUMENTS)),
    )


_UNKNOWN = object()


def _literal(node: ast.expr, bindings: Bindings) -> Any:
    """What an expression of plain values is; names stand for what their module assigns to them."""
    if isinstance(node, ast.Name):
        bound = bindings.get(node.id)
        simple = isinstance(bound, ast.Assign | ast.AnnAssign) and bound.value is not None
        return _literal(bound.value, Bindings()) if simple and isinstance(bound.value, ast.expr) else _UNKNOWN  # type: ignore[union-attr]
    if isinstance(node, ast.List | ast.Tuple):
        return [_literal(each, bindings) for each in node.elts]
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _UNKNOWN


def _text(value: Any) -> str:
    return encodable(value.strip()) if isinstance(value, str) else ""


def _names(value: Any) -> tuple[str, ...] | None:
    """Names that a list, tuple or set holds; None for anything else."""
    if not isinstance(value, list | tuple | set) or not all(isinstance(each, str) for each in value):
        return None
    return tuple(map(encodable, sorted(value) if isinstance(value, set) else value))
