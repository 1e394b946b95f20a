"""A home of its own for each test, and an SDK that starts anew."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from solvent.backend.protocol import Backend
from solvent.client import connections
from solvent.client.process.session import session

VARIABLES = ("TRACKING_URI", "RUN_ID", "EXPERIMENT_ID", "EXPERIMENT_NAME")
Script = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home folder of a fresh SDK: embedded store, no capture, no samples."""
    for name in VARIABLES:
        monkeypatch.delenv(f"SOLVENT_{name}", raising=False)
        monkeypatch.delenv(f"MLFLOW_{name}", raising=False)
    monkeypatch.setenv("SOLVENT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SOLVENT_PROVENANCE", "false")
    monkeypatch.setenv("SOLVENT_SYSTEM_METRICS", "false")
    monkeypatch.chdir(tmp_path)
    session.reset()
    yield tmp_path / "home"
    if session.background is not None:
        session.background.finish(5.0)
    session.flush(limit=5.0, patience=0.0)
    session.stop()
    session.reset()
    assert threading.active_count() < 50


@pytest.fixture
def store(home: Path) -> Callable[[], Backend]:
    """The backend of the home's own store."""
    return lambda: connections.backend_of(str(home))


@pytest.fixture
def script(home: Path) -> Script:
    """Run Python code in a process of its own that shares the home."""

    def run(code: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"SOLVENT_HOME": str(home)} | variables,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    return run


def spools(home: Path) -> list[Path]:
    """What lies in the spool folder."""
    folder = home / "spool"
    return sorted(folder.iterdir()) if folder.is_dir() else []
