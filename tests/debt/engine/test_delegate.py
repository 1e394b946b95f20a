"""Rules that ruff looks for: one process, no settings of the project, never silent about what did not run."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from solvent.debt.delegated import ruff
from solvent.debt.delegated.reported import Reported
from solvent.debt.engine.check import Options, Report, check
from tests.debt.helpers import check_files

BLOCK = "# a = 1\n# b = f(a)\n# c = g(b)\n# print(c)\n# c.save(a)\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))


def look(root: Path, *codes: str, jobs: int = 1, cache: bool = True) -> Report:
    return check(Options(paths=[root], root=root, select=codes or ["COD206"], preview=True, jobs=jobs, cache=cache))


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def program(folder: Path, script: str) -> str:
    path = put(folder, "ruff", f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_it_says_which_rules_did_not_run_without_ruff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "_program", lambda: None)
    source = "import numpy as np\nx == np.nan\n# solvent: ignore[COD206] kept for the audit\n" + BLOCK
    put(tmp_path / "p", "a.py", source)

    report = look(tmp_path / "p", "COD206", "CFG107", "COD207")

    assert [finding.code for finding in report.findings] == ["COD207"]
    assert report.notes == [
        "CFG107, COD206 did not run: ruff is not installed: pip install 'solvent[debt]' brings it",
    ]
    assert report.warned == []  # nobody knows whether the suppression is still needed


def test_nothing_is_said_when_no_delegated_rule_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "_program", lambda: None)
    put(tmp_path / "p", "a.py", BLOCK)

    assert look(tmp_path / "p", "COD207").notes == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo 'ruff is\nill' >&2; exit 2", "ruff failed: it ended with 2: ruff is ill"),
        ("echo '{'", "ruff failed: its answer is not understood"),
    ],
)
def test_a_failure_is_told_and_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    put(tmp_path / "p", "a.py", BLOCK)
    with monkeypatch.context() as broken:
        broken.setattr(ruff, "_program", lambda: program(tmp_path, script))
        report = look(tmp_path / "p")

    assert report.findings == []
    assert told in report.notes[0]
    assert len(look(tmp_path / "p").findings) == 1


def test_its_results_are_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "p", "a.py", BLOCK)
    put(tmp_path / "p", "b.py", "x = 1\n")
    first = look(tmp_path / "p")
    asked: list[list[str]] = []
    run = ruff.run

    def noted(root: Path, paths: list[str], select: list[str]) -> dict[str, list[Reported]]:
        asked.append(paths)
        return run(root, paths, select)

    monkeypatch.setattr(ruff, "run", noted)

    assert look(tmp_path / "p").findings == first.findings
    assert asked == []
    put(tmp_path / "p", "b.py", BLOCK)
    assert [finding.path for finding in look(tmp_path / "p").findings] == ["a.py", "b.py"]
    assert asked == [["b.py"]]


def test_another_version_of_ruff_asks_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "p", "a.py", BLOCK)
    with monkeypatch.context() as none:
        none.setattr(ruff, "_program", lambda: None)
        assert look(tmp_path / "p").findings == []

    assert len(look(tmp_path / "p").findings) == 1


def test_settings_of_the_project_do_not_count_and_no_cache_is_left(tmp_path: Path) -> None:
    files = {
        "ruff.toml": 'exclude = ["*.py"]\n[lint]\nignore = ["ERA"]\n',
        "pyproject.toml": "[tool.ruff]\nextend = 'nowhere.toml'\n",
        "a.py": BLOCK,
    }
    report = check_files(tmp_path / "p", files, select="COD206")

    assert [(f.path, f.line, f.end_line) for f in report.findings] == [("a.py", 1, 5)]
    assert not (tmp_path / "p" / ".ruff_cache").exists()


def test_odd_file_names(tmp_path: Path) -> None:
    names = ["-v.py", "@a.py", "with space.py", "umläut.py", "--select=E", "a;b.py"]
    report = check_files(tmp_path / "p", {f"{name}": BLOCK for name in names}, select="COD206")
    assert sorted(finding.path for finding in report.findings) == sorted(n for n in names if n.endswith(".py"))

    (tmp_path / "p" / "two\nlines.py").write_text(BLOCK)
    assert any("can't be told of 1 files" in note for note in look(tmp_path / "p", cache=False).notes)


def test_a_broken_file_is_unreadable_once(tmp_path: Path) -> None:
    report = check_files(tmp_path / "p", {"a.py": "def (:\n" + BLOCK, "b.py": BLOCK}, select="COD206")

    assert [path for path, _ in report.unreadable] == ["a.py"]
    assert [finding.path for finding in report.findings] == ["b.py"]


def test_suppressions_and_symbols(tmp_path: Path) -> None:
    inner = "".join(f"    {line}\n" for line in BLOCK.splitlines())
    source = f"def f():\n{inner}    return 1\n\n\n# solvent: ignore[COD206] until the audit\n{BLOCK}"
    report = check_files(tmp_path / "p", {"a.py": source}, select="COD206")

    assert [finding.symbol for finding in report.findings + report.suppressed] == ["f", "<module>"]


def test_a_message_never_holds_the_credential(tmp_path: Path) -> None:
    source = 'import mlflow\npassword = "hunter2hunter2"\n'
    report = check_files(tmp_path / "p", {"a.py": source}, select="CFG107")

    (finding,) = report.findings
    assert "hunter2" not in repr(finding)
    assert finding.severity == "blocker"


FAILS_ON_BAD = """for last; do :; done
if xargs grep -l BAD < "${last#@}" >/dev/null 2>&1; then echo overflow >&2; exit 134; fi
exec %s "$@"
"""


def test_only_the_file_on_which_ruff_fails_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ruff._program()
    for number in range(9):
        put(tmp_path / "p", f"a{number}.py", BLOCK)
    put(tmp_path / "p", "a4.py", f"BAD = 1\nimport numpy as np\nx == np.nan\n{BLOCK}")
    monkeypatch.setattr(ruff, "_program", lambda: program(tmp_path, FAILS_ON_BAD % real))

    for _ in range(2):
        report = look(tmp_path / "p", "COD206", "COD207")
        assert report.unreadable == [("a4.py", "ruff failed on it: it ended with 134: overflow")]
        assert [f.path for f in report.findings if f.code == "COD206"] == [f"a{n}.py" for n in range(9) if n != 4]
        assert [f.path for f in report.findings if f.code == "COD207"] == ["a4.py"]
        assert (report.failed, report.notes) == ([], [])


def test_a_file_that_is_nested_too_deeply_does_not_switch_rules_off(tmp_path: Path) -> None:
    report = check_files(tmp_path, {"deep.py": "x = " + "-" * 200_000 + "1\n", "a.py": BLOCK}, select="COD206")

    assert [finding.path for finding in report.findings] == ["a.py"]
    assert [path for path, _ in report.unreadable] == ["deep.py"]
    assert report.failed == []


def test_a_check_fails_if_ruff_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "p", "a.py", BLOCK)
    monkeypatch.setattr(ruff, "_program", lambda: program(tmp_path, "exit 3"))

    report = look(tmp_path / "p", "ALL")
    assert [note.partition(": ")[2][:11] for note in report.failed] == ["ruff failed"]
    assert set(report.failed) <= set(report.notes)
    assert "COD206" not in report.codes


@pytest.mark.parametrize(
    ("select", "fails"), [("COD", False), ("ALL", False), ("cod206", True), ("commented-out-code", True)]
)
def test_without_ruff_a_check_fails_if_its_rule_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, select: str, fails: bool
) -> None:
    monkeypatch.setattr(ruff, "_program", lambda: None)
    put(tmp_path / "p", "a.py", BLOCK)

    assert bool(look(tmp_path / "p", select).failed) is fails
