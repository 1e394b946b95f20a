"""``solvent run``: real projects, real children, real signals."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.runs import GetRun, Run
from tests.cli.conftest import COMMAND, Solvent
from tests.processes import bare_environment, runs

SUCCEEDED = re.compile(r"=== Run \(ID='([0-9a-f]{32})'\) succeeded ===")
FAILED = re.compile(r"=== Run \(ID='([0-9a-f]{32})'\) failed ===")


def last_line(output: str) -> str:
    return output.splitlines()[-1]


def stored(work: Path, run_id: str) -> Run:
    backend = open_embedded(str(work / ".solvent"))
    try:
        return backend.call(GetRun(run_id=run_id)).run
    finally:
        backend.close()


def id_of(pattern: re.Pattern[str], output: str) -> str:
    match = pattern.fullmatch(last_line(output))
    assert match, output
    return match[1]


def tags(run: Run) -> dict[str, str]:
    return {tag.key: tag.value for tag in run.data.tags}


def params(run: Run) -> dict[str, str]:
    return {param.key: param.value for param in run.data.params}


def test_a_run_is_recorded_with_what_it_came_from(solvent: Solvent, project: Path, work: Path) -> None:
    answer = solvent("run", "project", "-P", "alpha=0.25", "--run-name", "first", "--experiment-name", "trials")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[0] == "['--alpha', '0.25']"
    run = stored(work, id_of(SUCCEEDED, answer.stdout))
    assert (run.info.status, run.info.run_name, run.info.experiment_id) == ("FINISHED", "first", "1")
    assert run.info.end_time is not None
    assert params(run) == {"alpha": "0.25"}
    found = tags(run)
    assert found["mlflow.source.name"] == str(project)
    kept = work / ".solvent" / "artifacts" / "1" / run.info.run_id / "artifacts" / "solvent" / "provenance.json"
    summary = json.loads(kept.read_text("utf-8"))
    assert summary["source"] == {"name": str(project), "type": "PROJECT"}
    assert Path(summary["host"]["executable"]).parts[-3:] == (found["solvent.environment"], "bin", "python")
    assert summary["host"]["python"] == found["solvent.python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["mlflow.source.type"] == "PROJECT"
    assert found["mlflow.project.entryPoint"] == "main"
    assert found["mlflow.project.backend"] == "local"
    assert json.loads(found["solvent.project.parameters"]) == {"alpha": "0.25"}
    assert found["mlflow.project.env"] == "uv"
    assert found["mlflow.runName"] == "first"
    assert found["mlflow.user"]
    assert found["solvent.command"] == "bash -c 'python train.py --alpha 0.25'"
    files = list((work / ".solvent" / "artifacts").rglob("packages.txt"))
    packages = {line.partition("==")[0] for line in files[0].read_text().splitlines()}
    assert "click" in packages
    assert "pytest" not in packages  # those of the child's environment, not ours


def test_the_commit_is_recorded(solvent: Solvent, project: Path, work: Path) -> None:
    git: list[str | Path] = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", project]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    answer = solvent("run", "project", "--env-manager", "local")
    found = tags(stored(work, id_of(SUCCEEDED, answer.stdout)))
    assert (found["mlflow.source.git.commit"], found["mlflow.project.env"]) == (commit, "local")


def test_the_child_gets_both_families_of_variables_and_can_import_solvent(
    solvent: Solvent, project: Path, work: Path
) -> None:
    (project / "train.py").write_text(
        "import json, os, sys, solvent, solvent.backend.resolve as r\n"
        "from solvent.wire.runs import LogMetric\n"
        "r.connect().call(LogMetric(run_id=os.environ['SOLVENT_RUN_ID'], key='auc', value=0.5, timestamp=1, step=0))\n"
        "print(json.dumps([dict(os.environ), sys.prefix, solvent.__file__]))\n"
    )
    answer = solvent("run", "project", MLFLOW_EXPERIMENT_NAME="named", HTTP_PROXY="http://127.0.0.1:9")
    assert answer.returncode == 0, answer.stderr
    run_id = id_of(SUCCEEDED, answer.stdout)
    variables, prefix, file = json.loads(answer.stdout.splitlines()[0])
    for name in ("TRACKING_URI", "RUN_ID", "EXPERIMENT_ID"):
        assert variables[f"SOLVENT_{name}"] == variables[f"MLFLOW_{name}"]
    assert variables["SOLVENT_RUN_ID"] == run_id
    assert variables["SOLVENT_TRACKING_URI"].startswith("http://127.0.0.1:")
    assert variables["SOLVENT_HOME"] == str(work / ".solvent")
    assert "MLFLOW_EXPERIMENT_NAME" not in variables
    assert variables["VIRTUAL_ENV"] == prefix
    assert file.startswith(prefix)
    run = stored(work, run_id)
    assert [(metric.key, metric.value) for metric in run.data.metrics] == [("auc", 0.5)]


def test_undeclared_parameters_are_passed_on(solvent: Solvent, project: Path, work: Path) -> None:
    answer = solvent("run", "project", "-P", "name=it's; $(true)")
    assert answer.stdout.splitlines()[0] == """['--alpha', '0.5', '--name', "it's; $(true)"]"""
    assert "Warning: not declared by entry point 'main', so passed on unchecked as --name" in answer.stderr
    assert params(stored(work, id_of(SUCCEEDED, answer.stdout))) == {"alpha": "0.5", "name": "it's; $(true)"}


def test_a_failing_child_is_a_failed_run(solvent: Solvent, project: Path, work: Path) -> None:
    (project / "train.py").write_text("import sys\nprint('half a line', end='')\nsys.exit('no such column')\n")
    answer = solvent("run", "project")
    assert answer.returncode == 1
    assert answer.stdout.splitlines()[0] == "half a line"
    assert stored(work, id_of(FAILED, answer.stdout)).info.status == "FAILED"
    assert "no such column" in answer.stderr
    assert "the command ended with code 1: python train.py --alpha 0.5" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_what_a_child_said_last_on_stdout_is_repeated_on_stderr(solvent: Solvent, project: Path) -> None:
    (project / "train.py").write_text("import sys\nfor n in range(1000): print('line', n)\nsys.exit(3)\n")
    answer = solvent("run", "project")
    assert answer.stdout.count("line ") == 1000
    assert answer.stderr.splitlines()[-21:-1] == [f"line {number}" for number in range(980, 1000)]


def test_a_missing_package_is_explained(solvent: Solvent, project: Path) -> None:
    (project / "train.py").write_text("import sklearn\n")
    answer = solvent("run", "project")
    assert answer.returncode == 1
    assert "No module named 'sklearn': add its package to the dependencies of a python_env.yaml" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["."], "no MLproject file in"),
        (["nowhere"], "nowhere is not there"),
        (["project", "-e", "trian"], "no entry point 'trian' in project (it has: main, strict)"),
        (["project", "-e", "strict"], "needs 'data' (string): add -P data=..."),
        (["project", "-P", "alpha=abc"], "parameter 'alpha' (float): expected a number, such as 0.5, found 'abc'"),
        (["s3://bucket/a.zip"], "can't be fetched: expected a folder, a zip"),
        (["project", "--version", "abc"], "is no git repository, so it has no version 'abc': leave out --version"),
    ],
)
def test_what_can_not_start_is_said_and_no_run_is_made(
    solvent: Solvent, project: Path, work: Path, arguments: list[str], message: str
) -> None:
    answer = solvent("run", *arguments)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("Error: ")
    assert message in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (work / ".solvent").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["project", "-P", "alpha"],
        ["project", "-P", "alpha=1", "-P", "alpha=2"],
        ["project", "--experiment-name", "a", "--experiment-id", "1"],
        ["project", "--env-manager", "conda"],
    ],
)
def test_wrong_usage(solvent: Solvent, project: Path, arguments: list[str]) -> None:
    answer = solvent("run", *arguments)
    assert answer.returncode == 2
    assert "Error: " in answer.stderr


def test_invalid_yaml_is_placed(solvent: Solvent, project: Path) -> None:
    (project / "MLproject").write_text("name: a\nentry_points:\n  main: {command: [\n")
    answer = solvent("run", "project")
    assert answer.returncode == 1
    assert re.search(r"MLproject, line 4, column 1: not valid YAML", answer.stderr)


def test_a_deleted_or_unknown_experiment_makes_no_run(solvent: Solvent, project: Path) -> None:
    solvent("experiments", "create", "-n", "old")
    solvent("experiments", "delete", "-x", "1")
    answer = solvent("run", "project", "--experiment-name", "old")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "experiment 'old' is deleted: restore it (solvent experiments restore -x 1)" in answer.stderr
    answer = solvent("run", "project", "--experiment-id", "77")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "77" in answer.stderr


def test_an_unreachable_server_is_named_before_anything_starts(solvent: Solvent, project: Path) -> None:
    answer = solvent("run", "project", SOLVENT_TRACKING_URI="http://127.0.0.1:9")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "http://127.0.0.1:9" in answer.stderr
    assert "Traceback" not in answer.stderr


def start(work: Path, cache: Path, project: Path, script: str, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start ``solvent run`` of a shell script, and wait until it says 'up'."""
    (project / "go.sh").write_text(script)
    hang_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it, and it is inherited
    process = subprocess.Popen(
        [*before, COMMAND, "run", "project", "-e", "go.sh", "--env-manager", "local"],
        cwd=work,
        env=bare_environment(SOLVENT_CACHE=str(cache)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGHUP, hang_up)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_everything_that_was_started(
    work: Path, cache: Path, project: Path, number: signal.Signals, code: int
) -> None:
    script = f"{sys.executable} -c 'import time; time.sleep(60)' &\necho $! > pid\necho up\nwait\n"
    process = start(work, cache, project, script)
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Ended by signal" in errors
    assert stored(work, id_of(FAILED, output)).info.status == "KILLED"
    assert not runs(int((project / "pid").read_text()))


def test_a_signal_that_is_ignored_stays_ignored(work: Path, cache: Path, project: Path) -> None:
    """As under ``nohup``, when the terminal goes."""
    process = start(work, cache, project, "echo up\nwhile [ ! -e go ]; do sleep 0.1; done\n", before=["nohup"])
    process.send_signal(signal.SIGHUP)
    (project / "go").touch()
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert stored(work, id_of(SUCCEEDED, output)).info.status == "FINISHED"


def test_a_second_signal_kills_what_ignores_the_first(work: Path, cache: Path, project: Path) -> None:
    script = "trap 'echo > heard' TERM\necho $$ > pid\necho up\nwhile true; do sleep 0.1; done\n"
    process = start(work, cache, project, script)
    process.send_signal(signal.SIGTERM)
    wait_for(project / "heard")
    assert runs(int((project / "pid").read_text()))
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 143
    assert stored(work, id_of(FAILED, output)).info.status == "KILLED"
    assert not runs(int((project / "pid").read_text()))


def test_a_second_signal_kills_what_the_command_left_behind(work: Path, cache: Path, project: Path) -> None:
    deaf = "bash -c \"trap 'echo > heard' TERM; echo \\$\\$ > pid; echo up; while true; do sleep 0.1; done\" &\nwait\n"
    process = start(work, cache, project, deaf)
    process.send_signal(signal.SIGTERM)
    wait_for(project / "heard")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 143
    assert not runs(int((project / "pid").read_text()))


def wait_for(sign: Path) -> None:
    """Return once the first signal was heard: two that nobody has looked at yet count as one."""
    deadline = time.monotonic() + 60
    while not sign.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_child_ended_by_a_signal_of_its_own_is_explained(solvent: Solvent, project: Path) -> None:
    (project / "train.py").write_text("import os\nos.kill(os.getpid(), 9)\n")
    answer = solvent("run", "project", "--env-manager", "local")
    assert answer.returncode == 1
    assert FAILED.fullmatch(last_line(answer.stdout))
    assert "was ended by SIGKILL (the system may have been out of memory)" in answer.stderr


def test_a_process_left_behind_does_not_hold_the_run(solvent: Solvent, project: Path) -> None:
    (project / "go.sh").write_text("sleep 20 &\necho $! > pid\n")
    answer = solvent("run", "project", "-e", "go.sh", "--env-manager", "local")
    os.kill(int((project / "pid").read_text()), signal.SIGKILL)
    assert SUCCEEDED.fullmatch(last_line(answer.stdout))


def test_a_full_disk_during_a_run_is_named(work: Path, cache: Path, project: Path) -> None:
    """On a small file system of our own, where a user namespace may mount one."""
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("no user namespaces here")
    (work / "small").mkdir()
    (project / "go.sh").write_text("cat /dev/zero > ../small/filler\n")
    script = 'mount -t tmpfs -o size=2m tmpfs small && exec "$0" run project -e go.sh --env-manager local'
    answer = subprocess.run(
        ["unshare", "-rm", "bash", "-c", script, COMMAND],
        cwd=work,
        env=bare_environment(SOLVENT_CACHE=str(cache), SOLVENT_TRACKING_URI="small/store"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 1
    assert FAILED.fullmatch(last_line(answer.stdout))
    assert "Error: no room left on the disk that holds" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_last_line_of_a_child_that_failed_is_kept(solvent: Solvent, project: Path, work: Path) -> None:
    (project / "train.py").write_text("import sys\nsys.exit('no data in data/, token=abc\\n')\n")
    answer = solvent("run", "project", "--env-manager", "local")
    assert answer.returncode == 1
    found = tags(stored(work, id_of(FAILED, answer.stdout)))
    assert found["solvent.failure"] == "no data in data/, token=[redacted]"
