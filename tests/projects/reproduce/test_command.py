"""The command around the verdict: whom it asks, what it says, and how it is stopped."""

from __future__ import annotations

import signal
import subprocess

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.experiments import Tag
from solvent.wire.runs import CreateRun, SetTag, UpdateRun
from tests.processes import bare_environment
from tests.projects.reproduce.conftest import SOLVENT, Project

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("reproduce")]


def test_a_run_that_is_not_there(project: Project) -> None:
    ended = project.call("reproduce", "0" * 32)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert len(ended.stderr.splitlines()) == 1


def test_a_tolerance_that_is_none(project: Project) -> None:
    ended = project.call("reproduce", "0" * 32, "--tolerance", "much")
    assert "expected a tolerance such as rel=1e-6" in ended.stderr


def test_a_run_that_no_project_made(project: Project) -> None:
    backend = open_embedded(str(project.folder / ".solvent"))
    run_id = backend.call(CreateRun(experiment_id="0", tags=[Tag(key="a", value="b")])).run.info.run_id
    backend.call(UpdateRun(run_id=run_id, status="FINISHED"))
    backend.close()
    ended = project.call("reproduce", run_id)
    assert ended.returncode == 1
    assert "cannot be repeated because it was not started by 'solvent run'" in ended.stdout
    assert "cannot be repeated" in project.tags(run_id)["solvent.reproduction"]


def test_what_somebody_else_recorded_is_not_executed_unasked(project: Project) -> None:
    run_id = project.run()
    backend = open_embedded(str(project.folder / ".solvent"))
    backend.call(SetTag(run_id=run_id, key="mlflow.user", value="mallory"))
    backend.close()
    ended = project.call("reproduce", run_id)
    assert ended.returncode == 1
    assert "what 'mallory' recorded" in ended.stderr
    assert "add --yes" in ended.stderr
    assert "solvent.reproduction" not in project.tags(run_id)
    assert project.reproduce(run_id, "--yes")["outcome"] == "reproduced"


def test_a_stopped_repetition_gives_no_verdict(project: Project) -> None:
    wait = "import os\nif 'solvent-reproduce-' in os.getcwd(): print('waiting'); time.sleep(60)"
    project.replace("OFFSET = 1.0", f"OFFSET = 1.0\n{wait}")
    run_id = project.run()
    with subprocess.Popen(
        [SOLVENT, "reproduce", run_id, "--show-output"],
        cwd=project.folder,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line == "waiting\n":
                break
        process.send_signal(signal.SIGINT)
        printed, told = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert "there is no verdict" in told
    assert "solvent.reproduction" not in project.tags(run_id)
    listing = project.call("runs", "list", "--filter", f"tags.`solvent.reproduces` = '{run_id}'").stdout
    assert "KILLED" in listing
