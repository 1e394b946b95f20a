"""Every rule on its page of good, bad and tricky examples, and what holds for all rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from solvent.debt.engine.check import Options, check
from solvent.debt.fixes.apply import fixer_of, texts_fixer_of
from solvent.debt.registry import all_rules
from tests.debt.cases import Case, cases_of

PAGES = Path(__file__).with_name("rules")
CASES = [case for page in sorted(PAGES.glob("*.md")) for case in cases_of(page)]
_HEADINGS = ("## What it does", "## Why is this bad?", "## Example", "## Use instead")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.title}")
def test_case(case: Case, tmp_path: Path) -> None:
    case.make(tmp_path)

    report = check(Options(paths=[tmp_path], select=[case.code], preview=True, cache=False, jobs=1))

    assert report.unreadable == []
    found = Counter((finding.path, finding.cell, finding.line) for finding in report.findings)
    shown = "\n".join(f"{each.path}:{each.cell}:{each.line} {each.message}" for each in report.findings)
    assert found == case.expected, shown


@pytest.mark.parametrize("code", sorted(all_rules()))
def test_every_rule_has_a_page_with_good_bad_and_tricky_cases(code: str) -> None:
    titles = [case.title for case in CASES if case.code == code]

    assert {title.split()[0].rstrip(":") for title in titles} == {"Bad", "Good", "Tricky"}
    assert any(case.expected for case in CASES if case.code == code and case.title.startswith("Bad"))


@pytest.mark.parametrize("code", sorted(all_rules()))
def test_every_rule_is_documented(code: str) -> None:
    rule = all_rules()[code]

    assert [line for line in rule.documentation.splitlines() if line.startswith("## ")][: len(_HEADINGS)] == list(
        _HEADINGS
    )
    assert rule.summary.endswith(".")
    assert rule.module.rpartition(".")[2] == f"{code.lower()}_{rule.name.replace('-', '_')}"


@pytest.mark.parametrize("code", sorted(all_rules()))
def test_a_rule_announces_a_fix_only_if_one_is_written(code: str) -> None:
    written = [fixer for fixer in (fixer_of(code), texts_fixer_of(code)) if fixer is not None]

    assert len(written) == (all_rules()[code].fix is not None)
