"""What processes could not send before they ended is delivered later."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cli.conftest import Solvent
from tests.processes import bare_environment

LOG_AND_DIE = """
import os, solvent
with solvent.start_run():
    {before}
    solvent.log_metric('m', 1.5)
    os.kill(os.getpid(), 9)
"""


def metrics(solvent: Solvent) -> dict[str, Any]:
    """Those of the only run there is."""
    (run,) = json.loads(solvent("runs", "list", "-x", "0", "--json").stdout)
    found: dict[str, Any] = run["data"]["metrics"]
    return found


def test_nothing_to_deliver(solvent: Solvent) -> None:
    answer = solvent("sync")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "Nothing to deliver.\n", "")


def test_a_script_that_died_is_delivered(solvent: Solvent, work: Path) -> None:
    script = "import os, solvent; solvent.log_metric('m', 2.5); os._exit(0)"
    subprocess.run([sys.executable, "-c", script], cwd=work, env=bare_environment(), check=True, capture_output=True)
    assert json.loads(solvent("sync", "--json").stdout)["failed"] == {}
    assert metrics(solvent) == {"m": 2.5}


def test_a_child_that_was_killed_is_delivered_by_its_run(solvent: Solvent, project: Path) -> None:
    (project / "train.py").write_text(LOG_AND_DIE.format(before="pass"))
    answer = solvent("run", "project", "--env-manager", "local")
    assert answer.returncode == 1
    assert metrics(solvent) == {"m": 1.5}
    assert solvent("sync").stdout == "Nothing to deliver.\n"


def test_a_child_that_was_killed_with_its_run_is_delivered_to_the_store(solvent: Solvent, project: Path) -> None:
    """The server that the child logged to is gone with the run: the store behind it gets what is left."""
    (project / "train.py").write_text(LOG_AND_DIE.format(before="os.kill(os.getppid(), 9)"))
    answer = solvent("run", "project", "--env-manager", "local")
    assert answer.returncode == -9
    assert json.loads(solvent("sync", "--json").stdout)["failed"] == {}
    assert metrics(solvent) == {"m": 1.5}


def test_a_server_that_stays_away_is_named_and_nothing_is_lost(solvent: Solvent, work: Path) -> None:
    script = "import os, solvent; solvent.log_metric('m', 2.5); os._exit(0)"
    variables = bare_environment(SOLVENT_TRACKING_URI="http://127.0.0.1:9")
    subprocess.run([sys.executable, "-c", script], cwd=work, env=variables, check=True, capture_output=True)
    before = sorted(path.name for path in (work / ".solvent" / "spool").iterdir())
    answer = solvent("sync")
    assert (answer.returncode, answer.stdout) == (1, "Nothing could be delivered.\n")
    assert "is kept: " in answer.stderr
    assert "--to URI" in answer.stderr
    assert "http://127.0.0.1:9" in answer.stderr
    assert sorted(path.name for path in (work / ".solvent" / "spool").iterdir()) == before != []


def left_for_a_server_that_is_gone(work: Path) -> str:
    """The name of a spool that holds a run with one metric."""
    script = "import os, solvent; solvent.log_metric('m', 2.5); os._exit(0)"
    variables = bare_environment(SOLVENT_TRACKING_URI="http://127.0.0.1:9", SOLVENT_PROVENANCE="false")
    subprocess.run([sys.executable, "-c", script], cwd=work, env=variables, check=True, capture_output=True)
    (spool,) = (work / ".solvent" / "spool").glob("*.jsonl")
    return spool.stem


def test_what_can_not_be_delivered_is_delivered_elsewhere(solvent: Solvent, work: Path) -> None:
    left_for_a_server_that_is_gone(work)
    answer = solvent("sync", "--to", ".solvent")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.endswith("and 0 files.\nEnded 1 run as FAILED: the process had died.\n")
    assert metrics(solvent) == {"m": 2.5}
    assert list((work / ".solvent" / "spool").iterdir()) == []


def test_what_can_not_be_delivered_is_discarded_when_asked_to(solvent: Solvent, work: Path) -> None:
    name = left_for_a_server_that_is_gone(work)
    assert solvent("sync", "--discard", "no-such-spool").returncode == 1
    answer = solvent("sync", "--discard", name)
    assert answer.returncode == 0
    assert answer.stdout.startswith(f"Discarded spool {name} with ")
    assert list((work / ".solvent" / "spool").iterdir()) == []
    assert solvent("sync").stdout == "Nothing to deliver.\n"
