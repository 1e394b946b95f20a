"""Fixes of manifests: of each rule together, and looked at again by all rules about the environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from solvent.debt.fixes.texts import FixTexts, Texts
from solvent.debt.project.project import Project
from solvent.debt.registry import all_rules
from solvent.debt.rewrite import Rewritten


def fix_manifests(
    report: Report, work: Mapping[str, tuple[FixTexts, Sequence[Finding]]]
) -> tuple[list[Rewritten], list[tuple[Finding, str]]]:
    """The manifests as the fixers leave them, and the findings that stay, with why. ``work`` is by the rules' codes."""
    texts = Texts(report)
    refused: list[tuple[Finding, str]] = []
    for code in sorted(work, reverse=True):  # ENV702 declares what ENV701 pins
        fixer, findings = work[code]
        changed, before = dict(texts.changed), _counts(texts.now)
        left = list(fixer(texts, findings))
        if len(left) < len(findings) and (worse := _worse(before, _counts(texts.now), code, len(findings) - len(left))):
            texts.changed = changed
            left = [(finding, f"the fix would leave a finding of {worse} or make a new one") for finding in findings]
        refused += left
    return texts.rewritten(), refused


def _worse(before: Counter[str], now: Counter[str], code: str, fixed: int) -> str:
    """The rule that finds more than it should, if there is one."""
    return next((each for each in now if now[each] > before[each] - (fixed if each == code else 0)), "")


def _counts(project: Project) -> Counter[str]:
    rules = [rule for rule in all_rules().values() if rule.category == "environment"]
    return Counter(rule.code for rule in rules if rule.check_project for _ in rule.check_project(project))
