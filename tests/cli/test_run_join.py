"""``solvent run --run-id``: a second attempt in the same run, of which nothing of the first may lie beside it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from solvent.backend.resolve import open_embedded
from solvent.projects.cancel import CANCEL
from solvent.wire.runs import SetTag
from tests.cli.conftest import Solvent
from tests.cli.test_run import FAILED, SUCCEEDED, id_of, start, stored, tags

LOCAL = ("--env-manager", "local")


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=me", "-c", "user.email=me@example.org")
    subprocess.run(["git", "-C", folder, *identity, *words], check=True, capture_output=True)


def command(project: Path, text: str) -> None:
    (project / "MLproject").write_text(f"entry_points:\n  main:\n    command: {json.dumps(text)}\n")


def test_an_attempt_takes_the_place_of_what_the_one_before_came_from(
    solvent: Solvent, project: Path, work: Path
) -> None:
    git(project, "init", "--quiet")
    command(project, "seq 60000; echo first problem >&2; exit 3")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "one")
    (project / "train.py").write_text("print(1)\n")
    run_id = id_of(FAILED, solvent("run", "project", *LOCAL).stdout)
    backend = open_embedded(str(work / ".solvent"))
    backend.call(SetTag(run_id=run_id, key=CANCEL, value="{}"))
    backend.close()
    record = work / ".solvent" / "artifacts" / "0" / run_id / "artifacts" / "solvent"
    assert (record / "patch.diff").exists()
    command(project, "sleep 3; echo second")
    git(project, "commit", "--quiet", "-am", "two")
    answer = solvent("run", "project", "--run-id", run_id, *LOCAL)
    assert id_of(SUCCEEDED, answer.stdout) == run_id
    found = tags(stored(work, run_id))
    assert found["solvent.code"] == "versioned"
    assert found["solvent.exit_code"] == "0"
    assert not {CANCEL, "solvent.failure"} & found.keys()
    assert not (record / "patch.diff").exists()
    lines = solvent("runs", "logs", run_id).stdout.splitlines()
    assert len(lines) == 60003
    assert "first problem" in lines[:-2]
    assert lines[-2:] == ["[solvent: the run goes on, with another command]", "second"]


def test_a_run_that_is_under_way_is_not_joined(solvent: Solvent, project: Path, work: Path, cache: Path) -> None:
    process = start(work, cache, project, "echo up\nwhile [ ! -e go ]; do sleep 0.1; done\n")
    run_id = solvent("runs", "list", "--json").stdout
    (run,) = json.loads(run_id)
    run_id = run["info"]["run_id"]
    answer = solvent("run", "project", "--run-id", run_id, *LOCAL)
    (project / "go").touch()
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"run {run_id} is under way (process {process.pid} on " in answer.stderr
    output, _ = process.communicate(timeout=30)
    assert id_of(SUCCEEDED, output) == run_id
