"""What every group of rows needs: programs, environments, folders, how thorough to be."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bench.window import Load
from tests.oracle import environments


@dataclass(frozen=True)
class Context:
    """``quick`` asks for fewer rounds. ``folder`` is emptied when the benchmark ends."""

    quick: bool
    folder: Path
    loads: list[Load] = field(default_factory=list)

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

    @property
    def windows(self) -> int:
        """How many times each server is loaded with one kind of request."""
        return 1 if self.quick else 5

    @property
    def window(self) -> float:
        """Seconds of load; a window lasts until its last answer has come."""
        return 1.0 if self.quick else 2.0

    def observe(self, loads: Iterable[Load]) -> None:
        """Take note of what the load generator itself did."""
        self.loads.extend(loads)

    def account(self) -> str:
        """One sentence on requests, errors and the generator's own share of a processor."""
        if not self.loads:
            return ""
        requests, errors = sum(load.requests for load in self.loads), sum(load.errors for load in self.loads)
        busiest = max(load.own / load.seconds for load in self.loads)
        return (
            f"{requests:,} requests were answered, {errors:,} of them with errors. The load generator, one thread, "
            f"used at most {busiest:.0%} of a processor."
        )

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
