"""A broad except around the work of a model swallows the error.

## What it does
Finds `try` statements that train, apply, load, save or promote a model, or read or prepare its data, and whose
`except:` or `except Exception:` goes on as if nothing had happened: it passes, prints, writes a line or a traceback to
a log, returns nothing, a made-up value or made-up data, or has a web service answer "200 OK" with the error.

## Why is this bad?
A training that failed looks like one that succeeded, and a model that can't predict looks like one that predicts
nothing: the fault shows up later, elsewhere, without its traceback. (Code debt; ruff BLE001 and S110, here only
around the work of a model.)

## Example
```python
try:
    model.fit(X, y)
except Exception:
    print("training failed")
```

## Use instead
```python
try:
    model.fit(X, y)
except ValueError as error:
    raise TrainingFailed(f"the table {path} can't be learned from") from error
```

## Limits
Silent where the handler raises, ends the program, answers with an error or hands the exception on; where it tries
again or in another way; and where what was to be loaded is tested for None later, and the error raised there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.practice.model_work import work_by_name, work_of
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import FUNCTIONS, LOOPS, ancestors, constant, keyword, parent_of, target_names

_BROAD = frozenset({"Exception", "BaseException"})
_TELLS = re.compile(
    r"print|pprint|.*\b(log|logger|logging|_logger|LOGGER|LOG|warnings)\.\w+|.*\.(debug|info|warn|warning"
    r"|error|critical|echo|secho|write|showwarning|log|success|exception|print_exc)|print_exc"
)
"""Calls that only tell somebody."""
_SHOWN = ("streamlit.", "gradio.", "tkinter.", "flask.flash", "django.contrib.messages.")
"""The page shows the error to whom it concerns."""
_FAILED = re.compile(r"(?i)fail|error|skip|miss|bad|problem")
_MADE_UP = re.compile(r"(?i).*(synthetic|fake|dummy|mock|generate_\w*data|placeholder).*")
_EMPTY = re.compile(r"(.*\.)?(DataFrame|Series|array|zeros|zeros_like|ones|empty|full|dict|list|set|tuple|float)")
_NUMBERS = frozenset({"nan", "NaN", "NAN", "inf", "Inf"})
_PROBABILITIES = frozenset({"predict_proba", "decision_function", "predict_log_proba"})
_ENDS = frozenset({"sys.exit", "exit", "quit", "os._exit", "os.abort"})
_LEAVES = frozenset({"abort", "skipTest", "fail", "set_exception", "retry", "sleep", "rollback"})
_ROUTES = frozenset({"get", "post", "put", "patch", "delete", "route", "api_route"})
_HEALTH = re.compile(r"(?i)health|ready|alive|ping|status")
_RETRIES = re.compile(r"(?i)attempt|retry|retries|tries|backoff")


@module_rule(
    "COD210",
    "swallowed-error",
    severity="high",
    minutes=15,
    evidence="S",
    preview=False,
    needs=(b"except",),
)
def check(module: Module) -> Iterator[Found]:
    tries = [node for node in module.of(ast.Try) if any(_is_broad(handler) for handler in node.handlers)]
    if not tries:
        return
    assert module.calls is not None
    for node in tries:
        found = _work(module, node)
        if found is None:
            continue
        work, what = found
        for handler in node.handlers:
            if not _is_broad(handler) or _is_excused(module, work, node, handler):
                continue
            if Handler(module, work.function, handler).swallows():
                yield module.found(
                    handler,
                    f"this except swallows every error of the {what} ({work.method} on line "
                    f"{module.spot(work.node).line}): catch what you expect, or raise again",
                    subject=f"except around {work.method}",
                )


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(each is None or (isinstance(each, ast.Name) and each.id in _BROAD) for each in kinds)


def _work(module: Module, node: ast.Try) -> tuple[Call, str] | None:
    """The first call in a try that works for a model; tries within have handlers of their own.

    Where none is known, it may be the work that the function is called after, if the try is what returns its answer.
    """
    calls = [module.call_of(each) for each in _within(node.body) if isinstance(each, ast.Call)]
    for call in calls:
        if what := work_of(module, call):
            return call, what
    if not calls or not any(isinstance(each, ast.Return) and each.value for each in _within(node.body)):
        return None
    what = work_by_name(calls[0].function.name.lstrip("_"))
    return (calls[0], what) if what else None


def _within(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of statements in the order of the source, without inner functions and inner ``try`` statements."""
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            continue
        if isinstance(node, ast.Try) and any(_is_broad(handler) for handler in node.handlers):
            continue
        yield node
        stack += reversed(list(ast.iter_child_nodes(node)))


class Handler:
    """What the handler of a function does with the error."""

    def __init__(self, module: Module, function: Function, handler: ast.ExceptHandler) -> None:
        self._module = module
        self._function = function
        self._handler = handler
        self._error = handler.name
        self._answers = _is_route(function)

    def swallows(self) -> bool:
        """Whether it goes on as if nothing had happened."""
        for node in _within(self._handler.body):
            if isinstance(node, ast.Raise | ast.Yield):
                return False
            if isinstance(node, ast.Return):
                if not self._is_made_up(node.value) and not self._is_ordinary_answer(node.value):
                    return False
            elif isinstance(node, ast.Call):
                if not self._is_returned(node) and self._acts(node):
                    return False
            elif isinstance(node, ast.Assign | ast.AugAssign) and self._records(node):
                return False
        return True

    def _is_returned(self, node: ast.AST) -> bool:
        """Whether a call is part of an answer, which is looked at as a whole."""
        above: ast.AST | None = node
        while above is not None and above is not self._handler:
            if isinstance(above, ast.Return):
                return True
            above = parent_of(above)
        return False

    def _records(self, node: ast.Assign | ast.AugAssign) -> bool:
        """Whether an assignment keeps the exception, or counts or marks a failure."""
        targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
        told = " ".join(ast.unparse(each) for each in (*targets, node.value))
        return _mentions(node.value, self._error) or _FAILED.search(told) is not None

    def _is_made_up(self, value: ast.expr | None, depth: int = 0) -> bool:
        """None, a number, an empty or fixed thing: nothing that tells the caller of the error."""
        if value is None or isinstance(value, ast.List | ast.Dict | ast.Set):
            return not getattr(value, "elts", None) and not getattr(value, "keys", None)
        if isinstance(value, ast.Tuple):
            return all(self._is_made_up(each, depth) for each in value.elts)
        if isinstance(value, ast.Constant) and value.value is False:
            return False  # says that it failed
        if isinstance(value, ast.Constant) and value.value == 1 and self._has_exit_codes():
            return False
        if isinstance(value, ast.Constant | ast.UnaryOp):
            return not isinstance(constant(value), str) or not constant(value)
        if isinstance(value, ast.Attribute):
            return value.attr in _NUMBERS
        if isinstance(value, ast.Name):
            return depth < 2 and self._holds_made_up(value.id, depth)
        if isinstance(value, ast.Call):
            return self._makes_up(value)
        return False

    def _makes_up(self, node: ast.Call) -> bool:
        name = self._module.call_of(node).name
        if _MADE_UP.fullmatch(name.rpartition(".")[2]):
            return True
        if (
            isinstance(node.func, ast.Attribute)
            and isinstance(inner := _innermost(node), ast.Call)
            and inner is not node
        ):
            return self._makes_up(inner)
        return _EMPTY.fullmatch(name) is not None and not _mentions(node, self._error)

    def _holds_made_up(self, name: str, depth: int) -> bool:
        """Whether a variable was given a made-up value in the handler, or before the try and nothing else but there."""
        values = [
            each.value
            for each in _within(self._handler.body)
            if isinstance(each, ast.Assign) and any(name in target_names(target) for target in each.targets)
        ]
        return bool(values) and all(self._is_made_up(value, depth + 1) for value in values)

    def _has_exit_codes(self) -> bool:
        returns = [node for node in ast.walk(self._function.node) if isinstance(node, ast.Return)]
        return any(isinstance(each.value, ast.Constant) and each.value.value == 0 for each in returns)

    def _is_ordinary_answer(self, value: ast.expr | None) -> bool:
        """Whether a service answers "200 OK" with the error, or returns an exception instead of raising it."""
        if isinstance(value, ast.Call):
            name = self._module.call_of(value).name
            if name.rpartition(".")[2] == "HTTPException":
                return True
            plain = name.endswith(("jsonify", "JSONResponse")) and keyword(value, "status_code") is None
            return self._answers and plain and not (name.endswith("JSONResponse") and len(value.args) > 1)
        if not self._answers:
            return False
        if isinstance(value, ast.Dict):
            keys = {constant(key) for key in value.keys}
            return not keys & {"statusCode", "status_code"}
        return isinstance(value, ast.JoinedStr) or isinstance(constant(value), str)

    def _acts(self, node: ast.Call) -> bool:
        """Whether a call in a handler does more than telling somebody."""
        call = self._module.call_of(node)
        if call.name in _ENDS or call.method in _LEAVES or call.name.startswith(_SHOWN):
            return True
        if call.method in ("append", "add") and _FAILED.search(
            call.name if call.receiver is None else _text(call.receiver)
        ):
            return True
        if _TELLS.fullmatch(call.name):
            return False
        if _MADE_UP.fullmatch(call.method):
            return False
        if work_of(self._module, call):
            return True
        return _mentions(node, self._error) and call.name not in ("str", "repr", "type", "traceback.format_exc")


def _innermost(node: ast.expr) -> ast.expr:
    """The call that a chain of methods begins with."""
    found = node
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Call):
            found = node
            node = node.func
        else:
            node = node.value
    return found


def _is_route(function: Function) -> bool:
    """Whether a function answers requests of a web service."""
    if _HEALTH.search(function.name):
        return False
    decorators = getattr(function.node, "decorator_list", ())
    return any(
        isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in _ROUTES
        for each in decorators
    )


def _is_excused(module: Module, work: Call, node: ast.Try, handler: ast.ExceptHandler) -> bool:
    return (
        _is_probing(work, handler)
        or _falls_back(node, handler)
        or _is_retried(node)
        or _is_asked_for(module, work, node)
    )


def _falls_back(node: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Whether the handler tells the error, and what follows answers in another way than by the model."""
    if handler.name is None or not isinstance(node.body[-1], ast.Return):
        return False
    told = any(isinstance(each, ast.Call) and _mentions(each, handler.name) for each in _within(handler.body))
    leaves = isinstance(handler.body[-1], ast.Return | ast.Continue | ast.Break)
    block = getattr(parent_of(node), "body", [])
    return told and not leaves and (node not in block or node is not block[-1])


def _is_probing(work: Call, handler: ast.ExceptHandler) -> bool:
    """Whether only probabilities are asked for, which not every model has, and nothing is made up in their place."""
    return work.method in _PROBABILITIES and not any(isinstance(node, ast.Return) for node in _within(handler.body))


def _is_retried(node: ast.Try) -> bool:
    """Whether it is tried several times."""
    loop = next((each for each in ancestors(node) if isinstance(each, (*LOOPS, *FUNCTIONS))), None)
    if isinstance(loop, ast.While):
        return _RETRIES.search(ast.unparse(loop.test)) is not None
    return isinstance(loop, ast.For) and _RETRIES.search(ast.unparse(loop.target) + ast.unparse(loop.iter)) is not None


def _is_asked_for(module: Module, work: Call, node: ast.Try) -> bool:
    """Whether what the try makes is asked for None later, where the error is raised after all."""
    names = {ast.unparse(target) for each in node.body if isinstance(each, ast.Assign) for target in each.targets}
    for asked in module.of(ast.If) if names else ():
        if node.lineno < asked.lineno <= (node.body[-1].end_lineno or 0):
            continue  # that error is caught as well
        test = ast.unparse(asked.test)
        known = names if module.function_at(asked.lineno) is work.function else _shared(names, work.function)
        if any(f"{name} is None" in test or f"not {name}" in test for name in known) and any(
            isinstance(each, ast.Raise) for each in asked.body
        ):
            return True
    return False


def _shared(names: set[str], function: Function) -> set[str]:
    """Those of the names that other functions see."""
    if isinstance(function.node, ast.Module):
        return names
    told = {name for each in ast.walk(function.node) if isinstance(each, ast.Global) for name in each.names}
    return {name for name in names if "." in name or name in told}


def _text(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _mentions(node: ast.AST, name: str | None) -> bool:
    return name is not None and any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))
