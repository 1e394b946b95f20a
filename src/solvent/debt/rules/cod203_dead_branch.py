"""A branch that never runs: its condition is a constant, or what stands before it always leaves.

## What it does
Finds `if False`, `if 0`, conditions on flags that are set to True, False, None or a text once and never changed, also
`a if FLAG else b` and `MODE == "old"`, and statements behind a `return`, `raise`, `continue` or `break` in the same
block.

## Why is this bad?
Experiments that were given up stay in the code. Whoever reads it has to find out that they don't run, and one day
somebody switches one on and it no longer fits the rest. (Code debt; "dead experimental codepaths", Sculley et al. 2015.)

## Example
```python
USE_EMBEDDINGS = False

if USE_EMBEDDINGS:
    features = embed(features)
```

## Use instead
```python
features = scale(features)
```

## Limits
Flags that are read in another file, given by the environment or by arguments, or that switch output on (`DEBUG`,
`VERBOSE`, `PLOT`) are none, and flags of a notebook are its parameters. Neither are `TYPE_CHECKING` and the idiom of
a `yield` that makes a generator.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, parent_of

_SWITCHES = re.compile(
    r"(?:^|_)(?:debug\w*|verbos\w*|log(?:s|ging|ger)?|print\w*|plot\w*|show\w*|display\w*|draw\w*|quiet|silent|tests?|testing"
    r"|dry_?run|dryrun|profil\w*|trac(?:e|ing)|type_checking|visual\w*|viz|docs?|docstrings?|render\w*)(?:_|$)"
)
_MOST = 50


class Dead(msgspec.Struct, frozen=True, array_like=True):
    """A dead branch of a file. ``flag`` is the module's flag that it hangs on, empty for all else."""

    spot: Spot
    message: str
    symbol: str
    subject: str
    flag: str = ""


def collect(module: Module) -> Iterator[Dead]:
    """The dead branches of one file."""
    if module.role not in ("source", "notebook"):
        return
    flags = _Flags(module)
    for node in module.of(ast.If):
        yield from _if(module, node, flags)
    for choice in module.of(ast.IfExp):
        truth, flag = _truth(choice.test, module, flags)
        if truth is not None:
            why = f"{flag} is set once and never changes" if flag else f"its condition is always {str(truth).lower()}"
            message = f"the value {'behind else' if truth else 'before if'} is never taken: {why}. Delete it"
            yield _dead(module, choice, message, flag if flags.is_global(flag) else "")
    for loop in module.of(ast.While):
        if _truth(loop.test, module, flags)[0] is False and not _is_idiom(loop.body):
            yield _dead(module, loop, "the loop never runs: its condition is always false. Delete it")
    for kind in (ast.Return, ast.Raise, ast.Continue, ast.Break):
        for leaving in module.of(kind):
            yield from _behind(module, leaving)


@project_rule("COD203", "dead-branch", severity="medium", minutes=30, evidence="F", collect=collect)
def check(project: Project) -> Iterator[Found]:
    for file, item in project.extras("COD203"):
        dead = msgspec.convert(item, Dead)
        if dead.flag and _is_read_elsewhere(project, file.path, file.name, dead.flag):
            continue
        yield Found(dead.spot, dead.message, dead.symbol, dead.subject)


def _is_read_elsewhere(project: Project, path: str, name: str, flag: str) -> bool:
    """Whether another file may read the flag of this one, or set it."""
    last = name.rpartition(".")[2]
    for other in project.files.values():
        if other.path == path:
            continue
        for imported in other.imports:
            taken = imported.rpartition(".")
            if imported == flag or taken[2] == flag or (taken[2] in (last, "*") and flag in other.names):
                return True
            if taken[2] == "*" and taken[0].rpartition(".")[2] == last:
                return True
    return False


def _if(module: Module, node: ast.If, flags: _Flags) -> Iterator[Dead]:
    truth, flag = _truth(node.test, module, flags)
    if truth is None:
        return
    body = node.orelse if truth else node.body
    if not body or _is_idiom(body):
        return
    if truth and len(body) == 1 and isinstance(body[0], ast.If) and _truth(body[0].test, module, flags)[0] is not None:
        return  # told at the elif
    what = "this branch never runs" if not truth else "the else branch never runs"
    why = f"{flag} is set once and never changes" if flag else f"its condition is always {str(truth).lower()}"
    yield _dead(module, node, f"{what}: {why}. Delete it", flag if flags.is_global(flag) else "")


def _dead(module: Module, node: ast.AST, message: str, flag: str = "") -> Dead:
    found = module.found(node, message)
    spot = msgspec.structs.replace(found.spot, end_line=found.spot.line)
    return Dead(spot, message, found.symbol, found.subject, flag)


def _truth(test: ast.expr, module: Module, flags: _Flags) -> tuple[bool | None, str]:
    """What a condition always is (None: it depends), and the flag that makes it so."""
    if isinstance(test, ast.Constant):
        value = test.value
        return (bool(value), "") if isinstance(value, bool | int) or value is None else (None, "")
    if isinstance(test, ast.Name):
        held = flags.value(test)
        return (bool(held.value), test.id) if held is not None and not isinstance(held.value, str) else (None, "")
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and len(test.ops) == 1:
        held = flags.value(test.left)
        return (_compared(held.value, test.ops[0], test.comparators[0]), test.left.id) if held else (None, "")
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        truth, flag = _truth(test.operand, module, flags)
        return (None if truth is None else not truth), flag
    if isinstance(test, ast.BoolOp):
        decides = isinstance(test.op, ast.Or)
        for part in test.values:
            truth, flag = _truth(part, module, flags)
            if truth is decides:
                return decides, flag
    return None, ""


def _compared(value: bool | str | None, operator: ast.cmpop, other: ast.expr) -> bool | None:
    """What a comparison of a flag's value with a literal comes to."""
    if isinstance(other, ast.Tuple | ast.List | ast.Set) and isinstance(operator, ast.In | ast.NotIn):
        if not all(isinstance(each, ast.Constant) for each in other.elts):
            return None
        return (value in [constant(each) for each in other.elts]) is isinstance(operator, ast.In)
    if not isinstance(other, ast.Constant) or not isinstance(operator, ast.Eq | ast.NotEq | ast.Is | ast.IsNot):
        return None
    return (value == other.value) is isinstance(operator, ast.Eq | ast.Is)


def _is_idiom(body: list[ast.stmt]) -> bool:
    """Whether a branch is there for readers of types, or to make a generator, or does nothing."""
    for each in body:
        if isinstance(each, ast.Import | ast.ImportFrom | ast.Pass | ast.AnnAssign):
            continue
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant | ast.Yield | ast.YieldFrom):
            continue
        return False
    return True


def _behind(module: Module, leaving: ast.stmt) -> Iterator[Dead]:
    """What follows a statement that leaves, in the same block."""
    block = _block_of(leaving)
    following = block[next(n for n, each in enumerate(block) if each is leaving) + 1 :] if block else []
    following = [each for each in following if not isinstance(each, ast.FunctionDef | ast.ClassDef)]
    if not following or _is_idiom(following) or all(_only_leaves(each) for each in following):
        return
    how = type(leaving).__name__.lower()
    first = next(each for each in following if not _is_idiom([each]))
    yield _dead(module, first, f"this never runs: line {leaving.lineno} always leaves before it by {how}. Delete it")


def _only_leaves(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue)


def _block_of(node: ast.stmt) -> list[ast.stmt]:
    above = parent_of(node)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(above, name, None)
        if isinstance(block, list) and any(each is node for each in block):
            return block
    return []


class _Held(NamedTuple):
    """The one value of a flag."""

    value: bool | str | None


class _Flags:
    """The variables of a file that are True, False, None or one text for good."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._changed: set[str] | None = None

    def is_global(self, name: str) -> bool:
        return name in self._module.own_code.given

    def value(self, node: ast.Name) -> _Held | None:
        """The one value of a variable; None if it may be another, or is no flag."""
        name = node.id
        if _SWITCHES.search(name.lower()):
            return None
        scope: Function | None = self._module.function_at(node.lineno)
        while scope is not None:
            if name in scope.parameters:
                return None
            if name in scope.given:
                return self._constant(name, scope, node)
            scope = scope.outer
        return None

    def _constant(self, name: str, scope: Function, used: ast.Name) -> _Held | None:
        given = scope.given[name]
        if len(given) != 1 or not isinstance(given[0], ast.Constant):
            return None
        value = given[0].value
        if not isinstance(value, bool | str) and value is not None:
            return None
        statement = parent_of(given[0])
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or parent_of(statement) is not scope.node:
            return None
        if self._module.notebook is not None and scope is self._module.own_code:
            return None
        if name in self._names_changed() or (scope is not self._module.own_code and used.lineno < statement.lineno):
            return None
        return _Held(value)

    def _names_changed(self) -> set[str]:
        """Names that are changed in ways that ``given`` does not hold."""
        if self._changed is None:
            module = self._module
            changed = {node.target.id for node in module.of(ast.AugAssign) if isinstance(node.target, ast.Name)}
            changed |= {name for node in module.of(ast.Global) for name in node.names}
            changed |= {name for node in module.of(ast.Nonlocal) for name in node.names}
            changed |= {name for each in module.functions for name in each.parameters if each is not module.own_code}
            if any(call.name in ("globals", "exec", "locals", "setattr", "vars") for call in module.calls):
                changed |= set(module.own_code.given)
            changed |= set(module.names.imported)
            self._changed = changed
        return self._changed
