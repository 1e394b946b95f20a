"""The real command in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

COMMAND = Path(sys.executable).with_name("solvent")


class Solvent(Protocol):
    def __call__(
        self, *arguments: str | Path, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``solvent`` with these arguments, in the test's folder unless another is given."""
        ...


def clean_environment() -> dict[str, str]:
    """This process's environment without what would point the command elsewhere."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("SOLVENT_", "MLFLOW_"))}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The working folder of the commands."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def solvent(work: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(
        *arguments: str | Path, cwd: Path | None = None, command: Path = COMMAND, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments],
            cwd=cwd or work,
            env={**clean_environment(), **variables},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )

    return run
