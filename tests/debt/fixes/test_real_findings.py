"""The fixers on what the rules themselves find: on every bad example of a rule's page nothing gets worse."""

from __future__ import annotations

import pkgutil
from collections import Counter
from pathlib import Path

import pytest

from solvent.debt import fixes
from solvent.debt.engine.check import Options, Report, check
from solvent.debt.fixes.apply import fix
from solvent.debt.registry import all_rules
from solvent.debt.rewrite import write
from tests.debt.cases import Case, cases_of

RULES = Path(__file__).parents[1] / "rules"
CODES = [name.upper() for _, name, _ in pkgutil.iter_modules(fixes.__path__) if name.upper() in all_rules()]
CASES = [case for code in CODES for case in cases_of(RULES / f"{code}.md") if case.expected]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.title}")
def test_what_is_fixed_is_gone_and_nothing_is_new(case: Case, tmp_path: Path) -> None:
    root = tmp_path / "churn"
    root.mkdir()
    case.make(root)
    before, own = look(root, "ALL"), look(root, case.code)

    fixed = fix(own, unsafe=True)
    write(root, fixed.rewritten)

    after = look(root, "ALL")
    assert after.unreadable == before.unreadable
    was, now = (Counter(finding.code for finding in report.findings) for report in (before, after))
    assert now[case.code] == was[case.code] - len(fixed.fixed)
    assert {code: count for code, count in now.items() if count > was[code]} == {}
    assert fix(look(root, case.code), unsafe=True).rewritten == []


def look(root: Path, select: str) -> Report:
    return check(Options(paths=[root], root=root, select=[select], preview=True, cache=False, jobs=1))


@pytest.mark.parametrize("code", CODES)
def test_every_fixer_mends_something_on_its_rules_page(code: str, tmp_path: Path) -> None:
    for number, case in enumerate(case for case in CASES if case.code == code):
        folder = tmp_path / str(number)
        folder.mkdir()
        case.make(folder)

    assert all_rules()[code].fix in ("safe", "unsafe")
    assert fix(look(tmp_path, code), unsafe=True).fixed
