"""What a function holds and what it does with it: an abstract walk over its statements in order.

A value is what a call returned, a parameter, a ``None``, an attribute of ``self``. Variables hold sets of values:
where branches meet, the sets are joined; a test for None takes None out of the branch where it can't be. So
``flow.values`` tells, for each value, every use that may be made of it, under whatever name.

Loops are walked once. What is captured by a nested function counts as a use. Calls of the project's own functions
are not entered here: summaries of both sides meet in ``project``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from solvent.debt.facts.facts import Facts
from solvent.debt.syntax.environment import (
    MOST,
    Env,
    Use,
    UseKind,
    Value,
    ValueKind,
    Values,
    joined,
    meet,
    narrow,
    self_attribute,
)
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.nodes import constant

_ENDS = frozenset({"sys.exit", "exit", "quit", "os._exit", "os.abort"})
_RETURNS_ITSELF = frozenset({"fit", "to", "cuda", "cpu", "eval", "train", "double", "float", "half", "compile"})


@dataclass(slots=True)
class Flow:
    """``returns`` has the possible values of each ``return``, in order; ``falls_through``: its end can be reached."""

    values: list[Value]
    returns: list[tuple[ast.Return, tuple[Value, ...]]]
    falls_through: bool


class Resolved(Protocol):
    """What is asked of the module that the function stands in."""

    facts: Facts

    @property
    def calls(self) -> list[Call]: ...

    def call_of(self, node: ast.Call) -> Call: ...

    def reads_in(self, node: ast.AST, name: str) -> list[ast.Name]: ...


def flow_of(module: Resolved, function: Function) -> Flow:
    """Walk one function, or the module's own code; once, then it is remembered."""
    if function.flow is None:
        function.flow = _walked(module, function)
    flow: Flow = function.flow
    return flow


def _walked(module: Resolved, function: Function) -> Flow:
    walk = _Walk(module, function)
    env: Env = {}
    for name in function.parameters:
        if name not in ("self", "cls"):
            env[name] = (walk.new("parameter", name, function.node),)
    body = function.body
    if isinstance(function.node, ast.Lambda):
        walk.evaluate(function.node.body, env)
        return Flow(walk.values, walk.returns, False)
    try:
        falls = walk.run(body, env)
    except RecursionError:  # a program wrote it
        falls = True
    return Flow(walk.values, walk.returns, falls)


class _Walk:
    def __init__(self, module: Resolved, function: Function) -> None:
        self.module = module
        self.function = function
        self.values: list[Value] = []
        self.returns: list[tuple[ast.Return, Values]] = []
        self._globals: set[str] = set()
        self._left: list[list[Env]] = []
        assert module.calls is not None

    def new(self, kind: ValueKind, name: str, node: ast.AST, sources: Iterable[Value] = ()) -> Value:
        value = Value(kind, name, node, tuple(sources)[:MOST])
        self.values.append(value)
        return value

    # --- statements: each tells whether what follows it can be reached ---

    def run(self, body: Sequence[ast.stmt], env: Env) -> bool:
        return all(self._statement(statement, env) for statement in body)

    def _statement(self, node: ast.stmt, env: Env) -> bool:
        if isinstance(node, ast.Expr):
            self.evaluate(node.value, env)
            return not (isinstance(node.value, ast.Call) and self.module.call_of(node.value).name in _ENDS)
        if isinstance(node, ast.Assign):
            values = self._assigned(node.value, node.targets, env)
            for target in node.targets:
                self._bind(target, values, env, node.value)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._bind(node.target, self.evaluate(node.value, env), env, node.value)
        elif isinstance(node, ast.AugAssign):
            more = self.evaluate(node.value, env)
            known = self.evaluate(node.target, env)
            self._bind(node.target, (self.new("derived", "", node, (*known, *more)),), env, node.value)
        elif isinstance(node, ast.Return):
            self._return(node, env)
            return False
        elif isinstance(node, ast.Raise):
            if node.exc is not None:
                self.evaluate(node.exc, env)
            return False
        elif isinstance(node, ast.Break | ast.Continue):
            if self._left:
                self._left[-1].append(dict(env))
            return False
        elif isinstance(node, ast.If):
            return self._if(node, env)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
            return self._loop(node, env)
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            return self._try(node, env)  # type: ignore[arg-type]
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                values = self.evaluate(item.context_expr, env)
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, values, env, item.context_expr)
            return self.run(node.body, env)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._capture(node, env)
        elif isinstance(node, ast.Assert):
            self.evaluate(node.test, env)
            narrow(env, node.test, truth=True)
        elif isinstance(node, ast.Match):
            return self._match(node, env)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            self._globals.update(node.names)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    env.pop(target.id, None)
        return True

    def _return(self, node: ast.Return, env: Env) -> None:
        if node.value is None:
            self.returns.append((node, (self.new("none", "", node),)))
            return
        parts = node.value.elts if isinstance(node.value, ast.Tuple | ast.List) else [node.value]
        values: Values = ()
        for number, part in enumerate(parts):
            found = self.evaluate(part, env)
            self._used(found, "returned", "", node, position=number if len(parts) > 1 else None)
            values += found
        self.returns.append((node, values))

    def _if(self, node: ast.If, env: Env) -> bool:
        self.evaluate(node.test, env)
        other = dict(env)
        narrow(env, node.test, truth=True)
        narrow(other, node.test, truth=False)
        falls = self.run(node.body, env)
        other_falls = self.run(node.orelse, other)
        return meet(env, [(env, falls), (other, other_falls)])

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, env: Env) -> bool:
        before = dict(env)
        endless = isinstance(node, ast.While) and bool(constant(node.test))
        if isinstance(node, ast.While):
            self.evaluate(node.test, env)
            narrow(env, node.test, truth=True)
        else:
            values = self.evaluate(node.iter, env)
            self._bind(node.target, (self.new("derived", "", node.iter, values),), env, None)
        self._left.append([])
        falls = self.run(node.body, env)
        left = self._left.pop()
        ways = [(env, falls), *((each, True) for each in left)]
        if not endless:
            ways.append((before, True))
        reached = meet(env, ways)
        return self.run(node.orelse, env) and reached

    def _try(self, node: ast.Try, env: Env) -> bool:
        before = dict(env)
        falls = self.run(node.body, env)
        if falls:
            falls = self.run(node.orelse, env)
        ways = [(env, falls)]
        begun = dict(before)
        meet(begun, [(begun, True), (dict(env), True)])
        for handler in node.handlers:
            caught = dict(begun)
            ways.append((caught, self.run(handler.body, caught)))
        reached = meet(env, ways)
        return self.run(node.finalbody, env) and reached

    def _match(self, node: ast.Match, env: Env) -> bool:
        subject = self.evaluate(node.subject, env)
        ways = [(dict(env), True)]
        for case in node.cases:
            inner = dict(env)
            for each in ast.walk(case.pattern):
                if isinstance(each, ast.MatchAs | ast.MatchStar) and each.name:
                    inner[each.name] = (self.new("derived", "", each, subject),)
            ways.append((inner, self.run(case.body, inner)))
        return meet(env, ways)

    def _capture(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, env: Env) -> None:
        for decorator in node.decorator_list:
            self.evaluate(decorator, env)
        for name, values in env.items():
            for each in self.module.reads_in(node, name):
                self._used(values, "captured", node.name, each)

    # --- binding ---

    def _assigned(self, value: ast.expr, targets: list[ast.expr], env: Env) -> Values:
        """The values of a right side; of ``a, b = x, y`` nothing is made here, ``_bind`` pairs them."""
        if isinstance(value, ast.Tuple) and all(_pairs(target, value) for target in targets):
            return ()
        return self.evaluate(value, env)

    def _bind(self, target: ast.expr, values: Values, env: Env, source: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            if target.id in self._globals:
                self._used(values, "stored", target.id, target)
            env[target.id] = values[:MOST]
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target, values, env, source)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, values, env, None)
        elif isinstance(target, ast.Attribute):
            name = self_attribute(target)
            self._used(values, "stored", name or target.attr, target)
            if name:
                env[name] = values[:MOST]
            else:
                self.evaluate(target.value, env)
        elif isinstance(target, ast.Subscript):
            holders = self.evaluate(target.value, env)
            self._used(holders, "item_set", "", target)
            self.evaluate(target.slice, env)
            self._used(values, "stored", "item", target)

    def _unpack(self, target: ast.Tuple | ast.List, values: Values, env: Env, source: ast.expr | None) -> None:
        if isinstance(source, ast.Tuple) and _pairs(target, source):
            found = [self.evaluate(each, env) for each in source.elts]
            for each, part in zip(target.elts, found, strict=True):
                self._bind(each, part, env, None)
            return
        name = values[0].name if len(values) == 1 else ""
        for each in target.elts:
            self._bind(each, (self.new("part", name, each, values),), env, None)

    # --- expressions ---

    def evaluate(self, node: ast.expr, env: Env) -> Values:
        """What an expression may be; all calls in it are noted."""
        if isinstance(node, ast.Name):
            return env.get(node.id, ())
        if isinstance(node, ast.Constant):
            return (self.new("none", "", node),) if node.value is None else ()
        if isinstance(node, ast.Call):
            return self._call(node, env)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, env)
        if isinstance(node, ast.Subscript):
            values = self.evaluate(node.value, env)
            inner = self.evaluate(node.slice, env)
            self._used(values, "item", "", node)
            return (self.new("derived", "", node, (*values, *inner)),) if values or inner else ()
        if isinstance(node, ast.BoolOp):
            return self._bool(node, env)
        if isinstance(node, ast.IfExp):
            self.evaluate(node.test, env)
            yes, no = dict(env), dict(env)
            narrow(yes, node.test, truth=True)
            narrow(no, node.test, truth=False)
            return joined(self.evaluate(node.body, yes), self.evaluate(node.orelse, no))
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            return self._container(node, env)
        if isinstance(node, ast.NamedExpr):
            values = self.evaluate(node.value, env)
            self._bind(node.target, values, env, None)
            return values
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            return self._comprehension(node, env)
        if isinstance(node, ast.Await | ast.Starred):
            return self.evaluate(node.value, env)
        if isinstance(node, ast.Yield | ast.YieldFrom):
            values = self.evaluate(node.value, env) if node.value is not None else ()
            self._used(values, "returned", "", node)
            return ()
        if isinstance(node, ast.Lambda):
            for each in ast.walk(node.body):
                if isinstance(each, ast.Name) and each.id in env:
                    self._used(env[each.id], "captured", "<lambda>", each)
            return ()
        return self._operands(node, env)

    def _operands(self, node: ast.expr, env: Env) -> Values:
        sources: Values = ()
        for below in ast.iter_child_nodes(node):
            if isinstance(below, ast.expr):
                sources += self.evaluate(below, env)
        if isinstance(node, ast.Compare):
            self._used(sources, "tested", "", node)
            return ()
        sources = tuple(each for each in sources if each.kind != "none")
        return (self.new("derived", "", node, sources),) if sources else ()

    def _call(self, node: ast.Call, env: Env) -> Values:
        call = self.module.call_of(node)
        receivers: Values = ()
        if isinstance(node.func, ast.Attribute):
            receivers = self.evaluate(node.func.value, env)
            self._used(receivers, "method", node.func.attr, node, call)
        elif not isinstance(node.func, ast.Name):
            receivers = self.evaluate(node.func, env)
        elif node.func.id in env:
            receivers = env[node.func.id]
            self._used(receivers, "method", "__call__", node, call)
        sources = receivers
        for position, given in enumerate(node.args):
            values = self.evaluate(given, env)
            self._used(values, "argument", call.name, node, call, position)
            sources += values
        for each in node.keywords:
            values = self.evaluate(each.value, env)
            self._used(values, "argument", call.name, node, call, each.arg or "**")
            sources += values
        itself = isinstance(node.func, ast.Attribute) and receivers and self._returns_itself(call)
        return receivers if itself else (self.new("call", call.name, node, sources),)

    def _returns_itself(self, call: Call) -> bool:
        return call.method in _RETURNS_ITSELF or self.module.facts.result_type(call.name) == "self"

    def _attribute(self, node: ast.Attribute, env: Env) -> Values:
        name = self_attribute(node)
        if name:
            known = env.get(name)
            if known is None:
                known = env[name] = (self.new("attribute", name, node),)
            return known
        values = self.evaluate(node.value, env)
        return (self.new("derived", node.attr, node, values),) if values else ()

    def _bool(self, node: ast.BoolOp, env: Env) -> Values:
        inner = dict(env)
        found: Values = ()
        truth = isinstance(node.op, ast.And)
        for number, part in enumerate(node.values):
            values = self.evaluate(part, inner)
            narrow(inner, part, truth=truth)
            if not truth and number < len(node.values) - 1:  # what is None goes on to the next
                values = tuple(value for value in values if value.kind != "none")
            found = joined(found, values)
        return found

    def _container(self, node: ast.Tuple | ast.List | ast.Set | ast.Dict, env: Env) -> Values:
        elements = [*(key for key in node.keys if key), *node.values] if isinstance(node, ast.Dict) else node.elts
        sources: Values = ()
        for each in elements:
            values = self.evaluate(each, env)
            self._used(values, "stored", "container", node)
            sources += values
        sources = tuple(each for each in sources if each.kind != "none")
        return (self.new("container", "", node, sources),)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, env: Env) -> Values:
        inner = dict(env)
        sources: Values = ()
        for generator in node.generators:
            values = self.evaluate(generator.iter, inner)
            sources += values
            self._bind(generator.target, (self.new("derived", "", generator.iter, values),), inner, None)
            for test in generator.ifs:
                self.evaluate(test, inner)
                narrow(inner, test, truth=True)
        elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for each in elements:
            values = self.evaluate(each, inner)
            self._used(values, "stored", "container", node)
            sources += values
        return (self.new("container", "", node, sources),)

    def _used(
        self,
        values: Values,
        kind: UseKind,
        name: str,
        node: ast.AST,
        call: Call | None = None,
        position: int | str | None = None,
    ) -> None:
        for value in values:
            value.uses.append(Use(kind, name, node, call, position, values))


def _pairs(target: ast.expr, value: ast.expr) -> bool:
    """Whether ``a, b = x, y`` pairs one by one."""
    return (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(value, ast.Tuple)
        and len(target.elts) == len(value.elts)
        and not any(isinstance(each, ast.Starred) for each in (*target.elts, *value.elts))
    )
