"""``solvent run --reuse`` and ``--twice``."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Solvent
from tests.cli.test_run import SUCCEEDED, id_of, last_line, stored, tags
from tests.cli.test_run_sweep import children

LOCAL = ("--env-manager", "local")
PROJECT = """
name: small
entry_points:
  main:
    parameters:
      data: {type: path, default: data.csv}
      alpha: {type: float, default: 0.5}
    command: "python train.py {data} {alpha}"
  other:
    parameters:
      data: {type: path, default: data.csv}
      alpha: {type: float, default: 0.5}
    command: "python train.py {data} {alpha}"
"""


@pytest.fixture
def project(work: Path) -> Path:
    folder = work / "project"
    folder.mkdir()
    (folder / "MLproject").write_text(PROJECT)
    (folder / "train.py").write_text("print('trained')\n")
    (folder / "data.csv").write_text("a\n1\n")
    git: list[str | Path] = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", folder]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True)
    return folder


def test_an_identical_run_is_offered_and_taken_with_yes(solvent: Solvent, project: Path) -> None:
    first = id_of(SUCCEEDED, solvent("run", "project", *LOCAL).stdout)
    answer = solvent("run", "project", "--reuse", "--yes", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == f"=== Run (ID='{first}') reused ===\n"
    assert f"(ID='{first}')" in answer.stderr
    assert "not known" not in answer.stderr


def test_it_is_never_taken_silently(solvent: Solvent, project: Path) -> None:
    first = id_of(SUCCEEDED, solvent("run", "project", *LOCAL).stdout)
    answer = solvent("run", "project", "--reuse", *LOCAL)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"run {first} is identical, and there is no terminal to ask" in answer.stderr


def parameter(project: Path) -> list[str]:
    return ["-P", "alpha=0.6"]


def code(project: Path) -> list[str]:
    (project / "train.py").write_text("print('trained otherwise')\n")
    return []


def untracked(project: Path) -> list[str]:
    (project / "helper.py").write_text("")
    return []


def data(project: Path) -> list[str]:
    (project / "data.csv").write_text("a\n2\n")
    return ["-P", f"data={project / 'data.csv'}"]


def entry_point(project: Path) -> list[str]:
    return ["-e", "other"]


def experiment(project: Path) -> list[str]:
    return ["-n", "another"]


@pytest.mark.parametrize("change", [parameter, code, untracked, data, entry_point, experiment])
def test_what_differs_is_run(solvent: Solvent, project: Path, change: Callable[[Path], list[str]]) -> None:
    first = id_of(SUCCEEDED, solvent("run", "project", *LOCAL).stdout)
    answer = solvent("run", "project", "--reuse", "--yes", *LOCAL, *change(project))
    assert answer.returncode == 0, answer.stderr
    assert "No identical earlier run" in answer.stderr
    assert id_of(SUCCEEDED, answer.stdout) != first


def test_one_that_failed_is_none(solvent: Solvent, project: Path) -> None:
    (project / "train.py").write_text("raise SystemExit(1)\n")
    solvent("run", "project", *LOCAL)
    answer = solvent("run", "project", "--reuse", "--yes", *LOCAL)
    assert answer.returncode == 1
    assert "No identical earlier run" in answer.stderr


REUSED = re.compile(r"=== Run \(ID='([0-9a-f]{32})'\) reused ===")
SWEEP = ("--sweep", "-P", "alpha=0.1,0.5,0.9", *LOCAL)


def test_in_a_sweep_earlier_runs_are_taken_where_there_are_some(solvent: Solvent, project: Path, work: Path) -> None:
    script = "import sys, solvent\nwith solvent.start_run():\n    solvent.log_metric('loss', float(sys.argv[2]))\n"
    (project / "train.py").write_text(script)
    first = id_of(SUCCEEDED, solvent("run", "project", "-P", "alpha=0.1", *LOCAL).stdout)
    answer = solvent("run", "project", "--reuse", "--yes", "--best", "loss:min", "-j", "2", *SWEEP)
    assert answer.returncode == 0, answer.stderr
    assert "Identical earlier runs for 1 of 3" in answer.stderr
    assert f"  alpha=0.1: run '{stored(work, first).info.run_name}' (ID='{first}')" in answer.stderr
    assert f"alpha=0.1: reused (ID='{first}')" in answer.stderr
    assert "2 of 3 runs succeeded, 1 reused; best loss (min): 0.1 with alpha=0.1" in answer.stderr
    row = next(line for line in answer.stdout.splitlines() if "REUSED" in line)
    assert "best" in row
    assert first in row
    parent = id_of(SUCCEEDED, answer.stdout)
    kept = tags(stored(work, parent))
    assert json.loads(kept["solvent.sweep"])["ended"] == {
        "FINISHED": 2,
        "FAILED": 0,
        "KILLED": 0,
        "NOT STARTED": 0,
        "REUSED": 1,
    }
    assert json.loads(kept["solvent.sweep.reused"]) == {"alpha=0.1": first}
    assert kept["solvent.sweep.best"] == first
    assert sorted(children(work, parent)) == ["alpha=0.5", "alpha=0.9"]
    again = solvent("run", "project", "--reuse", "--yes", *SWEEP)
    assert again.returncode == 0, again.stderr
    assert "0 of 3 runs succeeded, 3 reused" in again.stderr
    assert children(work, id_of(SUCCEEDED, again.stdout)) == {}


def test_in_a_sweep_nothing_is_taken_silently(solvent: Solvent, project: Path) -> None:
    solvent("run", "project", "-P", "alpha=0.5", *LOCAL)
    answer = solvent("run", "project", "--reuse", *SWEEP)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "for 1 of 3 runs there is an identical one, and there is no terminal to ask" in answer.stderr


def test_a_sweep_without_earlier_runs_is_run(solvent: Solvent, project: Path, work: Path) -> None:
    answer = solvent("run", "project", "--reuse", *SWEEP)
    assert answer.returncode == 0, answer.stderr
    assert "No identical earlier runs in this experiment: running all of them" in answer.stderr
    parent = id_of(SUCCEEDED, answer.stdout)
    assert len(children(work, parent)) == 3
    assert "solvent.sweep.reused" not in tags(stored(work, parent))


def test_unknown_data_is_said(solvent: Solvent, project: Path) -> None:
    solvent("run", "project", "-e", "train.py", *LOCAL)
    answer = solvent("run", "project", "-e", "train.py", "--reuse", "--yes", *LOCAL)
    assert last_line(answer.stdout).endswith("reused ===")
    assert "not known: no data is known to be read" in answer.stderr


def test_twice_compares(solvent: Solvent, project: Path) -> None:
    script = "import solvent\nwith solvent.start_run():\n    solvent.log_metric('auc', 0.5)\n"
    (project / "train.py").write_text(script)
    answer = solvent("run", "project", "--twice", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("succeeded ===") == 2
    assert "Deterministic: both runs came to the same." in answer.stderr
    (project / "train.py").write_text(script.replace("0.5", "__import__('random').random()"))
    answer = solvent("run", "project", "--twice", *LOCAL)
    assert answer.returncode == 1
    assert "Not deterministic" in answer.stderr


def test_code_that_is_ignored_by_git_is_not_called_identical(solvent: Solvent, project: Path) -> None:
    (project / ".git/info/exclude").write_text("local.py\n")
    (project / "local.py").write_text("K = 1\n")
    first = id_of(SUCCEEDED, solvent("run", "project", *LOCAL).stdout)
    assert id_of(REUSED, solvent("run", "project", "--reuse", "--yes", *LOCAL).stdout) == first
    (project / "local.py").write_text("K = 2\n")
    second = id_of(SUCCEEDED, solvent("run", "project", "--reuse", "--yes", *LOCAL).stdout)
    answer = solvent("diff", first, second, "--exit-code")
    assert answer.returncode == 1
    assert "code that is not kept" in answer.stdout


def test_what_can_not_be_seen_is_named(solvent: Solvent, project: Path) -> None:
    for _ in range(2):
        answer = solvent(
            "run",
            "project",
            "--reuse",
            "--yes",
            "-P",
            f"data={project}/data.csv",
            *LOCAL,
            SOLVENT_PROVENANCE_INPUTS="0",
        )
        assert answer.returncode == 0
        assert "not seen: parameter data: not read: SOLVENT_PROVENANCE_INPUTS is off" in answer.stderr
        assert "no data is known" not in answer.stderr


def test_neither_a_repetition_nor_the_holder_of_a_sweep_is_taken(solvent: Solvent, project: Path, work: Path) -> None:
    parent = id_of(SUCCEEDED, solvent("run", "project", "--sweep", "-P", "a=1,2", *LOCAL).stdout)
    assert "solvent.identity" not in tags(stored(work, parent))
    (member, *_) = children(work, parent).values()
    assert "solvent.identity" in tags(member)
    first = id_of(SUCCEEDED, solvent("run", "project", *LOCAL).stdout)
    assert first != parent
    solvent("reproduce", first)
    answer = solvent("run", "project", "--reuse", "--yes", *LOCAL)
    assert id_of(REUSED, answer.stdout) == first


def test_secrets_are_not_in_what_is_kept_of_the_command(solvent: Solvent, project: Path, work: Path) -> None:
    answer = solvent("run", "project", "-P", "api_key=hunter2", *LOCAL)
    run = stored(work, id_of(SUCCEEDED, answer.stdout))
    assert "hunter2" not in tags(run)["solvent.command"]
    assert "'api_key' too (masked only in its command)" in answer.stderr
    refused = solvent("run", "project", "--sweep", "-P", "api_key=one,two", *LOCAL)
    assert refused.returncode == 1
    assert "'api_key' is a secret by its name" in refused.stderr


def test_names_that_are_no_text_and_names_that_move_the_cursor(solvent: Solvent, work: Path) -> None:
    folder = work / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "MLproject").write_text('name: "\\e[31mred"\nentry_points:\n  main: {command: "echo hi"}\n')
    (folder / os.fsdecode(b"m\xe9.py")).write_text("x = 1\n")
    answer = solvent("run", str(folder))
    assert answer.returncode == 0, answer.stderr
    assert "\x1b[31m" not in answer.stderr
    assert stored(work, id_of(SUCCEEDED, answer.stdout)).data.tags
