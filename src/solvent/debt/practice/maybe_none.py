"""Models that may be None where they are applied: what a file tells of it, in a form that can be cached."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from solvent.debt.syntax.environment import Use, Value
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors, parent_of
from solvent.debt.syntax.values import Flow

APPLIED = frozenset(
    {"predict", "predict_proba", "predict_one", "predict_on_batch", "predict_classes", "decision_function", "transform"}
    | {"generate", "forecast", "inference", "infer", "classify", "predict_step", "predict_log_proba"}
)
"""Methods that apply a model; on None each is an AttributeError."""
_LOADS = re.compile(
    r"(?i)_*(load|restore|fetch|read|get|open|download|init|import|deserialize|unpickle)_?(\w*_)?(model|models|classifier"
    r"|clf|pipeline|predictor|checkpoint|pickle|estimator|network|net|regressor|artifact|artifacts)s?(_\w*)?|from_pretrained"
    r"|load"
)
_MODELS = re.compile(r"(?i)model|classifier|pipeline|predictor|estimator|registry|clfs")
_TELLING = re.compile(r"(?i)loaded|ready|available|initiali[sz]ed|fitted|trained|has_model|is_none|exists")
_ENSURES = re.compile(
    r"(?i)_*(ensure|check|require|assert|validate|verify|load|init|lazy|maybe|prepare|setup|get)_?\w*"
)
_ENDS = re.compile(r"(.*[._])?(exit|abort|fail|die|skip|stop|quit)|.*pars\w*\.error")
_STOPS = frozenset({"streamlit.stop", "sys.exit", "exit", "quit", "os._exit", "flask.abort", "fastapi.HTTPException"})


class Applied(NamedTuple):
    """A use of what may be None. ``loaders`` are called functions that it may come from; ``surely`` needs none."""

    qualname: str
    where: list[Any]
    name: str
    method: str
    loaders: list[str]
    surely: str


def is_loader(call: Call) -> bool:
    """Whether a call loads a model, by the facts or by its name."""
    return "loads_model" in call.kinds or _LOADS.fullmatch(call.method) is not None


def may_return_none(module: Module, function: Function) -> bool:
    """Whether a function that loads a model returns it, or None where that fails."""
    if function.outer is None or any(call.name in _STOPS for call in function.calls):
        return False
    loads = [call for call in function.calls if is_loader(call)]
    if not loads and not _LOADS.fullmatch(function.name):
        return False
    flow = module.flow(function)
    nodes = {id(call.node) for call in loads}
    some = any(_is_model(value, nodes) for _, values in flow.returns for value in values)
    nothing = flow.falls_through or any(value.kind == "none" for _, values in flow.returns for value in values)
    return some and nothing and bool(flow.returns)


def _is_model(value: Value, loads: set[int]) -> bool:
    return id(value.node) in loads or any(id(source.node) in loads for source in value.sources)


def applied(module: Module) -> Iterator[Applied]:
    """All places where what may be None is applied, without a question before it."""
    guards: _Guards | None = None
    for function in module.functions:
        calls = [call for call in function.calls if call.method in APPLIED and call.receiver is not None]
        if not calls:
            continue
        guards = guards or _Guards(module)
        flow = module.flow(function)
        for call in calls:
            name = key_of(call.receiver)
            held = name not in function.given and name not in function.parameters
            if name and not guards.hold(function, name) and not (held and guards.test(module.own_code, name)):
                yield from _applied(module, function, flow, call, name)


def _applied(module: Module, function: Function, flow: Flow, call: Call, name: str) -> Iterator[Applied]:
    if name.startswith("self.") and function.class_name:
        given = module.attributes.get((function.class_name, name[5:]), [])
        if not any(where is function for _, where in given):
            yield from _held(module, call, name, given)
            return
    elif name not in function.given and name not in function.parameters:
        yield from _held(module, call, name, _global_values(module, name))
        return
    values = [(value, use) for value in flow.values for use in value.uses if use.kind == "method" and use.call is call]
    surely = next((why for value, use in values if (why := _why(module, function, value, use))), "")
    loaders = [value.name for value, _ in values if value.kind in ("call", "part") and not value.name.startswith("?")]
    if surely or loaders:
        yield _item(module, call, name, loaders, surely)


def _item(module: Module, call: Call, name: str, loaders: list[str], surely: str) -> Applied:
    spot = module.spot(call.node)
    where = [spot.line, spot.column, spot.end_line, spot.cell]
    return Applied(call.function.qualname, where, name, call.method, loaders, surely)


def _why(module: Module, function: Function, value: Value, use: Use) -> str:
    """Why a value is None, or may be, in the function itself; empty if it is not known to be."""
    if value.kind == "none":
        beside = [other for other in use.together if other is not value]
        loads = {id(call.node) for call in function.calls if is_loader(call)}
        return "its loading may have failed" if any(id(other.node) in loads for other in beside) else ""
    if isinstance(value.node, ast.Call) and value.kind == "call" and value.name.endswith(".get"):
        call = module.call_of(value.node)
        single = len(value.node.args) == 1 and not value.node.keywords
        if single and call.receiver is not None and _MODELS.search(key_of(call.receiver)):
            return "get() gives None for what is not there"
    return ""


def _held(module: Module, call: Call, name: str, given: Iterable[tuple[ast.expr, Function]]) -> Iterator[Applied]:
    """A use of an attribute of ``self``, or of a global variable, that another function was to load."""
    given = list(given)
    begins_none = any(_is_none(value) for value, _ in given)
    loaders: list[str] = []
    surely = ""
    for value, where in given:
        if isinstance(value, ast.IfExp) and _is_none(value.orelse) and isinstance(value.body, ast.Call):
            if is_loader(module.call_of(value.body)):
                surely = "its loading gives None where the file is missing"
            continue
        if not isinstance(value, ast.Call):
            continue
        loading = module.call_of(value)
        if not is_loader(loading):
            if not loading.name.startswith("?"):
                loaders.append(loading.name)
        elif begins_none and (_fails_silently(module, value, name) or _is_conditional(value)):
            surely = f"its loading in {where.name} may fail and leave None" if where.outer else "its loading may fail"
        else:
            loaders.append(loading.name)
    if surely or loaders:
        yield _item(module, call, name, loaders, surely)


def _global_values(module: Module, name: str) -> Iterator[tuple[ast.expr, Function]]:
    declared = {id(module.function_at(node.lineno)) for node in module.of(ast.Global) if name in node.names}
    for function in module.functions:
        if function.outer is None or id(function) in declared:
            yield from ((value, function) for value in function.given.get(name, ()))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _fails_silently(module: Module, node: ast.expr, name: str) -> bool:
    """Whether an exception of this expression is caught by a handler that goes on without another model."""
    below: ast.AST = node
    for above in ancestors(node):
        if isinstance(above, ast.Try) and below in above.body:
            return any(not _leaves(module, handler, name) for handler in above.handlers)
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        below = above
    return False


def _leaves(module: Module, handler: ast.ExceptHandler, name: str) -> bool:
    for node in ast.walk(handler):
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Call) and (module.call_of(node).name in _STOPS or is_loader(module.call_of(node))):
            return True
        if isinstance(node, ast.Assign) and not _is_none(node.value) and name in map(key_of, node.targets):
            return True
    return False


def _is_conditional(node: ast.expr) -> bool:
    """``if os.path.exists(path): model = load(path)`` without an else."""
    for above in ancestors(node):
        if isinstance(above, ast.If):
            return not above.orelse and "exists" in ast.unparse(above.test)
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
    return False


class _Guards:
    """What the functions of a file test, or make sure of, before they go on."""

    def __init__(self, module: Module) -> None:
        self._names: dict[int, set[str]] = {}
        for kind in (ast.If, ast.IfExp, ast.While, ast.Assert):
            for node in module.of(kind):
                self._note(module, node, [node.test])  # type: ignore[attr-defined]
        for either in module.of(ast.BoolOp):
            self._note(module, either, either.values[:-1])
        self._sure: set[int] = set()
        for handler in module.of(ast.ExceptHandler):
            if isinstance(handler.type, ast.Name) and handler.type.id == "AttributeError":
                self._sure.add(id(module.function_at(handler.lineno)))

    def _note(self, module: Module, node: ast.AST, tests: list[ast.expr]) -> None:
        names = self._names.setdefault(id(module.function_at(getattr(node, "lineno", 0))), set())
        for test in tests:
            names.update(key_of(each) or getattr(each, "attr", "") for each in ast.walk(test))

    def test(self, function: Function, name: str) -> bool:
        return name in self._names.get(id(function), ())

    def hold(self, function: Function, name: str) -> bool:
        names = self._names.get(id(function), set())
        if name in names or id(function) in self._sure or any(map(_TELLING.search, names)):
            return True
        return any(
            isinstance(parent_of(call.node), ast.Expr)
            and key_of(call.receiver) in ("self", "cls")
            and _ENSURES.fullmatch(call.method)
            for call in function.calls
        )


def key_of(node: ast.AST | None) -> str:
    """``model`` or ``self.model`` as one name; empty for all else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return f"self.{node.attr}"
    return ""


def reassigned(module: Module) -> Iterator[tuple[Call, str]]:
    """``model = model.load_model(path)`` of libraries whose method returns nothing; the call and the variable."""
    for call in module.calls_of("returns_no_model"):
        above = parent_of(call.node)
        if isinstance(above, ast.Assign) and above.value is call.node and len(above.targets) == 1:
            name = key_of(above.targets[0])
            sure = not call.name.startswith("?") or name == key_of(call.receiver)
            if name and sure:
                yield call, name


def unbound(module: Module) -> Iterator[tuple[ast.Name, str, str]]:
    """Uses of what was only to be bound by a load whose failure is caught: the use, its function, what loads."""
    for node in module.of(ast.Try):
        if not node.handlers or node.finalbody:
            continue
        function = module.function_at(node.lineno)
        for name, loading in _loaded(module, node.body):
            if any(_leaves(module, handler, name) or _goes(handler) for handler in node.handlers):
                continue
            if name in function.parameters or _is_bound_elsewhere(module, function, name, node):
                continue
            used = next(
                (each for each in _after(module, node, name) if module.function_at(each.lineno) is function), None
            )
            if used is not None:
                yield used, function.qualname, loading


def _loaded(module: Module, body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement in body:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        calls = [module.call_of(each) for each in ast.walk(statement.value) if isinstance(each, ast.Call)]
        loading = next((call for call in calls if is_loader(call) or "reads_data" in call.kinds), None)
        if isinstance(target, ast.Name) and loading is not None:
            yield target.id, loading.method


def _goes(handler: ast.ExceptHandler) -> bool:
    """Whether a handler ends the function, the turn of a loop, or by the name of what it calls the program."""
    for each in ast.walk(handler):
        if isinstance(each, ast.Return | ast.Continue | ast.Break):
            return True
        if isinstance(each, ast.Call) and _ENDS.fullmatch(ast.unparse(each.func)):
            return True
    return False


def _is_bound_elsewhere(module: Module, function: Function, name: str, node: ast.Try) -> bool:
    inside = range(node.lineno, (node.body[-1].end_lineno or 0) + 1)
    return any(
        each.id == name
        and isinstance(each.ctx, ast.Store)
        and each.lineno not in inside
        and (module.function_at(each.lineno) is function)
        for each in module.of(ast.Name)
    )


def _after(module: Module, node: ast.Try, name: str) -> Iterator[ast.Name]:
    last = node.end_lineno or node.lineno
    return (
        each
        for each in module.of(ast.Name)
        if each.id == name and isinstance(each.ctx, ast.Load) and each.lineno > last
    )
