"""What every group of rows needs: programs, environments, folders, how thorough to be."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.oracle import environments


@dataclass(frozen=True)
class Context:
    """``quick`` asks for fewer rounds. ``folder`` is emptied when the benchmark ends."""

    quick: bool
    folder: Path

    python = Path(sys.executable)
    solvent = Path(sys.executable).with_name("solvent")

    @cached_property
    def mlflow(self) -> Path:
        return environments.executable("mlflow-3.17", "mlflow")

    @cached_property
    def mlflow_python(self) -> Path:
        return environments.executable("mlflow-3.17")

    @property
    def rounds(self) -> int:
        return 3 if self.quick else 9

    def environment(self, **more: str) -> dict[str, str]:
        """Ours without other servers, and without PYTHONDONTWRITEBYTECODE, which would tax every start."""
        dropped = ("MLFLOW_", "SOLVENT_", "PYTHONDONTWRITEBYTECODE")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        return kept | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"} | more

    def empty(self) -> Path:
        """A new empty folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def clean(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
