"""What is left of a sweep whose runner was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from tests.cli.conftest import COMMAND, Solvent
from tests.processes import bare_environment


def test_the_members_of_a_dead_sweep_end_with_it(solvent: Solvent, work: Path, project: Path) -> None:
    (project / "train.py").write_text(
        "import os, pathlib, sys, time\n"
        "pathlib.Path(f'up-{sys.argv[2]}').write_text(str(os.getpgid(0)))\ntime.sleep(60)\n"
    )
    command: list[str | Path] = [
        COMMAND,
        "run",
        "project",
        "--env-manager",
        "local",
        "--sweep",
        "-P",
        "alpha=1,2,3",
        "--jobs",
        "2",
    ]
    with subprocess.Popen(
        command, cwd=work, env=bare_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as runner:
        deadline = time.monotonic() + 60
        while len(up := [one for one in project.glob("up-*") if one.read_text()]) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        runner.kill()
    for one in up:
        os.killpg(int(one.read_text()), signal.SIGKILL)
    listed = json.loads(solvent("runs", "list", "--json").stdout)
    members = [run["info"]["run_id"] for run in listed if run["info"]["run_name"].startswith("alpha=")]
    (parent,) = {run["info"]["run_id"] for run in listed} - set(members)
    followed = solvent("runs", "logs", "-f", members[0])
    assert "Not followed any more: process " in followed.stderr
    answer = solvent("runs", "cancel", parent)
    assert "and 2 runs below it" in answer.stdout, answer.stderr
    ended = json.loads(solvent("runs", "list", "--json").stdout)
    assert [run["info"]["status"] for run in ended] == ["KILLED"] * 3
