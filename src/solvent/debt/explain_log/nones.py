"""Where a None came from: from the line that failed back through variables, calls, callers and files.

Values are those of ``syntax.values``; calls of the project's own functions are entered over their ``return``s.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from solvent.debt.explain_log.sources import Level, Sources
from solvent.debt.findings import Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.syntax.environment import Value
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors, parent_of

_DEEPEST = 6
_MOST = 6
_IN_PLACE = frozenset(
    {"load_model", "load_weights", "load_from_file", "compile", "build", "append", "extend", "sort", "update", "add"}
    | {"save_model", "save", "dump", "load_state_dict", "summary", "partial_fit", "train"}
)
"""Methods that work on their object and, in libraries, return nothing."""
_FLUENT = frozenset({"fit", "train", "compile", "eval", "to"})
"""Methods that libraries let return their object."""


class Origin(NamedTuple):
    """A place where the None may have come from; ``why`` says how, ``fix`` what to do there."""

    spot: Spot
    symbol: str
    text: str
    why: str
    fix: str


def origins(sources: Sources, levels: list[Level], attribute: str | None) -> list[Origin]:
    """Where the None on whose ``attribute`` the innermost of these frames failed may come from, most likely first."""
    if not levels:
        return []
    search = _Search(sources, levels)
    found: dict[tuple[Spot, str], Origin] = {}
    for each in search.at(len(levels) - 1, attribute):
        found.setdefault((each.spot, each.why), each)
    return list(found.values())[:_MOST]


class _Search:
    def __init__(self, sources: Sources, levels: list[Level]) -> None:
        self._sources = sources
        self._levels = levels
        self._project: Project = sources.project(levels)
        self._seen: set[tuple[str, int]] = set()

    def at(self, number: int, attribute: str | None) -> Iterator[Origin]:
        """The origins of what failed on the line of a frame."""
        level = self._levels[number]
        for node in _receivers(level, attribute):
            yield from self._expression(level.module, level.function, node, number, 0)

    def _expression(
        self, module: Module, function: Function, node: ast.expr, number: int, depth: int
    ) -> Iterator[Origin]:
        """The origins of what an expression is where it is used."""
        if depth > _DEEPEST or (module.path, id(node)) in self._seen:
            return
        self._seen.add((module.path, id(node)))
        values = _values_at(module, function, node)
        for value in values:
            yield from self._value(module, function, value, number, depth)
        if not values and isinstance(node, ast.Name):
            yield from self._global(module, node.id, depth)
        elif not values and isinstance(node, ast.Call):
            yield from self._call(module, function, node, depth)

    def _value(self, module: Module, function: Function, value: Value, number: int, depth: int) -> Iterator[Origin]:
        if value.kind == "none":
            name = _given_to(value.node)
            yield _origin(module, function, value.node, f"{name} is None here, and nothing else on some way", _SET)
        elif value.kind == "call" and isinstance(value.node, ast.Call):
            yield from self._chained(module, function, value, depth)
            yield from self._call(module, function, value.node, depth)
        elif value.kind == "parameter":
            yield from self._argument(function, value.name, number, depth)
        elif value.kind == "attribute":
            yield from self._attribute(module, function, value.name.removeprefix("self."), number, depth)
        elif value.kind == "part" and value.sources:
            for source in value.sources:
                yield from self._value(module, function, source, number, depth + 1)
        elif value.kind == "derived" and isinstance(value.node, ast.Subscript):
            yield _origin(module, function, value.node, "the item that is stored under this key is None", _SET)

    def _chained(self, module: Module, function: Function, value: Value, depth: int) -> Iterator[Origin]:
        """``model = Model().fit(x)`` is taken for the model, as libraries do it; the project's own may return nothing."""
        for use in value.uses:
            if use.call is not None and use.call.method in _FLUENT and not isinstance(parent_of(use.node), ast.Expr):
                yield from self._call(module, function, use.call.node, depth, sure=True)

    def _call(
        self, module: Module, function: Function, node: ast.Call, depth: int, *, sure: bool = False
    ) -> Iterator[Origin]:
        """The origins of what a call returned; ``sure`` leaves out what only may be one."""
        call = module.call_of(node)
        file = self._project.files.get(module.path)
        place = self._project.callee(call.name, file) if file is not None else None
        if place is not None and not place.function.qualname.endswith("__init__"):
            entered = list(self._returned(place, depth + 1))
            yield from entered
            if entered:
                return
        if sure or _makes_object(call):
            return
        shown = ast.unparse(node.func)
        if "may_return_none" in call.kinds or call.method == "get":
            yield _origin(module, function, node, f"{shown}() returns None where it finds nothing", _LOOKUP)
        elif place is None and call.method in _IN_PLACE and isinstance(node.func, ast.Attribute):
            why = f"{shown}() works on its object and may return None, which replaces the object"
            yield _origin(module, function, node, why, "Call it on a line of its own and go on with the object.")
        elif place is None:
            yield _origin(module, function, node, f"it is what {shown}() returned", _LOADED)

    def _returned(self, place: Place, depth: int) -> Iterator[Origin]:
        """The ways on which a function of the project returns None."""
        module = self._sources.module(place.file.path)
        function = _function(module, place) if module is not None else None
        if module is None or function is None or depth > _DEEPEST:
            return
        flow = module.flow(function)
        name = function.name
        for statement, values in flow.returns:
            for value in values:
                if value.kind == "none":
                    why, fix = _none_returned(name, statement)
                    yield _origin(module, function, statement, why, fix)
                elif value.kind == "call" and isinstance(value.node, ast.Call):
                    yield from self._quiet(module, function, value.node, depth)
        if flow.falls_through:
            handler = next((node for node in module.of(ast.ExceptHandler) if _inside(node, function)), None)
            if handler is not None and _swallows(handler):
                why = f"{name}() swallows the error here, goes on to its end and returns None"
                yield _origin(
                    module, function, handler, why, f"Let {name}() raise: remove the except, or end it with 'raise'."
                )
            elif flow.returns:
                why = f"{name}() reaches its end without 'return' on some way, and returns None then"
                yield _origin(module, function, function.node, why, f"Raise at the end of {name}().")
            else:
                why = f"{name}() has no 'return': it always returns None"
                yield _origin(module, function, function.node, why, f"Return the model at the end of {name}().")

    def _quiet(self, module: Module, function: Function, node: ast.Call, depth: int) -> Iterator[Origin]:
        """The origins of what a called function passes on; a foreign call that may well return a model is none."""
        for each in self._call(module, function, node, depth):
            if each.fix is not _LOADED:
                yield each

    def _argument(self, function: Function, name: str, number: int, depth: int) -> Iterator[Origin]:
        """The origins of a parameter: what the caller, the frame around, gave for it."""
        if number == 0:
            module = self._levels[0].module
            yield _origin(
                module, function, function.node, f"whoever called {function.name}() gave None for {name}", _GIVEN
            )
            return
        caller = self._levels[number - 1]
        names = [each for each in function.parameters if each not in ("self", "cls")]
        for call in caller.module.calls:
            node = call.node
            if not _covers(node, caller.line) or call.method not in (function.name, _class_name(function)):
                continue
            given = next((each.value for each in node.keywords if each.arg == name), None)
            position = names.index(name) if name in names else len(node.args)
            if given is None and position < len(node.args):
                given = node.args[position]
            if given is not None:
                yield from self._expression(caller.module, caller.function, given, number - 1, depth + 1)
            else:
                yield from _default(caller.module, function, name)

    def _attribute(self, module: Module, function: Function, name: str, number: int, depth: int) -> Iterator[Origin]:
        """The origins of an attribute of ``self``: everything that the class gives it."""
        given = module.attributes.get((function.class_name or "", name), [])
        for value, where in sorted(given, key=lambda pair: _is_none(pair[0])):
            if _is_none(value):
                others = [each.name for other, each in given if not _is_none(other)]
                until = f" until {others[0]}() has been called" if others else ""
                yield _origin(module, where, value, f"self.{name} is None{until}", _SET)
            elif isinstance(value, ast.Call):
                yield from self._quiet(module, where, value, depth + 1)
            else:
                yield from self._expression(module, where, value, number if where is function else 0, depth + 1)

    def _global(self, module: Module, name: str, depth: int) -> Iterator[Origin]:
        """The origins of a variable of the module, or of one that is imported from another of the project's."""
        given = list(_assignments(module, name))
        for value, where in sorted(given, key=lambda pair: _is_none(pair[0])):
            if _is_none(value):
                others = [each.name for other, each in given if not _is_none(other) and each is not module.own_code]
                until = f" until {others[0]}() has been called" if others else ""
                yield _origin(module, where, value, f"{name} is None{until}", _SET)
            elif isinstance(value, ast.Call):
                yield from self._call(module, where, value, depth + 1)
        imported = module.names.imported.get(name)
        file = self._project.files.get(module.path)
        if not given and imported and file is not None and depth < _DEEPEST:
            owner, _, inner = imported.rpartition(".")
            other = self._project.module(owner, file)
            elsewhere = self._sources.module(other.path) if other is not None else None
            if elsewhere is not None:
                yield from self._global(elsewhere, inner, depth + 1)


_SET = "Give it its value before it is used, and raise where that fails: a model that could not be loaded must stop the program."
_GIVEN = (
    "Look at the call one level up in the traceback, which is not in this project's files: where its argument was made."
)
_LOOKUP = "Use [...] or raise where nothing is found, with a message that names the key."
_LOADED = "Check what it returns: raise if it is None, with a message that names the path."


def _receivers(level: Level, attribute: str | None) -> Iterator[ast.expr]:
    """What stands before ``.attribute`` (or before brackets, if there is none) on a frame's line."""
    module, line = level.module, level.line
    if attribute is not None:
        for node in module.of(ast.Attribute):
            if node.attr == attribute and _covers(node, line):
                yield node.value
        return
    for each in module.of(ast.Subscript):
        if _covers(each, line):
            yield each.value
    for call in module.of(ast.Call):
        if _covers(call, line) and isinstance(call.func, ast.Name):
            yield call.func


def _covers(node: ast.expr, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _values_at(module: Module, function: Function, node: ast.expr) -> list[Value]:
    """The values that an expression may be, told by the uses that are made of it there."""
    above = getattr(node, "parent", None)
    holder = getattr(above, "parent", None) if isinstance(above, ast.Attribute) else above
    around = {id(each) for each in (above, holder) if each is not None}
    if isinstance(above, ast.keyword):
        around.add(id(getattr(above, "parent", None)))
    found: list[Value] = []
    flow = module.flow(function)
    for value in flow.values:
        if (value.node is node and value.kind in ("call", "derived", "attribute")) or any(
            id(use.node) in around and _is_of(node, use.position) for use in value.uses
        ):
            found.append(value)
        elif isinstance(above, ast.Attribute) and value.kind == "derived" and value.node is above:
            found += [source for source in value.sources if source.kind != "derived"]
    return found


def _is_of(node: ast.expr, position: int | str | None) -> bool:
    """Whether a use is of this expression, where the same call uses several."""
    above = getattr(node, "parent", None)
    if isinstance(above, ast.keyword):
        return position == above.arg
    if isinstance(above, ast.Call) and node in above.args:
        return position == above.args.index(node)
    return position is None


def _function(module: Module, place: Place) -> Function | None:
    return next((each for each in reversed(module.functions) if each.qualname == place.function.qualname), None)


def _assignments(module: Module, name: str) -> Iterator[tuple[ast.expr, Function]]:
    """What a variable of the module is given, in its own code or in functions that say ``global``."""
    for value in module.own_code.given.get(name, ()):
        yield value, module.own_code
    for statement in module.of(ast.Global):
        if name in statement.names:
            function = module.function_at(statement.lineno)
            for value in function.given.get(name, ()):
                yield value, function


def _default(module: Module, function: Function, name: str) -> Iterable[Origin]:
    """The parameter's default, if that is None."""
    node = function.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    given = node.args
    pairs = list(zip(reversed([*given.posonlyargs, *given.args]), reversed(given.defaults), strict=False))
    pairs += [(arg, value) for arg, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None]
    for arg, value in pairs:
        if arg.arg == name and _is_none(value):
            yield _origin(
                module, function, value, f"the parameter {name} is None unless it is given, and it was not", _SET
            )


def _none_returned(name: str, statement: ast.Return) -> tuple[str, str]:
    handler = next((each for each in ancestors(statement) if isinstance(each, ast.ExceptHandler)), None)
    if handler is not None:
        caught = ast.unparse(handler.type) if handler.type is not None else "any error"
        return (
            f"{name}() returns None when it catches {caught}",
            f"Let {name}() raise: remove the except, or end it with 'raise', so that the real reason is seen.",
        )
    test = next((each.test for each in ancestors(statement) if isinstance(each, ast.If)), None)
    condition = f" if {ast.unparse(test)}" if test is not None else ""
    return (
        f"{name}() returns None{condition[:120]}",
        "Raise here instead, naming the path that was looked at, and check that the model was saved there.",
    )


def _swallows(handler: ast.ExceptHandler) -> bool:
    return not any(isinstance(each, ast.Raise | ast.Return) for each in ast.walk(handler))


def _inside(node: ast.ExceptHandler, function: Function) -> bool:
    return function.line <= node.lineno <= function.end_line


def _makes_object(call: Call) -> bool:
    """Whether a call makes an object, and so never returns None."""
    return call.method[:1].isupper() or call.name in (
        "object",
        "dict",
        "list",
        "set",
        "tuple",
        "str",
        "int",
        "float",
        "open",
    )


def _class_name(function: Function) -> str:
    return (function.class_name or "").rpartition(".")[2] if function.name == "__init__" else ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _given_to(node: ast.AST) -> str:
    above = getattr(node, "parent", None)
    if isinstance(above, ast.Assign):
        return ast.unparse(above.targets[0])
    return ast.unparse(above.target) if isinstance(above, ast.AnnAssign | ast.NamedExpr) else "it"


def _origin(module: Module, function: Function, node: ast.AST, why: str, fix: str) -> Origin:
    spot = module.spot(node)
    line = getattr(node, "lineno", 0)
    text = module.lines[line - 1].strip() if 0 < line <= len(module.lines) else ""
    return Origin(spot, function.qualname, text, why, fix)
