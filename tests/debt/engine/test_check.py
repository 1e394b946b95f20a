"""A whole check: paths, selection, suppressions, cache, workers."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from solvent.debt.engine.check import Options, Report, check
from solvent.debt.errors import InvalidDebtSettings, UnknownRule
from solvent.debt.findings import Found
from solvent.debt.project.project import Project
from solvent.debt.registry import all_rules
from tests.debt.helpers import check_files

BAD = "import numpy as np\nx == np.nan\n"


def lines(report: Report) -> list[tuple[str, int]]:
    return [(finding.path, finding.line) for finding in report.findings]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))


def make(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def test_the_whole_project_is_read_and_the_asked_paths_are_reported(tmp_path: Path) -> None:
    root = make(tmp_path / "p", {"pyproject.toml": "", "a.py": BAD, "sub/b.py": BAD})

    assert lines(check(Options(paths=[root / "sub"], select=["COD207"]))) == [("sub/b.py", 2)]
    assert lines(check(Options(paths=[root / "a.py"], select=["COD207"]))) == [("a.py", 2)]


def test_cached_results_are_those_of_a_first_look_and_follow_changes(tmp_path: Path) -> None:
    root = make(tmp_path / "p", {"pyproject.toml": "", **{f"m{n}.py": BAD for n in range(5)}})
    asked = Options(paths=[root], select=["COD207"])
    first = check(asked)

    assert check(asked).findings == first.findings
    (root / "m3.py").write_text("x = 1\n")
    (root / "m4.py").unlink()
    assert lines(check(asked)) == [("m0.py", 2), ("m1.py", 2), ("m2.py", 2)]


def test_a_damaged_cache_is_as_good_as_none(tmp_path: Path) -> None:
    root = make(tmp_path / "p", {"pyproject.toml": "", "a.py": BAD})
    asked = Options(paths=[root], select=["COD207"])
    first = check(asked)
    (file,) = (tmp_path / "cache" / "debt").iterdir()
    file.write_bytes(file.read_bytes()[:-7] + b"garbage")

    assert check(asked).findings == first.findings


def test_several_workers_find_what_one_finds(tmp_path: Path) -> None:
    root = make(tmp_path / "p", {"pyproject.toml": "", **{f"m{n}.py": BAD for n in range(150)}})

    one, two = (check(Options(paths=[root], select=["COD207"], cache=False, jobs=jobs)) for jobs in (1, 2))
    assert len(one.findings) == 150
    assert one.findings == two.findings


def test_fingerprints_survive_moves_reformatting_and_code_above(tmp_path: Path) -> None:
    before = check_files(tmp_path / "a", {"old.py": BAD}, select="COD207")
    after = check_files(
        tmp_path / "b", {"new.py": f'"""Doc."""\n\n{BAD.replace("x == np.nan", "x  ==  (np.nan)")}'}, select="COD207"
    )

    assert [f.fingerprint for f in before.findings] == [f.fingerprint for f in after.findings]


def test_equal_findings_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    report = check_files(tmp_path, {"a.py": BAD + "x == np.nan\n"}, select="COD207")

    assert len({finding.fingerprint for finding in report.findings}) == 2


def suppressed(tmp_path: Path, comment: str, today: date = date(2026, 11, 24)) -> Report:
    source = f"import numpy as np\nx == np.nan  {comment}\n"
    root = make(tmp_path / "p", {"pyproject.toml": "", "a.py": source})
    return check(Options(paths=[root], select=["COD207", "CFG102"], cache=False, today=today))


def test_a_comment_accepts_a_finding_with_a_reason(tmp_path: Path) -> None:
    report = suppressed(tmp_path, "# solvent: ignore[COD207] shown to students")

    assert report.findings == []
    assert report.warned == []
    assert [finding.code for finding in report.suppressed] == ["COD207"]


def test_on_a_line_of_its_own_it_is_about_the_next(tmp_path: Path) -> None:
    source = "import numpy as np\n# solvent: ignore[COD207] shown\n\nx == np.nan\n"
    root = make(tmp_path / "p", {"pyproject.toml": "", "a.py": source})

    assert check(Options(paths=[root], select=["COD207"], cache=False)).findings == []


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("# solvent: ignore[COD207] later until 2026-11-23", "expired on 2026-11-23"),
        ("# solvent: ignore[COD207]", "reason is missing"),
        ("# solvent: ignore[COD207] x until 2026-02-31", "is no date"),
        ("# solvent: ignore all of it", "expected"),
        ("# solvent: ignore[CFG102] not that", "nothing to accept for CFG102"),
    ],
)
def test_a_comment_that_accepts_nothing_is_said(tmp_path: Path, comment: str, told: str) -> None:
    report = suppressed(tmp_path, comment)

    assert [finding.code for finding in report.findings] == ["COD207"]
    (warning,) = report.warned
    assert told in warning.message
    assert (warning.path, warning.line) == ("a.py", 2)


def test_the_last_day_still_counts(tmp_path: Path) -> None:
    assert suppressed(tmp_path, "# solvent: ignore[COD207] later until 2026-11-24").findings == []


def test_selection_by_settings_and_options(tmp_path: Path) -> None:
    settings = '[debt]\nselect = ["COD"]\nignore = ["COD207"]\n'
    root = make(tmp_path / "p", {"solvent.toml": settings, "a.py": BAD})

    assert check(Options(paths=[root], cache=False, preview=True)).findings == []
    assert lines(check(Options(paths=[root], select=["nan-comparison"], cache=False))) == []
    (root / "solvent.toml").write_text("")
    assert lines(check(Options(paths=[root], select=["nan-comparison"], cache=False))) == [("a.py", 2)]


def test_price_and_severity_can_be_set(tmp_path: Path) -> None:
    settings = '[debt.rules.COD207]\nminutes = 90\nseverity = "low"\n'
    report = check_files(tmp_path, {"solvent.toml": settings, "a.py": BAD}, select="COD207")

    assert [(finding.minutes, finding.severity) for finding in report.findings] == [(90, "low")]
    assert report.summary.rating == "E"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("[debt]\nselekt = []", "did you mean 'select'"),
        ("[debt]\nselect = 3", "select"),
        ("[debt", "not valid TOML"),
        ('[debt]\nprofiles = {"a" = "sauce"}', "profiles"),
        ('[debt]\nfacts = ["no.yaml"]', "no.yaml is not there"),
        ('[debt]\nfacts = ["bad.yaml"]', "did you mean 'trains'"),
    ],
)
def test_settings_that_are_not_meant_are_refused(tmp_path: Path, settings: str, told: str) -> None:
    files = {"solvent.toml": settings, "bad.yaml": "kinds: {train: [a.b]}"}

    with pytest.raises(InvalidDebtSettings, match=told):
        check_files(tmp_path, files, select="COD207")


def test_unknown_rules_are_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownRule, match="COD207"):
        check(Options(paths=[tmp_path], root=tmp_path, select=["COD20"], ignore=["COD2077"], cache=False))


def test_facts_of_the_team_count(tmp_path: Path) -> None:
    files = {
        "solvent.toml": '[debt]\nfacts = ["facts.yaml"]',
        "facts.yaml": "kinds: {starts_run: [mlflow.ours.begin]}",
        "a.py": "import mlflow.ours\nmlflow.ours.begin()\n",
    }

    assert lines(check_files(tmp_path, files, select="CFG102")) == [("a.py", 2)]


def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    import subprocess

    root = make(
        tmp_path / "p", {".gitignore": "out/\n", "a.py": BAD, "out/b.py": BAD, "env/c.py": BAD, "old/d.py": BAD}
    )
    subprocess.run(["git", "init", "-q", str(root)], check=True)

    report = check(Options(paths=[root], select=["COD207"], exclude=["old"], cache=False))
    assert lines(report) == [("a.py", 2)]


def test_a_check_without_rules_says_so(tmp_path: Path) -> None:
    root = make(tmp_path / "p", {"pyproject.toml": "", "a.py": BAD})

    (note,) = check(Options(paths=[root], select=["COD207"], ignore=["COD207"], cache=False)).notes
    assert note.startswith("no rule was run")


def test_a_rule_that_fails_on_a_project_hides_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Project) -> list[Found]:
        raise KeyError("x")

    rules = all_rules()
    broken = dataclasses.replace(rules["TST801"], check_project=failing)
    monkeypatch.setitem(rules, "TST801", broken)

    report = check_files(tmp_path, {"a.py": BAD}, select="ALL")

    assert "COD207" in {finding.code for finding in report.findings}
    assert report.failed == ["TST801 did not run: it failed (KeyError: 'x'): a defect of Solvent, please report it"]
    assert report.failed[0] in report.notes
    assert "TST801" not in report.codes
