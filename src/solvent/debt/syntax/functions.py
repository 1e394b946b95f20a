"""Functions and calls, as the traversal of a module finds them."""

from __future__ import annotations

import ast
from typing import Any


class Function:
    """A function, or the module's own code (``qualname`` ``<module>``). Class bodies belong to what is around them.

    ``given`` maps each local variable to the expressions that it is assigned; None of them for a loop's
    variable and for what ``with`` and unpacking bind. ``parameters`` maps names to annotations. ``defined`` maps
    local functions and classes to their qualified names. ``flow`` is kept there by ``syntax.values``, ``lineage`` by
    ``practice.lineage``, ``prepared`` by ``practice.before_split``.
    """

    __slots__ = (
        "calls",
        "class_name",
        "defined",
        "flow",
        "given",
        "lineage",
        "node",
        "outer",
        "parameters",
        "prepared",
        "qualname",
    )

    def __init__(self, node: ast.AST, qualname: str, class_name: str | None, outer: Function | None) -> None:
        self.node = node
        self.qualname = qualname
        self.class_name = class_name
        self.outer = outer
        self.calls: list[Call] = []
        self.given: dict[str, list[ast.expr]] = {}
        self.parameters: dict[str, ast.expr | None] = {}
        self.defined: dict[str, str] = {}
        self.flow: Any = None
        self.lineage: Any = None
        self.prepared: Any = None

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]

    @property
    def line(self) -> int:
        return getattr(self.node, "lineno", 1)

    @property
    def end_line(self) -> int:
        return getattr(self.node, "end_lineno", None) or 0

    @property
    def body(self) -> list[ast.stmt]:
        body = getattr(self.node, "body", [])
        return body if isinstance(body, list) else []

    @property
    def docstring(self) -> str | None:
        if isinstance(self.node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
            return ast.get_docstring(self.node, clean=False)
        return None


class Call:
    """A call. ``name`` is the resolved dotted name of what is called, ``kinds`` what the facts know of it."""

    __slots__ = ("function", "kinds", "name", "node")

    def __init__(self, node: ast.Call, function: Function, name: str, kinds: frozenset[str]) -> None:
        self.node = node
        self.function = function
        self.name = name
        self.kinds = kinds

    @property
    def line(self) -> int:
        return self.node.lineno

    @property
    def method(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    @property
    def receiver(self) -> ast.expr | None:
        """What the method is called on."""
        return self.node.func.value if isinstance(self.node.func, ast.Attribute) else None
