"""What a name means: imports, definitions, and the types of what variables were given.

``pd.read_csv`` becomes ``pandas.read_csv`` by the import; after ``model = RandomForestClassifier()``, ``model.fit``
becomes ``sklearn.ensemble.RandomForestClassifier.fit``. What can't be told begins with a question mark: ``?.fit``.
"""

from __future__ import annotations

import ast
import builtins
from typing import Protocol, TypeVar

from solvent.debt.facts.facts import Facts
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.nodes import text_of

N = TypeVar("N", bound=ast.AST)

UNKNOWN = "?"
_BUILTINS = frozenset(dir(builtins))
_DEEPEST = 12
"""So many steps are followed from a variable to what it was given."""


class Indexed(Protocol):
    """What is asked of the module whose names these are."""

    name: str
    is_package: bool
    facts: Facts
    classes: dict[str, ast.ClassDef]
    attributes: dict[tuple[str, str], list[tuple[ast.expr, Function]]]

    def of(self, kind: type[N]) -> list[N]: ...


class Names:
    """The names of one module."""

    def __init__(self, module: Indexed) -> None:
        self._module = module
        self.imported: dict[str, str] = {}
        self._types: dict[tuple[int, str], str | None] = {}
        for node in module.of(ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                self.imported[alias.asname or first] = alias.name if alias.asname else first
        for each in module.of(ast.ImportFrom):
            base = self._base(each)
            for alias in each.names:
                name = alias.asname or (f"{base}.*" if alias.name == "*" else alias.name)
                self.imported[name] = f"{base}.{alias.name}" if base else alias.name

    def _base(self, node: ast.ImportFrom) -> str:
        """The module that ``from ... import`` names; relative ones from this module's place."""
        if not node.level:
            return node.module or ""
        parts = self._module.name.split(".")
        up = node.level - (1 if self._module.is_package else 0)
        kept = parts[: len(parts) - up] if up else parts
        return ".".join([*kept, *([node.module] if node.module else [])])

    def of(self, node: ast.expr, function: Function, depth: int = 0) -> str:
        """The dotted name of an expression that is called or looked up."""
        if isinstance(node, ast.Name):
            return self._name(node.id, function, depth)
        if isinstance(node, ast.Attribute):
            owner = self._owner(node, function, depth)
            return f"{owner}.{node.attr}"
        if isinstance(node, ast.Call | ast.Subscript | ast.Await):
            return self.type_of(node, function, depth) or UNKNOWN
        return UNKNOWN

    def _owner(self, node: ast.Attribute, function: Function, depth: int) -> str:
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls") and function.class_name:
            return f"{self._module.name}.{function.class_name}"
        kind = self.type_of(node.value, function, depth)
        return kind or self.of(node.value, function, depth)

    def _name(self, name: str, function: Function, depth: int) -> str:
        scope: Function | None = function
        while scope is not None:
            if name in scope.defined:
                return f"{self._module.name}.{scope.defined[name]}"
            if name in scope.given or (name in scope.parameters):
                return self.type_of_variable(name, scope, depth) or UNKNOWN
            scope = scope.outer
        if name in self.imported:
            return self.imported[name]
        return name  # a builtin, or a name from nowhere, which is still a name

    def type_of(self, node: ast.expr, function: Function, depth: int = 0) -> str | None:
        """The class of what an expression is, as a dotted name; None if it can't be told."""
        if depth > _DEEPEST:
            return None
        depth += 1
        if isinstance(node, ast.Name):
            scope: Function | None = function
            while scope is not None:
                if name_is_local(node.id, scope):
                    return self.type_of_variable(node.id, scope, depth)
                scope = scope.outer
            return None
        if isinstance(node, ast.Call):
            return self._result(node, self.of(node.func, function, depth), function, depth)
        if isinstance(node, ast.Attribute):
            return self._type_of_attribute(node, function, depth)
        if isinstance(node, ast.Subscript):
            return self._module.facts.item_type(self.type_of(node.value, function, depth), text_of(node.slice))
        if isinstance(node, ast.Await | ast.NamedExpr):
            return self.type_of(node.value, function, depth)
        if isinstance(node, ast.BinOp):
            return self.type_of(node.left, function, depth)
        if isinstance(node, ast.Dict | ast.DictComp):
            return "dict"
        if isinstance(node, ast.List | ast.ListComp):
            return "list"
        if isinstance(node, ast.Constant) and node.value is not None:
            return type(node.value).__name__
        if isinstance(node, ast.JoinedStr):
            return "str"
        return None

    def _result(self, call: ast.Call, name: str, function: Function, depth: int) -> str | None:
        """What a call returns: an instance of the class that is called, or what the facts say."""
        if name.startswith(UNKNOWN):
            return None
        told = self._module.facts.result_type(name)
        if told == "self":
            return self.type_of(call.func.value, function, depth) if isinstance(call.func, ast.Attribute) else None
        if told == "argument":
            return self.type_of(call.args[0], function, depth) if call.args else None
        if told is not None:
            return told
        last = name.rpartition(".")[2]
        return name if last[:1].isupper() or last in self._module.classes or last in _CLASSES else None

    def _type_of_attribute(self, node: ast.Attribute, function: Function, depth: int) -> str | None:
        if isinstance(node.value, ast.Name) and node.value.id == "self" and function.class_name:
            values = self._module.attributes.get((function.class_name, node.attr), ())
            kinds = {self.type_of(value, where, depth) for value, where in values}
            kinds.discard(None)
            return kinds.pop() if len(kinds) == 1 else None
        owner = self.type_of(node.value, function, depth)
        if owner is None:
            return None
        return self._module.facts.attribute_type(owner, node.attr)

    def type_of_variable(self, name: str, scope: Function, depth: int = 0) -> str | None:
        """The one class of everything that a variable is given in its scope; None if there are several."""
        place = id(scope), name
        if place in self._types:
            return self._types[place]
        self._types[place] = None  # while it is looked for: a variable may be given itself
        kinds = {self.type_of(value, scope, depth + 1) for value in scope.given.get(name, ())}
        annotation = scope.parameters.get(name)
        if annotation is not None:
            kinds.add(self.of(annotation, scope, depth + 1))
        kinds -= {None, UNKNOWN}
        if depth < _DEEPEST - 2 or kinds:
            self._types[place] = kinds.pop() if len(kinds) == 1 else None
        else:
            del self._types[place]
            return None
        return self._types[place]


_CLASSES = frozenset({"dict", "list", "set", "open"})


def name_is_local(name: str, scope: Function) -> bool:
    return name in scope.given or name in scope.parameters


def is_builtin(name: str) -> bool:
    """Whether an unresolved name is one that Python itself has."""
    return name in _BUILTINS
