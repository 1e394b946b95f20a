"""``solvent debt check`` as people and pipelines call it: exit codes, outputs, progress."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from solvent.cli import debt_output
from tests.cli.conftest import Solvent
from tests.debt.repositories import git, put

BAD = "import numpy as np\nx == np.nan\n"


@pytest.fixture
def project(work: Path) -> Path:
    (work / "solvent.toml").write_text("")
    (work / "train.py").write_text("x = 1\n")
    return work


def test_clean_is_0_and_found_is_1(solvent: Solvent, project: Path) -> None:
    clean = solvent("debt", "check", "--select", "COD207")
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "No debt found in 1 file, 1 line: rating A.\n", "")

    (project / "train.py").write_text(BAD)
    found = solvent("debt", "check", "--select", "COD207")
    assert (found.returncode, found.stderr) == (1, "")
    assert "train.py:2:1: COD207" in found.stdout
    assert solvent("debt", "check", "--select", "COD207", "--exit-zero").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--select", "COD999"], "there is no rule 'COD999'"),
        (["-o", "jsn"], "did you mean json?"),
        (["-o", "json", "-o", "sarif"], "only one format can go to the terminal"),
        (["-o", "json=."], "is a folder"),
        (["-o", "json=/dev/null/x"], "can't be written"),
        (["nowhere"], "Path 'nowhere' does not exist"),
        (["--colour"], "No such option"),
    ],
)
def test_a_failure_of_the_tool_is_2(solvent: Solvent, project: Path, arguments: list[str], told: str) -> None:
    (project / "train.py").write_text(BAD)
    ended = solvent("debt", "check", *arguments)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_settings_that_are_wrong_are_2(solvent: Solvent, project: Path) -> None:
    (project / "solvent.toml").write_text("[debt]\nselekt = []\n")
    ended = solvent("debt", "check")

    assert ended.returncode == 2
    assert "did you mean 'select'" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_defect_is_2_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(debt_output.CheckFailed, match="a defect of Solvent") as failed, debt_output.failing_with_2():
        raise ZeroDivisionError("division by zero")
    assert failed.value.exit_code == 2


def test_an_unreadable_file_is_said_and_is_2_if_it_was_asked_for(solvent: Solvent, project: Path) -> None:
    (project / "old.py").write_text("print 'x'\n")
    beside = solvent("debt", "check", "--select", "COD207", "--json")

    assert beside.returncode == 0
    assert beside.stderr.startswith("Warning: old.py was not looked at: not Python 3")
    assert json.loads(beside.stdout)["summary"]["unreadable"] == 1

    named = solvent("debt", "check", "--select", "COD207", "old.py")
    assert named.returncode == 2
    assert named.stderr.startswith("Error: old.py was not looked at")


def test_json_is_utf_8_whatever_the_locale(solvent: Solvent, project: Path) -> None:
    (project / "é日.py").write_text(BAD)
    ended = solvent("debt", "check", "--select", "COD207", "--json", PYTHONIOENCODING="ascii")
    assert json.loads(ended.stdout)["findings"][0]["path"] == "é日.py"

    plain = solvent("debt", "check", "--select", "COD207", PYTHONIOENCODING="ascii")
    assert plain.returncode == 1
    assert r"\xe9\u65e5.py:2:1: COD207" in plain.stdout


def test_several_outputs_and_statistics(solvent: Solvent, project: Path) -> None:
    (project / "train.py").write_text(BAD)
    table = solvent("debt", "check", "--select", "COD207", "--statistics")
    assert table.stdout.splitlines()[1].split() == ["1", "2", "min", "100.0%", "COD207", "nan-comparison"]

    both = solvent("debt", "check", "--select", "COD207", "--json", "-o", "sarif=out/debt.sarif")
    assert json.loads(both.stdout)["statistics"][0]["code"] == "COD207"
    assert json.loads((project / "out" / "debt.sarif").read_text())["version"] == "2.1.0"


class Error(io.StringIO):
    terminal = False

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_only_when_it_lasts(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    error = Error()
    error.terminal = terminal
    monkeypatch.setattr("sys.stderr", error)
    with debt_output.shown_progress() as progress:
        progress(1, 4)
    assert error.getvalue() == ""

    monkeypatch.setattr(debt_output, "SILENT_SECONDS", 0.0)
    with debt_output.shown_progress() as progress:
        progress(1, 4)
        progress(2, 4)
        progress(4, 4)
    if terminal:
        assert "Looking at files" in error.getvalue()
    else:
        assert error.getvalue() == "Looking at 4 files ...\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("old/a.py", "'old' excludes it"),
        ("build/a.py", "what is in folders named 'build' is left out"),
        ("notes.md", "it is neither Python nor a notebook"),
        ("ignored.py", "git ignores it"),
        ("link.py", "it is a symbolic link to ignored.py: git ignores it"),
        ("bad.py", "not Python"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--diff"]])
def test_a_file_that_was_asked_for_and_not_looked_at_is_2(
    solvent: Solvent, project: Path, name: str, why: str, more: list[str]
) -> None:
    git(project, "init", "-q")
    put(project, {"solvent.toml": '[debt]\nexclude = ["old"]\n', ".gitignore": "ignored.py\n", "bad.py": "def f(:\n"})
    put(project, dict.fromkeys(("old/a.py", "build/a.py", "notes.md", "ignored.py"), "x = 1\n"))
    (project / "link.py").symlink_to("ignored.py")

    refused = solvent("debt", "check", "--select", "COD207", name, *more)

    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1].startswith(f"Error: {name} was not looked at: {why}")
    assert solvent("debt", "check", "--select", "COD207", "train.py", "solvent.toml", *more).returncode == 0
