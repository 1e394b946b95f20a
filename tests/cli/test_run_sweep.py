"""``solvent run --sweep``: real projects, real children, a real Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.runs import Run, SearchRuns
from tests.cli.conftest import COMMAND, Solvent
from tests.cli.test_run import FAILED, SUCCEEDED, id_of, params, stored, tags
from tests.processes import bare_environment, runs

SCRIPT = """
import sys, solvent
alpha = float(sys.argv[2])
print("training with", alpha)
if alpha == 0.5:
    sys.exit("alpha 0.5 is unlucky")
with solvent.start_run():
    solvent.log_metric("loss", alpha * 2)
"""


def children(work: Path, parent: str) -> dict[str, Run]:
    backend = open_embedded(str(work / ".solvent"))
    try:
        found = backend.call(SearchRuns(experiment_ids=["0"], filter=f"tags.mlflow.parentRunId = '{parent}'")).runs
    finally:
        backend.close()
    return {run.info.run_name: run for run in found}


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_every_combination_is_a_run_and_a_failure_stops_none(
    solvent: Solvent, project: Path, work: Path, jobs: str
) -> None:
    (project / "train.py").write_text(SCRIPT)
    arguments = ["-P", "alpha=0.1,0.5,0.9", "--jobs", jobs, "--best", "loss:min", "--env-manager", "local"]
    answer = solvent("run", "project", "--sweep", *arguments)
    assert answer.returncode == 1, answer.stderr
    parent = stored(work, id_of(FAILED, answer.stdout))
    found = children(work, parent.info.run_id)
    assert {name: run.info.status for name, run in found.items()} == {
        "alpha=0.1": "FINISHED",
        "alpha=0.5": "FAILED",
        "alpha=0.9": "FINISHED",
    }
    assert params(found["alpha=0.9"]) == {"alpha": "0.9"}
    kept = tags(parent)
    assert json.loads(kept["solvent.sweep"]) == {
        "parameters": {"alpha": ["0.1", "0.5", "0.9"]},
        "runs": 3,
        "ended": {"FINISHED": 2, "FAILED": 1, "KILLED": 0, "NOT STARTED": 0},
    }
    assert kept["solvent.sweep.best"] == found["alpha=0.1"].info.run_id
    assert [(metric.key, metric.value) for metric in parent.data.metrics] == [("loss", 0.2)]
    assert kept["solvent.failure"].startswith("2 of 3 runs succeeded, 1 failed; best loss (min): 0.2")
    assert "[3/3] " in answer.stderr
    assert "alpha 0.5 is unlucky" in answer.stderr
    if jobs == "3":
        assert "[alpha=0.9] training with 0.9" in answer.stdout


def test_the_environment_is_made_once_and_one_that_fails_starts_nothing(
    solvent: Solvent, project: Path, work: Path
) -> None:
    (project / "python_env.yaml").write_text("dependencies: [no-such-package-of-anybody==9.9.9]\n")
    answer = solvent("run", "project", "--sweep", "-P", "alpha=1,2", UV_OFFLINE="1")
    assert answer.returncode == 1
    parent = stored(work, id_of(FAILED, answer.stdout))
    assert "no-such-package-of-anybody" in tags(parent)["solvent.failure"]
    assert children(work, parent.info.run_id) == {}
    assert answer.stderr.count("Building the environment") == 1


def test_values_with_commas_are_a_json_list_and_a_file_may_hold_lists(
    solvent: Solvent, project: Path, work: Path
) -> None:
    (work / "grid.yaml").write_text("alpha: [1, 2]\ndata: never\n")
    arguments = ["--param-file", "grid.yaml", "-P", 'data=["a,b", "c"]', "-e", "strict", "--env-manager", "local"]
    answer = solvent("run", "project", "--sweep", *arguments)
    assert answer.returncode == 0, answer.stderr
    found = children(work, id_of(SUCCEEDED, answer.stdout))
    assert sorted(found) == ["alpha=1, data=a,b", "alpha=1, data=c", "alpha=2, data=a,b", "alpha=2, data=c"]
    assert answer.stdout.splitlines()[0] == "['a,b', '--alpha', '1']"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--sweep", "-P", "alpha=1"], 1, "a sweep needs a parameter with several values"),
        (["--sweep", "-P", "alpha=1,,2"], 2, "found nothing between two commas"),
        (["--sweep", "-P", "alpha=1,x"], 1, "expected a number"),
        (["--jobs", "2"], 2, "--jobs is for a sweep"),
        (["--sweep", "--twice", "-P", "alpha=1,2"], 2, "--sweep and --twice don't go together"),
        (["--sweep", "--reuse", "--twice"], 2, "--sweep and --reuse and --twice don't go together"),
        (["--reuse", "--run-id", "x"], 2, "--reuse and --run-id don't go together"),
    ],
)
def test_what_is_wrong_is_said_before_a_run_is_made(
    solvent: Solvent, project: Path, arguments: list[str], code: int, message: str
) -> None:
    answer = solvent("run", "project", *arguments)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert message in answer.stderr


def test_a_signal_ends_all_that_run_and_starts_no_more(work: Path, cache: Path, project: Path) -> None:
    (project / "train.py").write_text(
        "import os, sys, time\nopen('pid-' + sys.argv[2], 'w').write(str(os.getpid()))\n"
        "print('up', flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen(
        [COMMAND, "run", "project", "--sweep", "-P", "alpha=1,2,3,4", "-j", "2", "--env-manager", "local"],
        cwd=work,
        env=bare_environment(SOLVENT_CACHE=str(cache)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for _ in range(2):
        assert process.stdout.readline().endswith("up\n")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    pids = [int(file.read_text()) for file in project.glob("pid-*")]
    assert len(pids) == 2
    assert not any(map(runs, pids))
    parent = stored(work, id_of(FAILED, output))
    assert parent.info.status == "KILLED"
    assert [run.info.status for run in children(work, parent.info.run_id).values()] == ["KILLED", "KILLED"]
    assert json.loads(tags(parent)["solvent.sweep"])["ended"]["NOT STARTED"] == 2


def test_a_signal_while_the_environment_is_built_ends_the_build(work: Path, cache: Path, project: Path) -> None:
    slow = project / "slow"
    slow.mkdir()
    (slow / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
        '[project]\nname = "slow"\nversion = "1"\n'
    )
    (slow / "slow.py").write_text(
        f"import time\ndef build_wheel(*_, **__):\n    open({str(work / 'building')!r}, 'w')\n    time.sleep(60)\n"
    )
    (project / "python_env.yaml").write_text("dependencies: [./slow]\n")
    process = subprocess.Popen(
        [COMMAND, "run", "project"],
        cwd=work,
        env=bare_environment(SOLVENT_CACHE=str(work / "cache"), UV_OFFLINE="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (work / "building").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 143, errors
    assert stored(work, id_of(FAILED, output)).info.status == "KILLED"
    folders = [entry for entry in (work / "cache" / "environments").iterdir() if entry.is_dir()]
    assert folders == [], sys.platform
