"""A broad except around training or prediction swallows the error.

## What it does
Finds `try` statements that fit, train or apply a model and whose `except:` or `except Exception:` goes on as if
nothing had happened: it passes, prints, writes a line to a log, returns nothing or a made-up value.

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
Silent where the handler raises, ends the program, keeps the traceback (`logger.exception`), answers with an error
or hands the exception on, and where it tries another way to train or predict.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import FUNCTIONS, constant, keyword, parent_of

_BROAD = frozenset({"Exception", "BaseException"})
_WORK = frozenset({"trains", "predicts"})
_WORKERS = re.compile(r"(train|fit|predict|retrain)(_.*)?|(run|start|do)_(train|predict|inference)(ing|ion)?(_.*)?")
"""Functions that train or predict, by their names."""
_TELLS = re.compile(
    r"print|pprint|.*\b(log|logger|logging|_logger|LOGGER|LOG|warnings)\.\w+|.*\.(debug|info|warn|warning"
    r"|error|critical|echo|secho|write|showwarning|log|success)"
)
"""Calls that only tell somebody."""
_SHOWN = ("streamlit.", "gradio.", "tkinter.", "flask.flash", "django.contrib.messages.")
"""The page shows the error to whom it concerns."""
_FAILED = re.compile(r"(?i)fail|error|skip|miss|bad|problem")
_PROBABILITIES = frozenset({"predict_proba", "decision_function", "predict_log_proba"})
_ENDS = frozenset({"sys.exit", "exit", "quit", "os._exit", "os.abort"})


@module_rule(
    "COD210",
    "swallowed-error",
    severity="high",
    minutes=15,
    evidence="S",
    needs=(b"except",),
)
def check(module: Module) -> Iterator[Found]:
    tries = [node for node in module.of(ast.Try) if any(_is_broad(handler) for handler in node.handlers)]
    if not tries:
        return
    assert module.calls is not None
    for node in tries:
        work = _work(module, node.body)
        if work is None:
            continue
        for handler in node.handlers:
            if _is_broad(handler) and _swallows(module, handler) and not _is_excused(work, node, handler):
                what = "training" if "trains" in work.kinds or "predict" not in work.method else "prediction"
                yield module.found(
                    handler,
                    f"this except swallows every error of the {what} ({work.method} on line "
                    f"{module.spot(work.node).line}): catch what you expect, or raise again",
                    subject=f"except around {work.method}",
                )


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(each is None or (isinstance(each, ast.Name) and each.id in _BROAD) for each in kinds)


def _work(module: Module, body: list[ast.stmt]) -> Call | None:
    """The first call in these statements that trains or applies a model; tries within have handlers of their own."""
    for node in _within(body):
        if isinstance(node, ast.Call):
            call = module.call_of(node)
            if not _WORK.isdisjoint(call.kinds) or _WORKERS.fullmatch(call.method):
                return call
    return None


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


def _swallows(module: Module, handler: ast.ExceptHandler) -> bool:
    for node in _within(handler.body):
        if isinstance(node, ast.Raise | ast.Yield):
            return False
        if isinstance(node, ast.Return) and not _is_made_up(node.value):
            return False
        if isinstance(node, ast.Call) and _acts(module, handler, node):
            return False
        if isinstance(node, ast.Assign | ast.AugAssign) and _records(node, handler.name):
            return False
    return True


def _records(node: ast.Assign | ast.AugAssign, error: str | None) -> bool:
    """Whether an assignment keeps the exception, or counts or marks a failure."""
    targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
    told = " ".join(ast.unparse(each) for each in (*targets, node.value))
    return _mentions(node.value, error) or _FAILED.search(told) is not None


def _falls_back(node: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Whether the handler tells the error, and what follows answers in another way than by the model."""
    if handler.name is None or not isinstance(node.body[-1], ast.Return):
        return False
    told = any(isinstance(each, ast.Call) and _mentions(each, handler.name) for each in _within(handler.body))
    leaves = isinstance(handler.body[-1], ast.Return | ast.Continue | ast.Break)
    block = getattr(parent_of(node), "body", [])
    return told and not leaves and (node not in block or node is not block[-1])


def _is_excused(work: Call, node: ast.Try, handler: ast.ExceptHandler) -> bool:
    return _is_probing(work, handler) or _falls_back(node, handler)


def _is_probing(work: Call, handler: ast.ExceptHandler) -> bool:
    """Whether only probabilities are asked for, which not every model has, and nothing is made up in their place."""
    return work.method in _PROBABILITIES and not any(isinstance(node, ast.Return) for node in _within(handler.body))


def _is_made_up(value: ast.expr | None) -> bool:
    """None, a number, an empty or fixed thing: nothing that tells the caller of the error."""
    if value is None or isinstance(value, ast.List | ast.Dict | ast.Set):
        return not getattr(value, "elts", None) and not getattr(value, "keys", None)
    if isinstance(value, ast.Tuple):
        return all(_is_made_up(each) for each in value.elts)
    if isinstance(value, ast.Constant) and value.value is False:
        return False  # says that it failed
    if isinstance(value, ast.Constant | ast.UnaryOp):
        return not isinstance(constant(value), str) or not constant(value)
    return False


def _acts(module: Module, handler: ast.ExceptHandler, node: ast.Call) -> bool:
    """Whether a call in a handler does more than telling somebody."""
    call = module.call_of(node)
    if call.name in _ENDS or call.method in ("exception", "abort", "format_exc", "print_exc", "skipTest", "fail"):
        return True
    if keyword(node, "exc_info") is not None or call.name.startswith(_SHOWN):
        return True
    if call.method in ("append", "add") and _FAILED.search(
        call.name if call.receiver is None else _text(call.receiver)
    ):
        return True
    if not _WORK.isdisjoint(call.kinds) or _WORKERS.fullmatch(call.method):
        return True
    if _TELLS.fullmatch(call.name):
        return False
    return _mentions(node, handler.name) and call.name not in ("str", "repr", "type")


def _text(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _mentions(node: ast.AST, name: str | None) -> bool:
    return name is not None and any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))
