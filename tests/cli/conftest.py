"""The real command in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from tests.processes import bare_environment

COMMAND = Path(sys.executable).with_name("solvent")


class Solvent(Protocol):
    def __call__(
        self, *arguments: str | Path, cwd: Path | None = None, command: Path = COMMAND, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``solvent`` with these arguments, in the test's folder unless another is given."""
        ...


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of environments for the whole session: building is what takes time."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The working folder of the commands."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def solvent(work: Path, cache: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(
        *arguments: str | Path, cwd: Path | None = None, command: Path = COMMAND, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments],
            cwd=cwd or work,
            env=bare_environment(**{"SOLVENT_CACHE": str(cache), **variables}),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )

    return run


@pytest.fixture
def project(work: Path) -> Path:
    """A project without requirements, whose command is a Python script that its test writes."""
    folder = work / "project"
    folder.mkdir()
    (folder / "MLproject").write_text(MLPROJECT, "utf-8")
    (folder / "train.py").write_text("import sys\nprint(sys.argv[1:])\n", "utf-8")
    return folder


MLPROJECT = """
name: small
entry_points:
  main:
    parameters:
      alpha: {type: float, default: 0.5}
    command: "python train.py --alpha {alpha}"
  strict:
    parameters:
      data: {type: string}
    command: "python train.py {data}"
"""
