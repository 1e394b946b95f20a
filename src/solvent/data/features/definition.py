"""The version of a feature: a digest of what its source means.

It is taken of the syntax tree: layout, comments and docstrings don't change it, nor does what ``@solvent.feature`` is
given. What the function uses of its own module counts, directly or through others: functions, classes, assigned values,
and what an imported name stands for. What other modules and methods reached by ``self`` do is not followed.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import symtable
from collections.abc import Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

DECORATORS = frozenset({"solvent.feature", "solvent.data.features.registered.feature"})
DIGITS = 16
_UNMEANT = frozenset({"ctx", "kind", "type_comment", "simple"})
_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")


def parse(source: str, name: str = "<source>") -> ast.Module:
    """The syntax tree of a file or of a notebook's cells, where ``await`` may stand outside of functions.

    Raises:
        SyntaxError, ValueError, RecursionError: it is no Python.
    """
    tree = compile(source, name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


class Bindings(dict[str, ast.stmt | str]):
    """What the names of a module's top level stand for: a statement, or the dotted name of an import."""

    def __init__(self) -> None:
        super().__init__()
        self._meanings: dict[ast.stmt, tuple[str, set[str]]] = {}

    def meaning(self, statement: ast.stmt) -> tuple[str, set[str]]:
        """A text of what a statement means, and the names that it takes from its module."""
        if statement not in self._meanings:
            bare = _bare(statement, self) if isinstance(statement, Definition) else statement
            self._meanings[statement] = _canonical(bare, self), _free_names(bare)
        return self._meanings[statement]


def version_of(definition: Definition, bindings: Bindings) -> str:
    """16 hexadecimal digits; '' for source that is nested too deeply to be read."""
    texts: dict[str, str] = {}
    try:
        texts[""], free = bindings.meaning(definition)
        names = set(free)
        while names:
            name = names.pop()
            bound = bindings.get(name)
            if name in texts or bound is None or bound is definition:
                continue
            if isinstance(bound, str):
                texts[name] = bound
            else:
                texts[name], free = bindings.meaning(bound)
                names |= free
    except (RecursionError, MemoryError):
        return ""
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(f"{name}\0{texts[name]}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:DIGITS]


def bindings_of(module: ast.Module) -> Bindings:
    """What each name of a module's top level was bound to last, in written order."""
    found = Bindings()
    for statement in statements_of(module):
        if isinstance(statement, Definition):
            found[statement.name] = statement
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(statement, ast.ImportFrom):
            origin = "." * statement.level + (statement.module or "")
            found |= {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in statement.names}
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                found |= {each.id: statement for each in ast.walk(target) if isinstance(each, ast.Name)}
    return found


def statements_of(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a module or of a definition's own body, also those within ``if``, ``try``, ``with`` and loops."""
    waiting = _parts(node)
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.stmt):
            yield part
        if not isinstance(part, Definition):
            waiting += _parts(part)


def _parts(node: ast.AST) -> list[ast.AST]:
    """Last one first."""
    return [child for field in _BLOCKS for child in getattr(node, field, ()) if isinstance(child, ast.AST)][::-1]


def definition_at(module: ast.Module, qualname: str) -> Definition | None:
    """The function or class of that qualified name, as its last definition reads."""
    node: ast.AST = module
    for part in qualname.split("."):
        if part == "<locals>":
            continue
        named = [each for each in statements_of(node) if isinstance(each, Definition) and each.name == part]
        if not named:
            return None
        node = named[-1]
    return node if isinstance(node, Definition) else None


def declares_feature(decorator: ast.expr, bindings: Bindings) -> bool:
    """Whether a decorator is ``@solvent.feature``, by whatever name it was imported."""
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    rest: list[str] = []
    while isinstance(node, ast.Attribute):
        rest.insert(0, node.attr)
        node = node.value
    bound = bindings.get(node.id) if isinstance(node, ast.Name) else None
    return isinstance(bound, str) and ".".join([bound, *rest]) in DECORATORS


def _canonical(node: object, bindings: Bindings) -> str:
    """A text of what a tree means, the same in every version of Python: fields that are empty are left out."""
    if isinstance(node, list):
        return f"[{','.join(_canonical(each, bindings) for each in node)}]"
    if isinstance(node, ast.Constant):
        return f"{type(node.value).__name__}:{node.value!r}"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = []
    for name, value in ast.iter_fields(node):
        meant = value
        if isinstance(node, Definition):
            if name == "decorator_list":
                meant = [each for each in value if not declares_feature(each, bindings)]
            elif name == "body" and ast.get_docstring(node, clean=False) is not None:
                meant = value[1:]
        if name not in _UNMEANT and meant is not None and meant != []:
            fields.append(f"{name}={_canonical(meant, bindings)}")
    return f"{type(node).__name__}({','.join(fields)})"


def _bare(definition: Definition, bindings: Bindings) -> Definition:
    """Without ``@solvent.feature``, whose arguments may be names too."""
    bare = copy.copy(definition)
    bare.decorator_list = [each for each in definition.decorator_list if not declares_feature(each, bindings)]
    return bare


def _free_names(statement: ast.stmt) -> set[str]:
    """The names that a statement takes from its module, as Python's own compiler resolves them."""
    try:
        table = symtable.symtable(ast.unparse(statement), "<feature>", "exec")
    except (SyntaxError, ValueError):  # such as a nonlocal whose function is outside
        return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    names: set[str] = set()
    tables = [table]
    while tables:
        each = tables.pop()
        tables += each.get_children()
        outer = each is table
        names |= {
            symbol.get_name()
            for symbol in each.get_symbols()
            if symbol.is_global() or (outer and symbol.is_referenced())
        }
    return names
