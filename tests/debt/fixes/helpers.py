"""Fixes of sources, with findings that a rule makes or that are made by hand."""

from __future__ import annotations

import ast
from pathlib import Path

import libcst as cst

from solvent.debt.engine.check import Options, Report, check
from solvent.debt.findings import Finding
from solvent.debt.fixes.apply import Fixed, fix, fixer_of
from solvent.debt.fixes.tree import Tree
from solvent.debt.rewrite import write
from tests.debt.helpers import module_of
from tests.debt.repositories import put


def look(root: Path, *select: str) -> Report:
    return check(Options(paths=[root], root=root, select=select, cache=False, jobs=1))


def fix_all(root: Path, *select: str, unsafe: bool = True) -> Fixed:
    """Fix what the rules find in a folder. Those findings are gone afterwards, there are no others, and a second run
    changes nothing."""
    report = look(root, *select)
    fixed = fix(report, unsafe=unsafe)
    write(root, fixed.rewritten)
    left = sorted(finding.fingerprint for finding, _ in fixed.refused) + [each.fingerprint for each in fixed.unsafe]
    again = look(root, *select)
    assert len(again.findings) == len(left)
    assert fix(again, unsafe=unsafe).rewritten == []
    return fixed


def fix_source(root: Path, source: str, code: str, name: str = "a.py") -> str:
    """What a rule's fixes make of one file, all of whose findings can be mended."""
    put(root, {name: source})
    assert fix_all(root, code).refused == []
    return (root / name).read_text()


def by_hand(source: str, code: str, needle: str, message: str = "", times: int = 1) -> tuple[str, list[str]]:
    """What a fixer makes of a source with a finding where a text begins, and why it refuses.

    For rules whose own findings other tests see.
    """
    module = module_of(source)
    tree = Tree(source, module, "churn")
    line = source[: source.index(needle)].count("\n") + 1
    column = source.index(needle) - source.rfind("\n", 0, source.index(needle))
    offset = len(source.split("\n")[line - 1][: column - 1].encode()) + 1
    symbol = module.function_at(line).qualname
    found = Finding(code, "a-rule", message, "train.py", line, offset, "high", 5, "f", "unsafe", symbol=symbol)
    fixer = fixer_of(code)
    assert fixer is not None
    refused = [why for _, why in fixer(tree, [found] * times)]
    changed: cst.Module = tree.changed()
    ast.parse(changed.code)
    return changed.code, refused


def mended(source: str, code: str, needle: str, message: str = "") -> str:
    changed, refused = by_hand(source, code, needle, message)
    assert refused == []
    return changed


def refusal(source: str, code: str, needle: str, message: str = "") -> str:
    """Why a fixer leaves a finding alone; the source stays as it is."""
    changed, (why,) = by_hand(source, code, needle, message)
    assert changed == source
    return why
