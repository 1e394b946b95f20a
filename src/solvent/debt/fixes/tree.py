"""A file's concrete syntax tree, asked by the places of findings, and changed all at once.

Fixers note what is to be changed at which node; ``changed`` makes all changes of a file in one pass over one tree. So
the places that they look for are always those of the source that was checked, whatever other fixers do to it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from solvent.debt.findings import Finding
from solvent.debt.syntax.module import Module

A = TypeVar("A", bound=ast.AST)
C = TypeVar("C", bound=cst.CSTNode)
Refused = Iterator[tuple[Finding, str]]
LOOPS = (cst.For, cst.While)


class Fix(Protocol):
    """What a fixer is: it notes its changes in the tree and says which findings it can't mend, and why."""

    def __call__(self, tree: Tree, findings: Sequence[Finding]) -> Refused: ...


class CannotFix(Exception):
    """Why one finding can't be mended by a program."""


class Tree:
    """``module`` knows the names of the whole file; in a notebook ``source`` is that of one cell, whose first line
    has the number ``first`` in the module. ``project`` is the name of the project's folder."""

    def __init__(self, source: str | bytes, module: Module, project: str, first: int = 1) -> None:
        wrapper = MetadataWrapper(cst.parse_module(source))
        self.cst = wrapper.module
        self.module = module
        self.project = project
        self._first = first
        self._ranges = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)
        self._at: dict[tuple[int, int], list[cst.CSTNode]] = {}
        for node, place in self._ranges.items():
            self._at.setdefault((place.start.line, place.start.column), []).append(node)
        self._lines = module.source.split("\n")
        self._twins: dict[type, dict[tuple[int, int, int, int], Any]] = {}
        self._changes: dict[cst.CSTNode, list[Callable[[Any], Any]]] = {}
        self._before: dict[cst.CSTNode, list[str]] = {}
        self._after: dict[cst.CSTNode, list[str]] = {}

    def changed(self) -> cst.Module:
        """The tree with all changes that were noted."""
        return self.cst.visit(_Changer(self._changes, self._before, self._after, self.cst.config_for_parsing))

    def nodes(self, finding: Finding, kind: type[C]) -> list[C]:
        """The nodes of a kind that begin where a finding stands, or on its line if it tells no column."""
        if not finding.column:
            return [node for node in self.all(kind) if self.range(node).start.line == finding.line]
        column = self._column(finding.line + self._first - 1, finding.column - 1)
        return [node for node in self._at.get((finding.line, column), ()) if isinstance(node, kind)]

    def all(self, kind: type[C]) -> list[C]:
        """All nodes of a kind, in the order of the source."""
        found = [node for node in self._ranges if isinstance(node, kind)]
        return sorted(found, key=lambda node: (self.range(node).start.line, self.range(node).start.column))

    def twin(self, node: cst.CSTNode, kind: type[A]) -> A | None:
        """The node of the rules' tree, whose names can be resolved, that begins and ends where this one does."""
        if kind not in self._twins:
            self._twins[kind] = {self._place(each): each for each in self.module.of(kind)}
        at = self.range(node)
        place = (at.start.line, at.start.column, at.end.line, at.end.column)
        found: A | None = self._twins[kind].get(place)
        return found

    def _place(self, node: Any) -> tuple[int, int, int, int]:
        """Where a node of the rules' tree stands in this one."""
        start, end, before = node.lineno, node.end_lineno, self._first - 1
        first, last = self._column(start, node.col_offset), self._column(end, node.end_col_offset)
        return start - before, first, end - before, last

    def _column(self, line: int, offset: int) -> int:
        """Columns of the rules' tree count bytes of UTF-8, those of this one characters."""
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="ignore"))

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Its place in the source of the tree."""
        return self._ranges[node]

    def code(self, node: cst.CSTNode) -> str:
        return self.cst.code_for_node(node)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around this one, from the inside."""
        up = self._parents.get(node)
        while up is not None:
            yield up
            up = self._parents.get(up)

    def statement(self, node: cst.CSTNode) -> cst.SimpleStatementLine | cst.BaseCompoundStatement:
        """The innermost statement around a node that other lines may stand before and after.

        Raises:
            CannotFix: it shares its line with what is around it (``if x: y()``), or is a branch of something.
        """
        for each in (node, *self.above(node)):
            if isinstance(each, cst.SimpleStatementSuite):
                break
            if isinstance(each, cst.SimpleStatementLine):
                if len(each.body) > 1:
                    break
                return each
            if isinstance(each, cst.BaseCompoundStatement) and isinstance(
                self._parents.get(each), cst.Module | cst.IndentedBlock
            ):
                return each
        raise CannotFix("it shares its line with other statements")

    def change(self, node: C, how: Callable[[C], cst.CSTNode | cst.RemovalSentinel]) -> None:
        """Replace a node by what a function makes of it; changes inside of it are made before."""
        self._changes.setdefault(node, []).append(how)

    def before(self, statement: cst.CSTNode, code: str) -> None:
        """Put a line before a statement. The same line is put there once."""
        _once(self._before.setdefault(statement, []), code)

    def after(self, statement: cst.CSTNode, code: str) -> None:
        """Put a line after a statement. The same line is put there once."""
        _once(self._after.setdefault(statement, []), code)

    def first_in(self, loop: cst.For | cst.While, code: str) -> None:
        """Put a line at the beginning of a loop's body.

        Raises:
            CannotFix: the body stands on the line of its head.
        """
        if not isinstance(loop.body, cst.IndentedBlock):
            raise CannotFix("it shares its line with other statements")
        self.before(loop.body.body[0], code)


def each_of(findings: Iterable[Finding], mend: Callable[[Finding], None]) -> Refused:
    """Mend findings one by one; those that can't be are told with the reason."""
    for finding in findings:
        try:
            mend(finding)
        except CannotFix as error:
            yield finding, str(error)


def only(nodes: Sequence[C]) -> C:
    """The one node that is meant.

    Raises:
        CannotFix: there is none, or more than one.
    """
    if len(nodes) != 1:
        raise CannotFix("nothing of that kind stands there" if not nodes else "several of that kind begin there")
    return nodes[0]


class _Changer(cst.CSTTransformer):
    def __init__(
        self,
        changes: dict[cst.CSTNode, list[Callable[[Any], Any]]],
        before: dict[cst.CSTNode, list[str]],
        after: dict[cst.CSTNode, list[str]],
        config: cst.PartialParserConfig,
    ) -> None:
        super().__init__()
        self._changes = changes
        self._before = before
        self._after = after
        self._config = config

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        node = super().on_leave(original_node, updated_node)
        for change in self._changes.get(original_node, ()):
            node = change(node)
        before, after = self._before.get(original_node, []), self._after.get(original_node, [])
        if not before and not after:
            return node
        above = [self._parsed(line) for line in before]
        if above:
            above[0], node = _under_blank_lines(above[0], node)
        return cst.FlattenSentinel([*above, node, *(self._parsed(line) for line in after)])

    def _parsed(self, code: str) -> Any:
        return cst.parse_statement(code, self._config)


def _under_blank_lines(new: Any, old: Any) -> tuple[Any, Any]:
    """A comment that stands directly above a statement stays there; what is above that comes before the new line."""
    lines = list(old.leading_lines)
    own = next((n for n in range(len(lines), 0, -1) if lines[n - 1].comment is None), 0)
    return new.with_changes(leading_lines=lines[:own]), old.with_changes(leading_lines=lines[own:])


def _once(lines: list[str], code: str) -> None:
    if code not in lines:
        lines.append(code)
