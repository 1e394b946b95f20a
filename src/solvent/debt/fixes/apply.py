"""Fixes of all findings of a report: computed, checked, and handed back; nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import NamedTuple

import libcst as cst

from solvent.debt.engine.check import Report
from solvent.debt.engine.examine import Examined, Examiner
from solvent.debt.facts.facts import Facts, load_facts
from solvent.debt.findings import Finding, FixKind
from solvent.debt.fixes.in_manifests import fix_manifests
from solvent.debt.fixes.texts import FixTexts
from solvent.debt.fixes.tree import Fix, Tree
from solvent.debt.registry import all_rules
from solvent.debt.rewrite import Rewritten, content_of
from solvent.debt.sources.cells import with_sources
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.notebook import Cell
from solvent.debt.sources.roles import role_of
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.parse import parse

_MAGIC = "pass  # solvent-magic-{}-"


class Fixed(NamedTuple):
    """``refused``: findings that can't be mended, and why. ``unsafe`` are those that only unsafe fixes would mend,
    ``by_hand`` those of rules that no program mends."""

    rewritten: list[Rewritten]
    fixed: list[Finding]
    refused: list[tuple[Finding, str]]
    unsafe: list[Finding]
    by_hand: list[Finding]


def fixer_of(code: str) -> Fix | None:
    """What mends a rule's findings in Python files: ``fix`` in the module of its code, if it is there."""
    found: Fix | None = getattr(_module_of(code), "fix", None)
    return found


def texts_fixer_of(code: str) -> FixTexts | None:
    """What mends a rule's findings in manifests: ``fix_texts`` in the module of its code, if it is there."""
    found: FixTexts | None = getattr(_module_of(code), "fix_texts", None)
    return found


def _module_of(code: str) -> ModuleType | None:
    name = f"solvent.debt.fixes.{code.lower()}"
    return import_module(name) if find_spec(name) is not None else None


def fix(report: Report, *, unsafe: bool) -> Fixed:
    """The files of a report as its fixes leave them. Safe fixes keep what a program was meant to do; unsafe ones
    are good guesses that somebody should read."""
    kinds: set[FixKind | None] = {"safe", "unsafe"} if unsafe else {"safe"}
    has_fixer = {code: _module_of(code) is not None for code in {finding.code for finding in report.findings}}
    fixable = [finding for finding in report.findings if has_fixer[finding.code]]
    by_hand = [finding for finding in report.findings if not has_fixer[finding.code]]
    unsafe_ones = [finding for finding in fixable if finding.fix is not None and finding.fix not in kinds]
    result = Fixed([], [], [], unsafe_ones, by_hand)
    by_path: dict[str, list[Finding]] = {}
    for finding in fixable:
        if finding.fix in kinds and finding.line and fixer_of(finding.code) is not None:
            by_path.setdefault(finding.path, []).append(finding)
    facts = load_facts([report.root / path for path in report.settings.facts])
    for path, findings in by_path.items():
        try:
            _in_file(report, facts, path, findings, result)
        except (Unreadable, UnicodeError, SyntaxError, cst.ParserSyntaxError, RecursionError) as error:
            why = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition("\n")[0]
            result.refused.extend((finding, why) for finding in findings)
    told = {*kinds, None}  # why there is no fix is for the fixer to say
    _in_manifests(report, [finding for finding in fixable if finding.fix in told], result)
    return result


def _in_manifests(report: Report, findings: list[Finding], result: Fixed) -> None:
    work: dict[str, tuple[FixTexts, list[Finding]]] = {}
    for finding in findings:
        fixer = texts_fixer_of(finding.code)
        if fixer is not None:
            work.setdefault(finding.code, (fixer, []))[1].append(finding)
    if work:
        rewritten, refused = fix_manifests(report, work)
        left = {finding.fingerprint for finding, _ in refused}
        result.rewritten.extend(rewritten)
        result.refused.extend(refused)
        result.fixed.extend(each for _, group in work.values() for each in group if each.fingerprint not in left)


def _in_file(report: Report, facts: Facts, path: str, findings: list[Finding], result: Fixed) -> None:
    content = content_of(report, path)
    role = role_of(path, report.settings.profiles)
    module = parse(path, content, role, facts)
    refused: list[tuple[Finding, str]] = []
    if module.notebook is None:
        after = _mended(Tree(content, module, report.root.name), findings, refused).bytes
    else:
        after = with_sources(content, _cells(module, report.root.name, findings, refused))
    left = {finding.fingerprint for finding, _ in refused}
    fixed = [finding for finding in findings if finding.fingerprint not in left]
    if fixed:
        _check(report, facts, path, after, fixed)
    if after != content:
        result.rewritten.append(Rewritten(path, content, after))
    result.fixed.extend(fixed)
    result.refused.extend(refused)


def _mended(tree: Tree, findings: Sequence[Finding], refused: list[tuple[Finding, str]]) -> cst.Module:
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    for code, group in by_code.items():
        fixer = fixer_of(code)
        assert fixer is not None
        refused.extend(fixer(tree, group))
    return tree.changed()


def _cells(
    module: Module, project: str, findings: Sequence[Finding], refused: list[tuple[Finding, str]]
) -> dict[int, str]:
    """The new sources of a notebook's cells, each mended on a tree of its own: magics are no Python."""
    assert module.notebook is not None
    lines = module.source.split("\n")
    sources: dict[int, str] = {}
    for cell in module.notebook.cells:
        here = [finding for finding in findings if finding.cell == cell.number]
        if not here:
            continue
        own = cell.source.split("\n")
        if len(own) - (own[-1] == "") != len(cell.source.splitlines()):
            refused.extend((finding, "the cell has line ends that are not usual") for finding in here)
            continue
        hidden, magics = _without_magics(cell, own, lines)
        text = _mended(Tree("\n".join(hidden), module, project, cell.first), here, refused).code
        for mark, magic in magics.items():
            text = text.replace(mark, magic)
        sources[cell.number] = text
    return sources


def _without_magics(cell: Cell, own: list[str], lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """The cell's lines with a mark for each line that the rules did not see, and what stood there."""
    hidden, magics = [], {}
    for number, line in enumerate(own):
        seen = lines[cell.first - 1 + number] if number < len(cell.source.splitlines()) else line
        if seen == line:
            hidden.append(line)
        else:
            indent = line[: len(line) - len(line.lstrip())] if seen.strip() else ""
            mark = indent + _MAGIC.format(number)
            magics[mark] = line
            hidden.append(mark)
    return hidden, magics


def _check(report: Report, facts: Facts, path: str, after: bytes, fixed: Sequence[Finding]) -> None:
    """Look at the new content with the rules that see one file.

    Raises:
        Unreadable: it is no Python any more, a finding is still there, or there is a new one.
    """
    rules = all_rules()
    codes = [code for code in report.codes if rules[code].check_module is not None]
    examiner = Examiner(report.root, facts, codes)
    role = role_of(path, report.settings.profiles)
    was, now = examiner.examine(path, role), examiner.examine(path, role, after)
    if now.unreadable:
        raise Unreadable(f"the fix would leave it {now.unreadable}")
    before, behind = _counts(was), _counts(now)
    mended = Counter(finding.code for finding in fixed if finding.code in codes)
    for code in codes:
        if behind[code] > before[code] - mended[code]:
            raise Unreadable(f"the fix would leave a finding of {code} or make a new one")


def _counts(examined: Examined) -> Counter[str]:
    return Counter(code for code, _ in examined.found)
