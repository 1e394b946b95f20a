"""Fixtures of the tracking room."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.wire.runs import CreateRun


@pytest.fixture
def run_id(backend: EmbeddedBackend) -> str:
    """A fresh run in the default experiment."""
    return backend.call(CreateRun(experiment_id="0", start_time=1, run_name="first")).run.info.run_id
