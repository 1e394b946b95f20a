"""A file as rules see it: one traversal indexes its nodes, functions and calls."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from solvent.debt.facts.facts import Facts
from solvent.debt.findings import Found, Severity, Spot
from solvent.debt.sources.notebook import Notebook
from solvent.debt.sources.roles import Role
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.names import Names
from solvent.debt.syntax.nodes import FUNCTIONS, target_names
from solvent.debt.syntax.values import Flow, flow_of

N = TypeVar("N", bound=ast.AST)
_NO_NODES = frozenset({"ctx", "op", "ops", "kind", "type_comment", "id", "attr", "arg", "level", "simple"})
_FIELDS: dict[type, tuple[str, ...]] = {}


class Comment(NamedTuple):
    """``text`` is without the hash and the blanks around it."""

    line: int
    column: int
    text: str
    own_line: bool


class Module:
    """One parsed Python file or notebook.

    ``name`` is the dotted name that its path gives it from the root, like ``src.pkg.train``. ``source`` is the
    Python that was parsed: that of a notebook is put together from its cells.
    """

    def __init__(
        self, path: str, source: str, tree: ast.Module, facts: Facts, role: Role, notebook: Notebook | None = None
    ) -> None:
        self.path = path
        self.source = source
        self.tree = tree
        self.facts = facts
        self.role = role
        self.notebook = notebook
        self.is_package = path.endswith("/__init__.py") or path == "__init__.py"
        self.name = module_name(path)
        self.functions: list[Function] = []
        self.classes: dict[str, ast.ClassDef] = {}
        self.attributes: dict[tuple[str, str], list[tuple[ast.expr, Function]]] = {}
        self._nodes: dict[type, list[Any]] = {}
        self._call_nodes: list[tuple[ast.Call, Function]] = []
        self._index()
        self.names = Names(self)

    def of(self, kind: type[N]) -> list[N]:
        """All nodes of a type, in the order of the source."""
        return self._nodes.get(kind, [])

    @cached_property
    def calls(self) -> list[Call]:
        """All calls, in the order of the source, with their names resolved."""
        found = []
        of, kinds_of = self.names.of, self.facts.kinds
        for node, function in self._call_nodes:
            name = of(node.func, function)
            kinds = kinds_of(name)
            if "trains" in kinds and name.endswith(".train") and _is_switch(node):
                kinds -= {"trains"}
            call = Call(node, function, name, kinds)
            function.calls.append(call)
            found.append(call)
        self._by_node = {id(call.node): call for call in found}
        return found

    def call_of(self, node: ast.Call) -> Call:
        """The call that a node is."""
        assert self.calls is not None
        return self._by_node[id(node)]

    def calls_of(self, *kinds: str) -> Iterator[Call]:
        """The calls that the facts count to any of these kinds."""
        wanted = frozenset(kinds)
        return (call for call in self.calls if call.kinds & wanted)

    @cached_property
    def _reads(self) -> dict[str, list[tuple[int, int, ast.Name]]]:
        found: dict[str, list[tuple[int, int, ast.Name]]] = {}
        for node in self.of(ast.Name):
            if node.ctx.__class__ is ast.Load:
                found.setdefault(node.id, []).append((node.lineno, node.col_offset, node))
        for places in found.values():
            places.sort(key=itemgetter(0, 1))
        return found

    def reads_in(self, node: ast.AST, name: str) -> list[ast.Name]:
        """Where a name is read inside of a definition, its decorators included, in the order of the source."""
        places = self._reads.get(name)
        if places is None:
            return []
        begins = min((node, *getattr(node, "decorator_list", ())), key=lambda each: each.lineno)
        first = bisect_left(places, (begins.lineno, begins.col_offset), key=itemgetter(0, 1))
        last = bisect_left(places, (node.end_lineno, node.end_col_offset), key=itemgetter(0, 1))  # type: ignore[attr-defined]
        return [each for _, _, each in places[first:last]]

    def flow(self, function: Function) -> Flow:
        """What a function holds and does with it (``syntax.values``)."""
        return flow_of(self, function)

    @property
    def own_code(self) -> Function:
        """The module's code outside of functions."""
        return self.functions[0]

    @cached_property
    def lines(self) -> list[str]:
        return self.source.splitlines()

    @cached_property
    def comments(self) -> list[Comment]:
        """All comments; what comes after text that has no tokens is left out."""
        found: list[Comment] = []
        if "#" not in self.source:
            return found
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.source).readline):
                if token.type == tokenize.COMMENT:
                    own = not token.line[: token.start[1]].strip()
                    found.append(Comment(token.start[0], token.start[1] + 1, token.string.lstrip("#").strip(), own))
        except (tokenize.TokenError, SyntaxError):
            pass
        return found

    def function_at(self, line: int) -> Function:
        """The innermost function that holds a line."""
        best = self.functions[0]
        for function in self.functions[1:]:
            if function.line <= line <= function.end_line and function.line >= best.line:
                best = function
        return best

    def spot(self, node: ast.AST | int) -> Spot:
        """Where a node, or a line, stands; in a notebook that is a line of a cell."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 0)
        column = 0 if isinstance(node, int) else getattr(node, "col_offset", -1) + 1
        end = line if isinstance(node, int) else getattr(node, "end_lineno", None) or line
        if self.notebook is not None and line:
            cell, first = self.notebook.cell_at(line)
            return Spot(self.path, line - first + 1, column, end - first + 1, cell)
        return Spot(self.path, line, column, end)

    def found(
        self,
        node: ast.AST | int,
        message: str,
        *,
        subject: str = "",
        severity: Severity | None = None,
        minutes: int | None = None,
    ) -> Found:
        """A finding at a node or a line of this file; line 0 is the whole file."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 0)
        if not subject and not isinstance(node, int):
            subject = normal_form(node)
        elif not subject and 0 < line <= len(self.lines):
            subject = " ".join(self.lines[line - 1].split())
        symbol = self.function_at(line).qualname if line else ""
        return Found(self.spot(node), message, symbol, subject, severity, minutes)

    def _index(self) -> None:
        """Visit every node once: set its parent, sort it by type, and know its function."""
        own = Function(self.tree, "<module>", None, None)
        self.functions.append(own)
        nodes = self._nodes
        stack: list[tuple[ast.AST, Function, str]] = [(self.tree, own, "")]
        while stack:
            node, function, prefix = stack.pop()
            kind = node.__class__
            known = nodes.get(kind)
            if known is None:
                known = nodes[kind] = []
            known.append(node)
            if kind is ast.Call:
                self._call_nodes.append((node, function))  # type: ignore[arg-type]
            elif kind in _SPECIAL:
                function, prefix = self._enter(node, function, prefix)
            fields = _FIELDS.get(kind)
            if fields is None:
                fields = _FIELDS[kind] = tuple(name for name in node._fields if name not in _NO_NODES)
            below: list[tuple[ast.AST, Function, str]] = []
            for name in fields:
                value = getattr(node, name, None)
                if value.__class__ is list:
                    for item in value:
                        if isinstance(item, ast.AST):
                            item.parent = node  # type: ignore[attr-defined]
                            below.append((item, function, prefix))
                elif isinstance(value, ast.AST):
                    value.parent = node  # type: ignore[attr-defined]
                    below.append((value, function, prefix))
            below.reverse()
            stack += below

    def _enter(self, node: ast.AST, function: Function, prefix: str) -> tuple[Function, str]:
        """Note what a node binds; the function and the prefix of names that hold below it."""
        if isinstance(node, FUNCTIONS):
            name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
            inner = Function(node, prefix + name, self._class_of(node), function)
            given = node.args
            for each in (*given.posonlyargs, *given.args, *given.kwonlyargs):
                inner.parameters[each.arg] = each.annotation
            for rest in (given.vararg, given.kwarg):
                if rest is not None:
                    inner.parameters[rest.arg] = None
            if not isinstance(node, ast.Lambda):
                self.functions.append(inner)
                if not isinstance(getattr(node, "parent", None), ast.ClassDef):
                    function.defined[name] = inner.qualname
            return inner, f"{inner.qualname}."
        if isinstance(node, ast.ClassDef):
            self.classes[prefix + node.name] = node
            function.defined[node.name] = prefix + node.name
            return function, f"{prefix}{node.name}."
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value, function)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._bind(node.target, node.value, function)
        elif isinstance(node, ast.NamedExpr):
            self._bind(node.target, node.value, function)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            for name in target_names(node.target):
                function.given.setdefault(name, [])
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._bind(node.optional_vars, node.context_expr, function)
        return function, prefix

    def _bind(self, target: ast.expr, value: ast.expr, function: Function) -> None:
        if isinstance(target, ast.Name):
            function.given.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Attribute):
            if isinstance(target.value, ast.Name) and target.value.id == "self" and function.class_name:
                self.attributes.setdefault((function.class_name, target.attr), []).append((value, function))
        elif isinstance(target, ast.Tuple | ast.List):
            same = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            for number, each in enumerate(target.elts):
                if same:
                    self._bind(each, value.elts[number], function)  # type: ignore[attr-defined]
                else:
                    for name in target_names(each):
                        function.given.setdefault(name, [])

    def _class_of(self, node: ast.AST) -> str | None:
        """The class whose method a function is, or in whose method it is nested."""
        names: list[str] = []
        above = getattr(node, "parent", None)
        inside = False
        while above is not None:
            if isinstance(above, ast.ClassDef):
                names.append(above.name)
                inside = True
            elif isinstance(above, FUNCTIONS) and inside:
                names.append(above.name if not isinstance(above, ast.Lambda) else "<lambda>")
            above = getattr(above, "parent", None)
        return ".".join(reversed(names)) if inside else None


_SPECIAL = frozenset(
    {
        *FUNCTIONS,
        ast.ClassDef,
        ast.Assign,
        ast.AnnAssign,
        ast.NamedExpr,
        ast.For,
        ast.AsyncFor,
        ast.comprehension,
        ast.withitem,
    }
)


def _is_switch(call: ast.Call) -> bool:
    """Whether ``.train(...)`` only sets a mode, as in PyTorch: it is given nothing, or true or false."""
    given = [*call.args, *(each.value for each in call.keywords)]
    return all(isinstance(each, ast.Constant) and isinstance(each.value, bool) for each in given)


def module_name(path: str) -> str:
    """The dotted name of a file's path; a package's is that of its folder.

    >>> module_name("src/pkg/train.py"), module_name("pkg/__init__.py")
    ('src.pkg.train', 'pkg')
    """
    stem = path.rsplit(".", 1)[0] if path.endswith((".py", ".pyw", ".ipynb")) else path
    name = stem.replace("/", ".")
    return name.removesuffix(".__init__") if name != "__init__" else ""


def normal_form(node: ast.AST) -> str:
    """A node's code as it would be printed, whatever its layout was; only the head of what has a body."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return f"{'class' if isinstance(node, ast.ClassDef) else 'def'} {node.name}"
    if isinstance(node, ast.For | ast.AsyncFor):
        return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
    if isinstance(node, ast.While | ast.If):
        return f"{type(node).__name__.lower()} {ast.unparse(node.test)}"
    if isinstance(node, ast.ExceptHandler):
        return f"except {ast.unparse(node.type) if node.type else ''}"
    if isinstance(node, ast.With | ast.AsyncWith | ast.Try | ast.Module):
        return type(node).__name__.lower()
    return ast.unparse(node)[:500]
