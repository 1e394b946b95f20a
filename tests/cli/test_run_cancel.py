"""``solvent runs cancel`` while the environment is built: a real build, a real runner, the real command."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.runs import SearchRuns
from tests.cli.conftest import COMMAND, Solvent
from tests.cli.test_run import FAILED, id_of, stored, tags
from tests.processes import bare_environment, runs

COMMANDS = ("run", "project", "--reuse"), ("run", "project", "--reuse", "--sweep", "-P", "alpha=1,2")
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_IGN)\n"


@pytest.mark.parametrize("deaf", ["", DEAF], ids=["a usual build", "a build that is deaf to signals"])
def test_a_build_ends_at_once_with_all_that_it_started(
    solvent: Solvent, project: Path, work: Path, tmp_path: Path, deaf: str
) -> None:
    cache = tmp_path / "cache"
    with building(project, work, cache, "run", "project", deaf=deaf) as runner:
        answer = solvent("runs", "cancel", (run_id := only_run(work)))
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout == f"Run {run_id} has ended: KILLED\n"
        output, errors = runner.communicate(timeout=30)
    assert runner.returncode == 130, errors
    assert "Cancelled by " in errors
    assert_nothing_is_left(work, cache)
    run = stored(work, id_of(FAILED, output))
    assert (run.info.run_id, run.info.status) == (run_id, "KILLED")
    assert "solvent.environment" not in tags(run)


@pytest.mark.parametrize("command", COMMANDS, ids=["run", "sweep"])
def test_a_signal_ends_a_build_that_looks_for_earlier_runs(
    project: Path, work: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    cache = tmp_path / "cache"
    with building(project, work, cache, *command) as runner:
        runner.send_signal(signal.SIGTERM)
        output, errors = runner.communicate(timeout=30)
    assert (runner.returncode, output) == (143, ""), errors
    assert errors.endswith("Ended by signal 15: nothing was run.\n")
    assert_nothing_is_left(work, cache)


@contextmanager
def building(project: Path, work: Path, cache: Path, *command: str, deaf: str = "") -> Iterator[subprocess.Popen[str]]:
    """The command, while it builds an environment that takes two minutes."""
    slow = project / "slow"
    slow.mkdir()
    (slow / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
        '[project]\nname = "slow"\nversion = "1"\n'
    )
    sign = work / "building"
    (slow / "slow.py").write_text(
        f"import os, pathlib, time\n{deaf}def build_wheel(*_, **__):\n"
        f"    part = pathlib.Path({str(work)!r}) / 'part'; part.write_text(str(os.getpid()))\n"
        f"    part.rename({str(sign)!r}); time.sleep(120)\n"
    )
    (project / "python_env.yaml").write_text("dependencies: [./slow]\n")
    with subprocess.Popen(
        [COMMAND, *command],
        cwd=work,
        env=bare_environment(SOLVENT_CACHE=str(cache), UV_OFFLINE="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as runner:
        deadline = time.monotonic() + 60
        while not sign.exists():
            assert runner.poll() is None, runner.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield runner


def assert_nothing_is_left(work: Path, cache: Path) -> None:
    assert not runs(int((work / "building").read_text()))
    assert [entry for entry in (cache / "environments").iterdir() if entry.is_dir()] == []


def only_run(work: Path) -> str:
    backend = open_embedded(str(work / ".solvent"))
    try:
        (run,) = backend.call(SearchRuns(experiment_ids=["0"])).runs
    finally:
        backend.close()
    return run.info.run_id
