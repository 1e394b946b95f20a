"""What is kept of a file for the questions that need all files: small, plain, and written to the cache."""

from __future__ import annotations

import ast
import sys
from typing import Any

import msgspec

from solvent.debt.findings import Spot
from solvent.debt.sources.roles import Role
from solvent.debt.syntax.environment import Use, Value
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.names import UNKNOWN, is_builtin
from solvent.debt.syntax.nodes import is_main_guard

_FLOWS = (b".fit", b".train", b"predict", b"load", b".dump", b".save", b"log_model")
"""Values are followed in files that hold one of these words."""


class CallSummary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A call: resolved name, what the facts know of it, and its place (in a notebook: cell and line in it)."""

    name: str
    kinds: tuple[str, ...]
    spot: Spot


class UseSummary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A use of a value (``syntax.values.Use``). ``kinds`` are the facts about the call, for methods and arguments.

    ``name`` is the called name for methods and arguments alike. ``method`` is the method's own name.
    """

    kind: str
    name: str
    method: str
    kinds: tuple[str, ...]
    position: int | str | None


class ValueSummary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A value that a function got, and its uses (``syntax.values.Value``), each way of use once."""

    kind: str
    name: str
    kinds: tuple[str, ...]
    uses: list[UseSummary]


class FunctionSummary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """``returns`` are indexes into ``values``, for each ``return``. ``flows``: whether values were followed.

    ``spot`` is the def line, ``end_line`` the last line, in the file or the joined notebook.
    """

    qualname: str
    class_name: str | None
    parameters: tuple[str, ...]
    spot: Spot
    end_line: int
    documented: bool
    decorators: tuple[str, ...]
    calls: list[CallSummary]
    flows: bool
    values: list[ValueSummary]
    returns: list[list[int]]
    falls_through: bool


class FileSummary(msgspec.Struct, frozen=True, array_like=True):
    """``imports`` are dotted names of modules and what is taken from them. ``main_guard`` says that it is a script.

    ``names`` are all names that are read anywhere in it, for the question whether anything is used at all.
    ``extras`` holds what rules collected, by code.
    """

    path: str
    name: str
    role: Role
    lines: int
    is_package: bool
    main_guard: bool
    imports: tuple[str, ...]
    names: tuple[str, ...]
    functions: list[FunctionSummary]
    extras: dict[str, list[Any]]


def summarize(module: Module, content: bytes, extras: dict[str, list[Any]]) -> FileSummary:
    """The summary of one module; ``content`` are the bytes that it was read from."""
    assert module.calls is not None
    flows = any(word in content for word in _FLOWS)
    intern = sys.intern
    imports = {name for name in module.names.imported.values() if name}
    imports |= {alias.name for node in module.of(ast.Import) for alias in node.names}  # of ``a.b``, a name binds ``a``
    names = {node.id for node in module.of(ast.Name) if isinstance(node.ctx, ast.Load)}
    names |= {node.attr for node in module.of(ast.Attribute)}
    return FileSummary(
        path=module.path,
        name=module.name,
        role=module.role,
        lines=module.source.count("\n"),
        is_package=module.is_package,
        main_guard=any(is_main_guard(statement) for statement in module.tree.body),
        imports=tuple(sorted(imports)),
        names=tuple(sorted(map(intern, names))),
        functions=[_function(module, function, flows) for function in module.functions],
        extras=extras,
    )


def _function(module: Module, function: Function, flows: bool) -> FunctionSummary:
    values: list[ValueSummary] = []
    returns: list[list[int]] = []
    falls_through = True
    if flows:
        flow = module.flow(function)
        falls_through = flow.falls_through
        kept = [value for value in flow.values if _matters(value)]
        numbers = {id(value): number for number, value in enumerate(kept)}
        values = [_value(module, value) for value in kept]
        returns = [[numbers[id(value)] for value in found if id(value) in numbers] for _, found in flow.returns]
    decorators = getattr(function.node, "decorator_list", [])
    return FunctionSummary(
        qualname=function.qualname,
        class_name=function.class_name,
        parameters=tuple(function.parameters),
        spot=module.spot(function.node if function.outer is not None else 0),
        end_line=function.end_line,
        documented=bool(function.docstring),
        decorators=tuple(_decorator(module, each, function.outer or function) for each in decorators),
        calls=_calls(module, function),
        flows=flows,
        values=values,
        returns=returns,
        falls_through=falls_through,
    )


def _decorator(module: Module, node: ast.expr, function: Function) -> str:
    return module.names.of(node.func if isinstance(node, ast.Call) else node, function)


def _calls(module: Module, function: Function) -> list[CallSummary]:
    """Calls that the facts know, each; and of those that may be the project's own, the first of each name."""
    found: list[CallSummary] = []
    seen: set[str] = set()
    for call in function.calls:
        name = call.name
        if not call.kinds:
            if name in seen or is_builtin(name.partition(".")[0]) or name == UNKNOWN:
                continue
            seen.add(name)
        found.append(CallSummary(sys.intern(name), tuple(sorted(call.kinds)), module.spot(call.node)))
    return found


def _matters(value: Value) -> bool:
    """Whether anybody beyond the function may ask for a value."""
    if value.kind in ("call", "parameter", "attribute"):
        return bool(value.uses)
    return value.kind == "none" and any(use.kind in ("returned", "stored", "method") for use in value.uses)


def _value(module: Module, value: Value) -> ValueSummary:
    kinds = module.facts.kinds(value.name) if value.kind == "call" else frozenset()
    return ValueSummary(
        value.kind,
        sys.intern(value.name),
        tuple(sorted(kinds)),
        list(dict.fromkeys(_use(use) for use in value.uses)),
    )


def _use(use: Use) -> UseSummary:
    call: Call | None = use.call
    name = call.name if call is not None else use.name
    kinds = tuple(sorted(call.kinds)) if call is not None else ()
    method = use.name if use.kind == "method" else ""
    return UseSummary(use.kind, sys.intern(name), sys.intern(method), kinds, use.position)
