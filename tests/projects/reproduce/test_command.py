"""The command around the verdict: whom it asks, what it says, and how it is stopped."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.experiments import Tag
from solvent.wire.runs import CreateRun, SetTag, UpdateRun
from tests.processes import runs
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


def test_the_users_name_on_a_run_is_no_consent(project: Project) -> None:
    run_id = project.run()
    backend = open_embedded(str(project.folder / ".solvent"))
    backend.call(SetTag(run_id=run_id, key="solvent.project.parameters", value='{"extra": "1"}'))
    backend.close()
    ended = project.call("reproduce", run_id)
    assert ended.returncode == 1
    assert "add --yes" in ended.stderr


def test_a_signal_while_its_environment_is_built_ends_the_build(project: Project, tmp_path: Path) -> None:
    run_id = project.run()
    sign, slow = tmp_path / "building", tmp_path / "slow"
    slow.mkdir()
    (slow / "MLproject").write_text("name: slow\n")
    (slow / "python_env.yaml").write_text("dependencies: ['./package']\n")
    package = slow / "package"
    package.mkdir()
    (package / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
        '[project]\nname = "slow"\nversion = "1"\n'
    )
    (package / "slow.py").write_text(
        "import os, pathlib, time\ndef build_wheel(*_, **__):\n"
        f"    part = pathlib.Path('{sign}-part'); part.write_text(str(os.getpid())); part.rename('{sign}')\n"
        "    time.sleep(120)\n"
    )
    with subprocess.Popen(
        [SOLVENT, "reproduce", run_id, "--environment", slow, "--yes"],  # another cache, another key
        cwd=project.folder,
        env=project.environment(SOLVENT_CACHE=str(tmp_path / "cache")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not sign.exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        printed, told = process.communicate(timeout=30)
    assert (process.returncode, printed) == (143, ""), told
    assert not runs(int(sign.read_text()))
    assert [entry for entry in (tmp_path / "cache" / "environments").iterdir() if entry.is_dir()] == []
    assert "solvent.reproduction" not in project.tags(run_id)


def test_a_stopped_repetition_gives_no_verdict(project: Project) -> None:
    wait = "import os\nif 'solvent-reproduce-' in os.getcwd(): print('waiting'); time.sleep(60)"
    project.replace("OFFSET = 1.0", f"OFFSET = 1.0\n{wait}")
    run_id = project.run()
    with subprocess.Popen(
        [SOLVENT, "reproduce", run_id, "--show-output"],
        cwd=project.folder,
        env=project.environment(),
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
