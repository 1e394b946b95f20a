"""The commands of our users' tutorials and the lines that they promise, also under the name mlflow."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest

from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel, TransitionModelVersionStage
from tests.cli.conftest import COMMAND, Solvent
from tests.cli.stores import embedded
from tests.processes import bare_environment

SUCCEEDED = r"=== Run \(ID='[0-9a-f]{32}'\) succeeded ==="


@pytest.fixture(params=["solvent", "mlflow"])
def command(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The command by its own name, and by the one of ``alias mlflow=solvent``."""
    alias = tmp_path / "bin" / str(request.param)
    alias.parent.mkdir()
    alias.symlink_to(COMMAND)
    return alias


def test_run_says_that_it_succeeded(solvent: Solvent, project: Path, command: Path) -> None:
    answer = solvent("run", ".", cwd=project, command=command)
    assert answer.returncode == 0
    assert re.fullmatch(SUCCEEDED, answer.stdout.splitlines()[-1])


def test_the_first_experiment_has_id_1(solvent: Solvent, command: Path) -> None:
    answer = solvent("experiments", "create", "--experiment-name", "model-training", command=command)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "Created experiment with ID 1\n", "")


def test_run_takes_a_parameter(solvent: Solvent, project: Path, command: Path) -> None:
    answer = solvent("run", ".", "-P", "alpha=0.5", cwd=project, command=command)
    assert answer.stdout.splitlines()[0] == "['--alpha', '0.5']"
    assert re.fullmatch(SUCCEEDED, answer.stdout.splitlines()[-1])


def test_ui_says_where_it_is(work: Path, command: Path) -> None:
    process = subprocess.Popen(
        [command, "ui", "--port", "0"], cwd=work, env=bare_environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    process.stdout.close()
    assert re.fullmatch(r"Starting Solvent UI at http://127\.0\.0\.1:[0-9]+\n", line)


def test_ui_is_at_port_5000_by_default(solvent: Solvent, command: Path) -> None:
    shown = " ".join(solvent("ui", "--help", command=command).stdout.split())
    assert "-h, --host TEXT The address to listen on. [default: 127.0.0.1]" in shown
    assert "The port; 0 takes a free one. [default: 5000;" in shown


def test_list_versions_shows_versions_with_their_stages(solvent: Solvent, work: Path, command: Path) -> None:
    with embedded(work) as backend:
        backend.call(CreateRegisteredModel(name="my_model"))
        for number, stage in (("1", "Production"), ("2", "Staging")):
            backend.call(CreateModelVersion(name="my_model", source=f"s3://bucket/{number}"))
            backend.call(TransitionModelVersionStage(name="my_model", version=number, stage=stage))
    answer = solvent("models", "list-versions", "--model-name", "my_model", command=command)
    expected = "[{'version': '1', 'stage': 'Production'}, {'version': '2', 'stage': 'Staging'}]\n"
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, expected, "")
