"""``solvent debt check`` and ``baseline`` as people pay debt down with them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Solvent
from tests.debt.repositories import commit, git, put

BAD = "import numpy as np\nx == np.nan\n"
SETTINGS = '[debt]\nselect = ["COD207", "CFG102"]\n'


@pytest.fixture
def project(work: Path) -> Path:
    commit(work, {"solvent.toml": SETTINGS, "a.py": BAD})
    return work


def test_a_baseline_and_what_comes_after_it(solvent: Solvent, project: Path) -> None:
    first = solvent("debt", "baseline")
    assert (first.returncode, first.stderr) == (0, "")
    assert "1 finding known from now on" in first.stdout

    report = solvent("debt", "check", "--baseline", "debt-baseline.jsonl", "--json")
    assert report.returncode == 0
    assert json.loads(report.stdout)["summary"]["known"] == 1
    put(project, {"b.py": BAD})
    found = solvent("debt", "check", "--baseline", "debt-baseline.jsonl", "-o", "concise")
    assert found.returncode == 1
    assert found.stdout.startswith("b.py:2:1: COD207")

    assert solvent("debt", "baseline", "--accept-new").returncode == 2
    added = solvent("debt", "baseline", "--accept-new", "--reason", "from the old project")
    assert "2 findings known, 0 paid, 1 new (accepted)" in added.stdout
    (project / "a.py").unlink()
    shorter = solvent("debt", "baseline", "--update")
    assert "1 finding known, 1 paid (removed), 0 new" in shorter.stdout


def test_paid_debt_is_told_by_a_check(solvent: Solvent, project: Path) -> None:
    solvent("debt", "baseline")
    put(project, {"solvent.toml": SETTINGS + 'baseline = "debt-baseline.jsonl"\n', "a.py": "x = 1\n"})

    report = solvent("debt", "check")
    assert report.returncode == 0
    assert "note: 1 finding of the baseline is paid" in report.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--since", "nothing"], "there is no revision 'nothing'"),
        (["--new-only", "--base", "nothing"], "there is no revision 'nothing'"),
        (["--since", "main", "--new-only"], "can't be used together"),
        (["--base", "main"], "add --new-only"),
        (["--reason", "a"], "are for --add-ignores"),
        (["--unsafe-fixes"], "add --fix"),
        (["--add-ignores", "--diff"], "mend first"),
        (["--add-ignores", "--until", "tomorrow"], "does not match the format"),
        (["--add-ignores", "--until", "2020-01-01"], "is over"),
        (["--add-ignores", "--reason", "a\nb"], "can't stand in a comment"),
        (["--baseline", "none.jsonl"], "'solvent debt baseline' writes one"),
    ],
)
def test_what_can_not_be_done_ends_with_2_and_one_line(
    solvent: Solvent, project: Path, arguments: list[str], told: str
) -> None:
    refused = solvent("debt", "check", *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    last = refused.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert told in last
    assert (project / "a.py").read_text() == BAD


def test_new_debt_alone(solvent: Solvent, project: Path) -> None:
    git(project, "checkout", "-q", "-b", "work")
    put(project, {"a.py": BAD + "y = 1\n", "b.py": BAD})

    for arguments in (["--new-only"], ["--since", "main"]):
        found = solvent("debt", "check", *arguments, "-o", "concise")
        assert found.returncode == 1
        assert [line.partition(":")[0] for line in found.stdout.splitlines()][:2] == ["b.py", "note"]


def test_accepting_all(solvent: Solvent, project: Path) -> None:
    accepted = solvent("debt", "check", "--add-ignores", "--reason", "shown to students", "--until", "2099-01-31")
    assert accepted.returncode == 0
    assert "Accepted 1 finding by comments in 1 file." in accepted.stderr
    assert (project / "a.py").read_text().splitlines()[1] == (
        "x == np.nan  # solvent: ignore[COD207] shown to students until 2099-01-31"
    )
    assert "nothing to accept" in solvent("debt", "check", "--add-ignores").stderr


def test_fixes(solvent: Solvent, project: Path) -> None:
    put(project, {"run.py": "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('a', 1)\n"})

    shown = solvent("debt", "check", "--diff")
    assert shown.returncode == 1
    assert "-x == np.nan\n+np.isnan(x)\n" in shown.stdout
    assert "Would fix 1 finding in 1 file.\n1 finding more could be fixed with --unsafe-fixes" in shown.stderr
    assert (project / "a.py").read_text() == BAD

    fixed = solvent("debt", "check", "--fix", "-o", "concise")
    assert fixed.returncode == 1
    assert fixed.stdout.startswith("run.py:2:6: CFG102")
    assert (project / "a.py").read_text() == "import numpy as np\nnp.isnan(x)\n"
    rest = solvent("debt", "check", "--fix", "--unsafe-fixes")
    assert (rest.returncode, rest.stderr) == (0, "Fixed 1 finding in 1 file.\n")
    assert 'mlflow.set_experiment("work")' in (project / "run.py").read_text()


def test_what_cannot_be_fixed_is_said_without_control_characters(solvent: Solvent, project: Path) -> None:
    put(project, {"a.py": "x = 1\n", "b\x1b[31m.py": "import numpy as np\na < b == np.nan\n"})

    told = solvent("debt", "check", "--fix")
    assert told.returncode == 1
    assert "can't be fixed by a program" in told.stderr
    assert "b\\x1b[31m.py:2:1: COD207: it is a chain of comparisons" in told.stderr
    assert "\x1b" not in told.stderr + told.stdout


def test_the_extra_is_named_where_it_is_missing(project: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['libcst'] = None; sys.argv = ['solvent', 'debt', 'check', '--fix'];"
        "from solvent.cli.main import main; main()"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, timeout=120)

    assert ended.returncode == 2
    assert "pip install 'solvent[debt]'" in ended.stderr
