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
Bindings = dict[str, ast.stmt | str]
"""What the names of a module's top level stand for: a statement, or the dotted name of an import."""

DECORATORS = frozenset({"solvent.feature", "solvent.data.features.registered.feature"})
DIGITS = 16
_UNMEANT = frozenset({"ctx", "kind", "type_comment", "simple"})
_BLOCKS = ("body", "orelse", "finalbody", "handlers")


def parse(source: str, name: str = "<source>") -> ast.Module:
    """The syntax tree of a file or of a notebook's cells, where ``await`` may stand outside of functions.

    Raises:
        SyntaxError, ValueError, RecursionError: it is no Python.
    """
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(source, name, "exec", flags, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def version_of(definition: Definition, bindings: Bindings) -> str:
    """16 hexadecimal digits; '' for source that is nested too deeply to be read."""
    try:
        texts = {"": _canonical(definition, bindings)}
        names = _free_names(_bare(definition, bindings))
        while names:
            name = names.pop()
            bound = bindings.get(name)
            if name in texts or bound is None or bound is definition:
                continue
            texts[name] = bound if isinstance(bound, str) else _canonical(bound, bindings)
            if isinstance(bound, ast.stmt):
                names |= _free_names(_bare(bound, bindings) if isinstance(bound, Definition) else bound)
    except (RecursionError, MemoryError):
        return ""
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(f"{name}\0{texts[name]}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:DIGITS]


def bindings_of(module: ast.Module) -> Bindings:
    """What each name of a module's top level was bound to last, in written order."""
    found: Bindings = {}
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
    for field in _BLOCKS:
        for child in getattr(node, field, ()):
            if isinstance(child, ast.stmt):
                yield child
            if not isinstance(child, Definition):
                yield from statements_of(child)


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
