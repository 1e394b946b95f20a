"""What a value was made of: backwards through calls, operands, and what was written into a table's columns.

``flow.values`` say what each value was made of when it was made. Tables change afterwards: ``df["x"] = ...`` makes
what is on the right a part of ``df`` for all that comes later. A lineage follows both, in the order of the source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from solvent.debt.syntax.environment import Use, Value
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import parent_of, statement_of

Position = tuple[int, float]
END: Position = (1 << 30, 0)
_COLLECTS = frozenset({"append", "extend", "insert"})
"""Methods of lists: what they are given becomes a part of the list."""


class Ancestor(NamedTuple):
    """A value that another was made of, as it was at ``time``; uses that come later don't concern the other."""

    value: Value
    time: Position


class Lineage:
    """The values of one function by where they came from."""

    def __init__(self, module: Module, function: Function) -> None:
        self.module = module
        self.function = function
        self.values = module.flow(function).values
        self._stored: dict[int, list[Value]] = {}
        self._given: dict[tuple[int, int | str | None], tuple[Value, ...]] = {}
        self._receivers: dict[int, tuple[Value, ...]] = {}
        self._results: dict[int, Value] = {}
        for value in self.values:
            if value.kind == "call":
                self._results[id(value.node)] = value
            for use in value.uses:
                self._note(value, use)

    def _note(self, value: Value, use: Use) -> None:
        if use.kind == "stored" and use.name == "item":
            self._stored.setdefault(id(use.node), []).append(value)
        elif use.kind == "argument":
            self._given[id(use.node), use.position] = use.together
        elif use.kind == "method":
            self._receivers[id(use.node)] = use.together

    def given(self, call: ast.Call, *positions: int | str) -> tuple[Value, ...]:
        """What an argument may be, by the first of these positions and keywords that is given."""
        for position in positions:
            found = self._given.get((id(call), position))
            if found is not None:
                return found
        return ()

    def all_given(self, call: ast.Call) -> tuple[Value, ...]:
        """What the arguments may be, all together."""
        positions: list[int | str | None] = [*range(len(call.args)), *(each.arg or "**" for each in call.keywords)]
        return tuple(value for position in positions for value in self._given.get((id(call), position), ()))

    def receivers(self, call: ast.Call) -> tuple[Value, ...]:
        """What a method may be called on."""
        return self._receivers.get(id(call), ())

    def result(self, call: ast.Call) -> Value | None:
        return self._results.get(id(call))

    def ancestors(self, values: Iterable[Value], time: Position = END) -> Iterator[Ancestor]:
        """The values themselves and all that they were made of, up to (and with) splits of data."""
        seen: dict[int, Position] = {}
        stack = [Ancestor(value, time) for value in values]
        while stack:
            ancestor = stack.pop()
            value, time = ancestor
            if seen.get(id(value), (-1, 0)) >= time:
                continue
            seen[id(value)] = time
            yield ancestor
            if not is_split(self.module, value):
                stack += self.before(value, time)

    def before(self, value: Value, time: Position) -> list[Ancestor]:
        """What a value was made of directly, and what was written into it until then."""
        found = [Ancestor(each, position_of(value.node)) for each in value.sources]
        for use in value.uses:
            if use.kind == "item_set" and position_of(use.node) < time:
                line = getattr(statement_of(use.node), "end_lineno", 0)
                found += [Ancestor(each, (line, 1e9)) for each in self._stored.get(id(use.node), ())]
            elif use.kind == "method" and use.name in _COLLECTS and position_of(use.node) < time:
                assert isinstance(use.node, ast.Call)
                found += [Ancestor(each, position_of(use.node)) for each in self.all_given(use.node)]
        return found

    def is_cut(self, values: Iterable[Value], time: Position = END) -> bool:
        """Whether something of it is a part of a split: not all rows are in it then."""
        return any(is_split(self.module, ancestor.value) for ancestor in self.ancestors(values, time))


def position_of(node: ast.AST) -> Position:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def is_split(module: Module, value: Value) -> bool:
    return value.kind == "call" and "splits" in module.facts.kinds(value.name)


def part_number(value: Value) -> int | None:
    """The place of a part among those that were unpacked together."""
    above = parent_of(value.node)
    if value.kind != "part" or not isinstance(above, ast.Tuple | ast.List):
        return None
    return next((number for number, each in enumerate(above.elts) if each is value.node), None)


def lineage_of(module: Module, function: Function) -> Lineage:
    """The lineage of a function's values; made once, all rules share it."""
    if function.lineage is None:
        function.lineage = Lineage(module, function)
    found: Lineage = function.lineage
    return found
