"""Projects that run projects; runs that are joined; failing environments; parameters of files; remote ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Solvent
from tests.cli.test_run import FAILED, SUCCEEDED, id_of, params, stored, tags
from tests.cli.test_run_sweep import children
from tests.processes import bare_environment

LOCAL = ("--env-manager", "local")
STEPS = """
entry_points:
  main: {command: "python steps.py"}
  train:
    parameters: {alpha: {type: float}}
    command: "echo training with {alpha}"
"""


@pytest.mark.parametrize(
    "script",
    [
        (
            "import subprocess, sys\n"
            "sys.exit(subprocess.call([SOLVENT, 'run', '.', '-e', 'train', '-P', 'alpha=1', '--env-manager', 'local']))"
        ),
        (
            "import subprocess, solvent, sys\n"
            "with solvent.start_run():\n"
            "    code = subprocess.call([SOLVENT, 'run', '.', '-e', 'train', '-P', 'alpha=1', '--env-manager', 'local'])\n"
            "sys.exit(code)"
        ),
        (
            "import solvent\n"
            "result = solvent.run('.', 'train', {'alpha': 1}, env_manager='local')\n"
            "assert (result.status, result.succeeded, len(result.run_id)) == ('FINISHED', True, 32)"
        ),
        "import solvent\nwith solvent.start_run():\n    solvent.run('.', 'train', {'alpha': 1}, env_manager='local')",
    ],
    ids=["command", "command after joining", "python", "python after joining"],
)
def test_an_entry_point_that_runs_another_has_it_as_a_child(
    solvent: Solvent, project: Path, work: Path, script: str
) -> None:
    (project / "MLproject").write_text(STEPS)
    (project / "steps.py").write_text(f"SOLVENT = {str(COMMAND)!r}\n{script}\n")
    answer = solvent("run", "project", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    parent = id_of(SUCCEEDED, answer.stdout)
    (child,) = children(work, parent).values()
    assert (child.info.status, params(child)) == ("FINISHED", {"alpha": "1"})
    assert tags(child)["mlflow.project.entryPoint"] == "train"
    assert tags(stored(work, parent)).get("mlflow.parentRunId") is None
    assert stored(work, parent).info.status == "FINISHED"


def python(work: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=work, env=bare_environment(), capture_output=True, text=True, timeout=60
    )


def test_a_run_from_python_that_fails_raises_unless_told_not_to(project: Path, work: Path) -> None:
    (project / "train.py").write_text("raise SystemExit('no data')\n")
    answer = python(
        work,
        "import solvent\n"
        "result = solvent.run('project', env_manager='local', check=False)\n"
        "print(result.status)\n"
        "solvent.run('project', env_manager='local')\n",
    )
    assert answer.stdout == "FAILED\n"
    assert answer.stderr.splitlines()[-1].startswith("solvent.running.RunFailed: run ")
    assert answer.stderr.rstrip().endswith("of the project failed with code 1: no data")


def test_an_existing_run_is_joined(solvent: Solvent, project: Path, work: Path) -> None:
    made = python(work, "import solvent\nwith solvent.start_run() as run:\n    print(run.info.run_id)\n").stdout.strip()
    answer = solvent("run", "project", "--run-id", made, "-P", "alpha=0.25", *LOCAL)
    assert id_of(SUCCEEDED, answer.stdout) == made
    run = stored(work, made)
    assert (run.info.status, params(run)) == ("FINISHED", {"alpha": "0.25"})
    answer = solvent("run", "project", "--run-id", made, "-P", "alpha=0.5", *LOCAL)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"parameter 'alpha': run {made} was recorded with '0.25', found '0.5'" in answer.stderr
    assert stored(work, made).info.status == "FINISHED"
    answer = solvent("run", "project", "--run-id", "0" * 32, *LOCAL)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "not found" in answer.stderr


def test_an_environment_that_can_not_be_made_is_a_failed_run(solvent: Solvent, project: Path, work: Path) -> None:
    (project / "python_env.yaml").write_text("dependencies: [no-such-package-of-anybody==9.9.9]\n")
    answer = solvent("run", "project", UV_OFFLINE="1")
    assert answer.returncode == 1
    run = stored(work, id_of(FAILED, answer.stdout))
    assert run.info.status == "FAILED"
    assert "no-such-package-of-anybody" in tags(run)["solvent.failure"]
    assert "no-such-package-of-anybody" in answer.stderr
    assert params(run) == {"alpha": "0.5"}


def test_parameters_of_a_file_come_after_those_of_the_command_line(solvent: Solvent, project: Path, work: Path) -> None:
    (work / "params.yaml").write_text("alpha: 0.25\nflag: true\nname: x\n")
    answer = solvent("run", "project", "--param-file", "params.yaml", "-P", "name=y", *LOCAL)
    run = stored(work, id_of(SUCCEEDED, answer.stdout))
    assert params(run) == {"alpha": "0.25", "flag": "true", "name": "y"}
    kept = work / ".solvent" / "artifacts" / "0" / run.info.run_id / "artifacts" / "solvent" / "project.json"
    origins = {name: one["from"] for name, one in json.loads(kept.read_text())["parameters"].items()}
    assert origins == {"alpha": "file params.yaml", "flag": "file params.yaml", "name": "command line"}
    (work / "params.yaml").write_text("alpha: [1, 2]\n")
    answer = solvent("run", "project", "--param-file", "params.yaml", *LOCAL)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "expected a single value, found '[1, 2]' (several values are for a sweep: add --sweep)" in answer.stderr


def test_a_back_end_that_nobody_knows_is_refused(solvent: Solvent, project: Path) -> None:
    answer = solvent("run", "project", "--backend", "kubernets")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "no back end 'kubernets' (known: local)" in answer.stderr
    answer = solvent("run", "project", "-A", "gpus=all")
    assert answer.returncode == 2
    assert "-A passes arguments to docker" in answer.stderr
