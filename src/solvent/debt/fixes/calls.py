"""What several fixers do with calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from solvent.debt.fixes.tree import Tree
from solvent.debt.syntax.functions import Call


def with_keyword(call: cst.Call, name: str, value: str) -> cst.Call:
    """The call with one keyword argument more, laid out as its other arguments are; or with another value for it."""
    for number, given in enumerate(call.args):
        if given.keyword is not None and given.keyword.value == name:
            anew = given.with_changes(value=cst.parse_expression(value))
            return call.with_changes(args=[*call.args[:number], anew, *call.args[number + 1 :]])
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    new = cst.Arg(cst.parse_expression(value), cst.Name(name), equal=equal)
    if not call.args:
        return call.with_changes(args=[new])
    *others, last = call.args
    between = _like(others[-1].comma) if others else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if isinstance(last.comma, cst.Comma):  # it ends in a comma, and so it does afterwards
        if not others and isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace):
            between = cst.Comma(whitespace_after=_bare(call.whitespace_before_args))
        return call.with_changes(args=[*others, last.with_changes(comma=between), new.with_changes(comma=last.comma)])
    separated = last.with_changes(comma=between, whitespace_after_arg=cst.SimpleWhitespace(""))
    return call.with_changes(
        args=[*others, separated, new.with_changes(whitespace_after_arg=last.whitespace_after_arg)]
    )


def _like(comma: cst.Comma | cst.MaybeSentinel) -> cst.Comma:
    """A comma with the blanks of another, without its comments."""
    after = comma.whitespace_after if isinstance(comma, cst.Comma) else cst.SimpleWhitespace(" ")
    return cst.Comma(whitespace_after=_bare(after) if isinstance(after, cst.ParenthesizedWhitespace) else after)


def _bare(blanks: cst.ParenthesizedWhitespace) -> cst.ParenthesizedWhitespace:
    return blanks.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])


def calls_of(tree: Tree) -> Iterator[tuple[cst.Call, Call]]:
    """The calls of the tree with what the rules know of them."""
    for node in tree.all(cst.Call):
        parsed = tree.twin(node, ast.Call)
        if parsed is not None:
            yield node, tree.module.call_of(parsed)
