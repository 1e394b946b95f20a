"""A block of commented-out code is deleted, line by line; the words above it stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.tree import CannotFix, Refused, Tree, each_of

_ENCODING = re.compile(r"#.*?coding[:=]")


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    lines = {tree.range(node).start.line: node for node in tree.all(cst.EmptyLine) if node.comment is not None}

    def mend(finding: Finding) -> None:
        numbers = range(finding.line, finding.end_line + 1)
        comments = [lines[number] for number in numbers if number in lines]
        if len(comments) < len(numbers):
            raise CannotFix("not all of its lines are comments of their own")
        for number, line in zip(numbers, comments, strict=True):
            if number <= 2 and line.comment is not None and _ENCODING.match(line.comment.value):
                raise CannotFix("one of its lines says how the file is encoded")
        for line in comments:
            tree.change(line, lambda _: cst.RemoveFromParent())

    return each_of(findings, mend)
