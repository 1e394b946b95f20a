"""A block of code is commented out.

## What it does
Finds comments of at least five lines of code that would parse. Single lines are asked of ruff (ERA001) and joined to
blocks; this rule runs only where ruff is installed (`pip install 'solvent[debt]'`).

## Why is this bad?
Nobody knows whether the block is an experiment that failed, a feature that waits, or a mistake; it is not tested, not
refactored, and read by everybody who passes. The repository keeps old code anyway. (Dead experimental code paths,
Sculley et al. 2015.)

## Example
```python
# encoder = TargetEncoder()
# X = encoder.fit_transform(X, y)
# X = X.drop(columns=["city"])
# print(X.shape)
# X.to_csv("encoded.csv")
model.fit(X, y)
```

## Use instead
```python
model.fit(X, y)
```

## Limits
Licences, prose, examples that a comment announces as such, and inline metadata of scripts are left alone, and so is
what ruff is told to accept (`# noqa: ERA001`).

## Fix
`--unsafe-fixes` deletes the lines of the block and nothing else: a sentence above that introduces it stays. It is
unsafe, as ERA001's own fix is in ruff: the block may be the only place where a setting or an experiment is written
down, and what was never committed is gone.
"""

from __future__ import annotations

import ast
import keyword
import re
import textwrap
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from solvent.debt.delegated.reported import DelegatedFile, Reported
from solvent.debt.findings import Found
from solvent.debt.rule import delegated_rule

LEAST = 5
_MOST = 400
"""Longer comments are looked at in parts of so many lines."""
_COMMENT = re.compile(r"^\s*#(?!!)(.*)$")
_SILENT = re.compile(r"copyright|licen[sc]e|SPDX|///|>>> |# %%|-\*-", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"\b(examples?|usage|e\.g|for instance|equivalent|pseudo-?code|snippets?|looks? like|as follows|same as|we (do not|don't)|instead of|exposition|disabled|should hold)\b",
    re.IGNORECASE,
)
_PROSE = re.compile(r"^\s*([A-Za-z][\w'-]*),?(\s+[A-Za-z0-9(][\w'./()-]*[,;]?)+[.:!?]?\s*$")
_HEADS = re.compile(r"^(else|elif\b.*|except\b.*|finally)\s*:", re.DOTALL)


class _Block(NamedTuple):
    """``first`` and ``last`` are lines from 0; ``tree`` is what the comment says."""

    first: int
    last: int
    tree: ast.Module


@delegated_rule(
    "COD206",
    "commented-out-code",
    severity="low",
    minutes=2,
    evidence="S",
    fix="unsafe",
    preview=False,
    delegates=("ERA001",),
)
def check(file: DelegatedFile) -> Iterator[Found]:
    by_cell: dict[int | None, dict[int, Reported]] = {}
    for report in file.reports:
        by_cell.setdefault(report.cell, {})[report.line - 1] = report
    for cell, reports in by_cell.items():
        lines = file.lines(cell)
        for first, last in _comments(lines, reports):
            for block in _blocks(lines, first, last, reports):
                told = next(reports[line] for line in range(block.first, block.last + 1) if line in reports)
                begin = told._replace(line=block.first + 1, column=lines[block.first].index("#") + 1)
                count = block.last - block.first + 1
                message = f"{count} lines of code are commented out: delete them, the repository keeps old code"
                yield file.found(begin, message, subject=ast.unparse(block.tree)[:500], end_line=block.last + 1)


def _comments(lines: list[str], reports: dict[int, Reported]) -> Iterator[tuple[int, int]]:
    """Runs of lines that are comments, nothing else, at least one of them code."""
    done = -1
    for line in sorted(reports):
        if line <= done or line >= len(lines) or _COMMENT.match(lines[line]) is None:
            continue
        first = last = line
        while first > done + 1 and _COMMENT.match(lines[first - 1]):
            first -= 1
        while last + 1 < len(lines) and last - first + 1 < _MOST and _COMMENT.match(lines[last + 1]):
            last += 1
        done = last
        if last - first + 1 >= LEAST:
            yield first, last


def _blocks(lines: list[str], first: int, last: int, reports: dict[int, Reported]) -> Iterator[_Block]:
    """The parts of a comment that are code, parted by prose."""
    if any(_SILENT.search(lines[line]) for line in range(first, last + 1)):
        return
    texts = [_uncommented(lines[line]) for line in range(first, last + 1)]
    start = 0
    announced = False
    for place in range(len(texts) + 1):
        if place < len(texts) and (first + place in reports or not _is_prose(texts[place])):
            continue
        block = None if announced else _block(texts[start:place], first + start)
        if block is not None:
            yield block
        if place < len(texts):
            announced = _ANNOUNCED.search(texts[place]) is not None
        start = place + 1


def _is_prose(text: str) -> bool:
    """Whether a line is words and nothing else, and the first is none of Python's; or a suppression of ours."""
    if text.lstrip().startswith("solvent:"):
        return True
    found = _PROSE.match(text)
    return found is not None and not keyword.iskeyword(found[1])


def _uncommented(line: str) -> str:
    found = _COMMENT.match(line)
    assert found is not None
    return found[1].rstrip()


def _block(texts: list[str], first: int) -> _Block | None:
    """The code in these lines of a comment, if they are enough lines and all of them are code."""
    while texts and not texts[0].strip(" #-=*"):
        texts, first = texts[1:], first + 1
    while texts and not texts[-1].strip(" #-=*"):
        texts = texts[:-1]
    if sum(1 for text in texts if text.strip()) < LEAST:
        return None
    tree = _parsed("\n".join(texts))
    if tree is None or not _is_code(tree):
        return None
    return _Block(first, first + len(texts) - 1, tree)


def _parsed(text: str) -> ast.Module | None:
    code = textwrap.dedent(text)
    if head := _HEADS.match(code):
        code = ("try:\n    pass\n" if head[1].startswith(("except", "finally")) else "if x:\n    pass\n") + code
    for attempt in (code, f"def f():\n{textwrap.indent(code, ' ')}"):  # what stands in a function may return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(attempt)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _is_code(tree: ast.Module) -> bool:
    """Whether it does anything: names and texts alone parse too."""
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    idle = sum(1 for node in statements if _is_idle(node))
    return len(statements) > 2 * idle


def _is_idle(node: ast.stmt) -> bool:
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call | ast.Await | ast.Yield)
