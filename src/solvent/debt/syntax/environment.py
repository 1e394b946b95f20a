"""What variables may hold: values and their uses, and what becomes of them where branches part and meet."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from solvent.debt.syntax.functions import Call

MOST = 8
"""So many values are kept for one variable."""

ValueKind = Literal["call", "none", "parameter", "attribute", "part", "derived", "container", "other"]
UseKind = Literal["method", "argument", "returned", "stored", "item", "item_set", "captured", "tested"]


@dataclass(eq=False, slots=True)
class Value:
    """``name``: the called name, the parameter, ``self.attribute``; a ``part`` of an unpacked call has the call's.

    ``sources`` are the values that it was made of: receiver and arguments of a call, operands, the container.
    """

    kind: ValueKind
    name: str
    node: ast.AST
    sources: tuple[Value, ...] = ()
    uses: list[Use] = field(default_factory=list)

    def comes_from(self, other: Value) -> bool:
        """Whether it is another value or was made of it, over however many steps."""
        seen: set[int] = set()
        stack = [self]
        while stack:
            value = stack.pop()
            if value is other:
                return True
            if id(value) not in seen:
                seen.add(id(value))
                stack += value.sources
        return False


class Use(NamedTuple):
    """One use of a value.

    ``name``: the method; the called name of which it is an argument; what it is stored in. ``position`` is the
    argument's number or keyword. ``together`` are all values that the same expression may be there, this one
    included: a use of a None beside a loaded model is a use of the model's variable.
    """

    kind: UseKind
    name: str
    node: ast.AST
    call: Call | None = None
    position: int | str | None = None
    together: tuple[Value, ...] = ()


Values = tuple[Value, ...]
Env = dict[str, Values]


def self_attribute(node: ast.Attribute) -> str:
    """``self.model`` as one name; empty for all other attributes."""
    return f"self.{node.attr}" if isinstance(node.value, ast.Name) and node.value.id == "self" else ""


def meet(env: Env, ways: list[tuple[Env, bool]]) -> bool:
    """Make ``env`` what holds where the ways that can be gone to their end meet; False if there are none."""
    ends = [way for way, falls in ways if falls]
    if not ends:
        return False
    found: Env = {}
    for way in ends:
        for name, values in way.items():
            known = found.get(name)
            found[name] = values if known is None else known if known is values else joined(known, values)
    env.clear()
    env.update(found)
    return True


def joined(first: Values, second: Values) -> Values:
    return (*first, *(value for value in second if value not in first))[:MOST]


def narrow(env: Env, test: ast.expr, *, truth: bool) -> None:
    """Take None out of the variables that a test, being true or false, says are not None."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        narrow(env, test.operand, truth=not truth)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) == truth:
            for part in test.values:
                narrow(env, part, truth=truth)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        none = isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value is None
        unlike = isinstance(test.ops[0], ast.IsNot | ast.NotEq)
        if none and unlike == truth:
            _not_none(env, test.left)
    elif isinstance(test, ast.Call):
        if truth and isinstance(test.func, ast.Name) and test.func.id == "isinstance" and test.args:
            _not_none(env, test.args[0])
    elif truth:
        _not_none(env, test)


def _not_none(env: Env, node: ast.expr) -> None:
    if isinstance(node, ast.NamedExpr):
        node = node.target
    name = node.id if isinstance(node, ast.Name) else self_attribute(node) if isinstance(node, ast.Attribute) else ""
    if name in env:
        env[name] = tuple(value for value in env[name] if value.kind != "none")
