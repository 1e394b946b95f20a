"""Fixtures that all rooms use."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from solvent.backend.embedded import EmbeddedBackend
from solvent.store.store import Store

settings.register_profile("solvent", deadline=None)  # no property may fail because the machine is busy
settings.load_profile("solvent")

# A suite that is started in the background inherits an ignored SIGINT, and so would the commands that
# the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[EmbeddedBackend]:
    """A fresh embedded backend: its store in ``tmp_path``, no files yet."""
    embedded = EmbeddedBackend(str(tmp_path), Store(tmp_path / "solvent.db"), tmp_path / "artifacts")
    yield embedded
    embedded.close()
