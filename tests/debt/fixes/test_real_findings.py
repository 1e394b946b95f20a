"""The fixers on what the rules themselves find: on every bad example of a rule's page nothing gets worse."""

from __future__ import annotations

import pkgutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


HEAD = (
    "import mlflow\nimport pandas as pd\nimport torch\nfrom sklearn.ensemble import RandomForestClassifier\n"
    "from sklearn.model_selection import train_test_split\n\ndf = pd.read_csv('a.csv')\n"
)
PIECES = {
    "COD208": ["df.dropna()", "df.drop(\n    'é',  # out\n    axis=1,\n)  # now", "df.rename({}) ; y = 1", "df.fillna('''\n#''')"],
    "DAT314": ["t = df.merge(df, on='é')", "t = pd.merge(\n    df,\n    df,  # twice\n    on='k')", "t = df.merge(df, on='k',).dropna()"],
    "MOD403": ["a, b = train_test_split(df)", "m = RandomForestClassifier(\n    3,\n).fit(df, df['é'])", "x = 1; c, d = train_test_split(df, df)"],
    "CFG102": ["with mlflow.start_run() as run:\n    mlflow.log_metric('é', 1)", "run = mlflow.start_run()  # begin"],
    "MOD410": ["for x in loader:\n    loss(x, 'é').backward()\n    # go\n    optimizer.step()\n", "while go:\n    loss.backward()\n    opt.step()"],
    "MOD409": ["with torch.no_grad():\n    for x in test_loader:\n        score += model(x)", "with torch.no_grad():\n    # look\n    for x, y in val_loader:\n        loss = loss + f(net(x), y)\n"],
}  # fmt: skip
AROUND = ["{}", "# why\n\n{}", "if True:\n    {}\nelse:\n    pass", "def f(df, model):\n    '''Doc.'''\n\n    {}\n    return df",
          "for n in range(3):\n\t{}\n\tprint(df)", "try:\n  {}\nfinally:\n  pass", "class A:\n    def f(self, df):\n        {}\n        use(df)"]  # fmt: skip


@st.composite
def modules(draw: st.DrawFn) -> tuple[str, str]:
    """A rule, and a module with its pattern in some places and in some layouts."""
    code = draw(st.sampled_from(sorted(PIECES)))
    parts = []
    for piece, around in draw(
        st.lists(st.tuples(st.sampled_from(PIECES[code]), st.sampled_from(AROUND)), min_size=1, max_size=3)
    ):
        line = next(line for line in around.split("\n") if "{}" in line)
        indent = line[: len(line) - len(line.lstrip())]
        parts.append(around.format(piece.replace("\n", f"\n{indent}")))
    return code, HEAD + "\n".join(parts) + draw(st.sampled_from(["", "\n", "\n\n# end\n"]))


@given(modules(), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60)
def test_any_layout(tmp_path_factory: pytest.TempPathFactory, made: tuple[str, str], end: str) -> None:
    code, source = made
    root = tmp_path_factory.mktemp("any") / "churn"
    root.mkdir()
    (root / "train.py").write_bytes(source.replace("\n", end).encode())
    before = look(root, code)

    fixed = fix(before, unsafe=True)
    write(root, fixed.rewritten)

    after = look(root, code)
    assert after.unreadable == []
    assert len(after.findings) == len(before.findings) - len(fixed.fixed)
    assert fix(after, unsafe=True).rewritten == []
    kept = (root / "train.py").read_bytes().decode()
    assert kept.count(end) == kept.count("\n")
    assert [line for line in source.split("\n") if "#" in line and line not in kept.split(end)] == []
