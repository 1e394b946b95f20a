"""``solvent runs logs`` and ``cancel``, runners that are killed, and what a run keeps of its data: real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from solvent.cli.runs_logs import harmless
from tests.cli.conftest import COMMAND, Solvent
from tests.cli.test_run import SUCCEEDED, id_of, stored, tags, wait_for
from tests.cli.test_server import serving
from tests.processes import bare_environment, runs

Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def start(work: Path, cache: Path, project: Path) -> Iterator[Start]:
    """Starts ``solvent run`` of a shell script in a session of its own, and waits until the script has made 'up'."""
    started: list[subprocess.Popen[str]] = []

    def run(script: str) -> subprocess.Popen[str]:
        (project / "go.sh").write_text(f"echo $$ > pid\n{script}")
        command = [str(COMMAND), "run", "project", "-e", "go.sh", "--env-manager", "local"]
        process = subprocess.Popen(
            command,
            cwd=work,
            env=bare_environment(SOLVENT_CACHE=str(cache)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        wait_for(project / "up")
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def only_run(solvent: Solvent) -> str:
    (run,) = json.loads(solvent("runs", "list", "--json").stdout)
    return str(run["info"]["run_id"])


def kill_all(process: subprocess.Popen[str], project: Path) -> None:
    """The runner and its child at once, as when a machine dies."""
    os.kill(process.pid, signal.SIGKILL)
    os.killpg(int((project / "pid").read_text()), signal.SIGKILL)
    process.wait()


def test_logs_are_followed_while_a_run_prints(solvent: Solvent, start: Start, project: Path) -> None:
    script = "echo first\ntouch up\nwhile [ ! -e go ]; do sleep 0.05; done\necho 'token=abc' >&2\nprintf last\n"
    process = start(script)
    run_id = only_run(solvent)
    follower = subprocess.Popen(
        [COMMAND, "runs", "logs", run_id, "-f"],
        cwd=project.parent,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert follower.stdout is not None
    assert follower.stdout.readline() == "first\n"
    assert process.poll() is None
    (project / "go").touch()
    assert follower.communicate(timeout=60)[0] == "token=[redacted]\nlast\n"
    process.communicate(timeout=60)
    answer = solvent("runs", "logs", run_id, "--stderr")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "token=[redacted]\n", "")
    told = json.loads(solvent("runs", "logs", run_id, "--json").stdout)
    assert (told["status"], told["note"], told["lines"]) == ("FINISHED", None, ["first", "token=[redacted]", "last"])
    assert tags(stored(project.parent, run_id))["solvent.exit_code"] == "0"


def test_there_may_be_nothing_and_no_such_run(solvent: Solvent, project: Path) -> None:
    (project / "train.py").write_text("")
    run_id = id_of(SUCCEEDED, solvent("run", "project", "--env-manager", "local").stdout)
    answer = solvent("runs", "logs", run_id)
    assert (answer.returncode, answer.stdout) == (0, "")
    assert answer.stderr.startswith("Nothing was printed there")
    answer = solvent("runs", "logs", "0" * 32)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)


def test_a_terminal_is_not_moved_by_what_a_run_printed() -> None:
    assert (
        harmless("\x1b[31mred\x1b[0m\tb\n\x1b[2J\x1b]0;title\x07\r")
        == "\x1b[31mred\x1b[0m\tb\n\\x1b[2J\\x1b]0;title\\x07\\r"
    )


def test_a_run_is_cancelled_from_elsewhere(solvent: Solvent, start: Start, project: Path) -> None:
    process = start("sleep 100 &\ntouch up\nwait\n")
    run_id = only_run(solvent)
    answer = solvent("runs", "cancel", run_id)
    assert (answer.returncode, answer.stdout) == (0, f"Run {run_id} has ended: KILLED\n"), answer.stderr
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Cancelled by " in errors
    assert not runs(int((project / "pid").read_text()))
    assert stored(project.parent, run_id).info.status == "KILLED"
    again = solvent("runs", "cancel", run_id)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "there is nothing to cancel" in again.stderr


def test_cancelling_a_run_whose_machine_died_closes_it(solvent: Solvent, start: Start, project: Path) -> None:
    kill_all(start("touch up\nsleep 100\n"), project)
    run_id = only_run(solvent)
    answer = solvent("runs", "cancel", run_id, "--json")
    told = json.loads(answer.stdout)
    assert (answer.returncode, told["asked"], told["status"]) == (0, "closed", "KILLED")
    assert "ended without ending the run" in tags(stored(project.parent, run_id))["solvent.lost"]


def test_the_doctor_finds_a_run_whose_machine_died_and_marks_it(
    solvent: Solvent, start: Start, project: Path, work: Path
) -> None:
    kill_all(start("touch up\nsleep 100\n"), project)
    run_id = only_run(solvent)
    told = solvent("doctor").stdout
    assert "WARN lost runs: 1 say that they run, such as " + run_id in told
    assert stored(work, run_id).info.status == "RUNNING"
    assert "OK   lost runs: 1 were ended as FAILED" in solvent("doctor", "--mark-lost").stdout
    found = stored(work, run_id)
    assert (found.info.status, "solvent.lost" in tags(found)) == ("FAILED", True)
    assert "OK   lost runs: no runner of a run has died" in solvent("doctor").stdout


def test_a_server_that_starts_finds_it_too(solvent: Solvent, start: Start, project: Path, work: Path) -> None:
    kill_all(start("touch up\nsleep 100\n"), project)
    run_id = only_run(solvent)
    with serving(work):
        deadline = time.monotonic() + 60
        while stored(work, run_id).info.status == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.2)
    found = stored(work, run_id)
    assert (found.info.status, "solvent.lost" in tags(found)) == ("FAILED", True)


PROJECT = """
name: reading
entry_points:
  main:
    parameters:
      train: {type: path, default: data}
      test: {type: path}
      alpha: {type: float, default: 0.5}
    command: "true {train} {test} {alpha}"
"""


def test_the_data_of_path_parameters_is_an_input(solvent: Solvent, project: Path, work: Path) -> None:
    (project / "MLproject").write_text(PROJECT)
    (project / "data").mkdir()
    (project / "data" / "a.csv").write_text("1\n")
    (work / "test.csv").write_text("2\n")
    answer = solvent("run", "project", "-P", "test=test.csv", "--env-manager", "local")
    run = stored(work, id_of(SUCCEEDED, answer.stdout))
    assert run.inputs is not None
    found = {one.dataset.name: one for one in run.inputs.dataset_inputs if one.dataset}
    assert found["data"].tags[0].key == "solvent.input"
    assert found["data"].tags[0].value == "parameter train"
    (file,) = (work / ".solvent" / "artifacts").rglob("project.json")
    told = json.loads(file.read_text())
    assert {name: one["from"] for name, one in told["parameters"].items()} == {
        "train": "default",
        "test": "command line",
        "alpha": "default",
    }
    digest = subprocess.run(["sha256sum", work / "test.csv"], capture_output=True, text=True).stdout.split()[0]
    kept = {one["name"]: one for one in told["inputs"]}
    assert kept["test.csv"]["digest"] == digest
    assert found["test.csv"].dataset is not None
    assert found["test.csv"].dataset.digest == digest[:32]
    assert (kept["data"]["kind"], kept["data"]["files"]) == ("folder", 1)


def test_data_that_can_not_be_read_is_said_and_the_run_goes_on(solvent: Solvent, project: Path, work: Path) -> None:
    (project / "MLproject").write_text(PROJECT)
    (project / "data").mkdir()
    (work / "test.csv").write_text("2\n")
    answer = solvent("run", "project", "-P", "test=test.csv", "--env-manager", "local")
    assert answer.returncode == 0, answer.stderr
    assert f"Warning: the input '{project}/data' (parameter train) is not recorded: " in answer.stderr
    (file,) = (work / ".solvent" / "artifacts").rglob("project.json")
    kept = {one["name"]: one for one in json.loads(file.read_text())["inputs"]}
    assert "holds no files" in kept["data"]["problem"]
    off = solvent("run", "project", "-P", "test=test.csv", "--env-manager", "local", SOLVENT_PROVENANCE_INPUTS="false")
    assert "Warning" not in off.stderr
