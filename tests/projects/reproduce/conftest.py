"""A small project under git, run and reproduced by the real command, in the environment of the tests."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.runs import GetRun
from tests.processes import user_environment

SOLVENT = Path(sys.executable).with_name("solvent")

MLPROJECT = """
name: small
entry_points:
  main:
    parameters:
      rows: {type: path, default: rows.csv}
      factor: {type: float, default: 2}
    command: "python train.py {rows} {factor}"
"""

TRAIN = """
import random, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor, as_completed
import solvent

OFFSET = 1.0
rows, factor = sys.argv[1], float(sys.argv[2])
random.seed(7)

def part(number):
    return number

with solvent.start_run():
    solvent.log_input(rows)
    values = [float(line) for line in open(rows)]
    total = OFFSET + factor * sum(values) + random.random()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(part, number) for number in range(20)]
        for done in asked:
            total = 0.9 * total + done.result()
    solvent.log_metric("total", total)
    solvent.log_text(f"{total!r}", "model.txt")
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    ended = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return ended.stdout.strip()


@dataclass(frozen=True)
class Project:
    """A project's folder ``small`` in a repository, and a store in ``folder``; ``bytecode`` is what all share."""

    folder: Path
    bytecode: Path

    @property
    def small(self) -> Path:
        return self.folder / "small"

    def replace(self, old: str, new: str, name: str = "train.py") -> None:
        text = (self.small / name).read_text()
        assert old in text
        (self.small / name).write_text(text.replace(old, new))

    def commit(self) -> None:
        git(self.small, "add", ".")
        git(self.small, "commit", "-qm", "a change")

    def call(self, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SOLVENT, *arguments],
            cwd=self.folder,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def environment(self, **variables: str) -> dict[str, str]:
        return user_environment(self.bytecode, **variables)

    def run(self, *arguments: str | Path) -> str:
        """Run the project; the id of its run."""
        ended = self.call(
            "run", "small", *(() if "--env-manager" in arguments else ("--env-manager", "local")), *arguments
        )
        found = re.search(r"=== Run \(ID='(\w+)'\) succeeded ===", ended.stdout)
        assert found, ended.stderr
        return found[1]

    def reproduce(self, run_id: str, *arguments: str | Path) -> dict[str, Any]:
        """Reproduce a run; the verdict."""
        ended = self.call("reproduce", run_id, "--json", *arguments)
        assert ended.stdout, ended.stderr
        verdict: dict[str, Any] = json.loads(ended.stdout)
        assert ended.returncode == (0 if verdict["outcome"].startswith("reproduced") else 1)
        return verdict

    def tags(self, run_id: str) -> dict[str, str]:
        backend = open_embedded(str(self.folder / ".solvent"))
        try:
            return {tag.key: tag.value for tag in backend.call(GetRun(run_id=run_id)).run.data.tags}
        finally:
            backend.close()


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Python has compiled, for all commands of these tests."""
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def project(tmp_path: Path, bytecode: Path) -> Project:
    made = Project(tmp_path / "work", bytecode)
    made.small.mkdir(parents=True)
    (made.small / "MLproject").write_text(MLPROJECT)
    (made.small / "train.py").write_text(TRAIN)
    (made.small / "rows.csv").write_text("1\n2\n3\n")
    git(made.small, "init", "-q", "-b", "main")
    made.commit()
    return made
