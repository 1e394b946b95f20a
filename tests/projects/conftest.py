"""One cache of environments for the whole session: building is what takes time."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def session_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def cache(session_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder, which ``SOLVENT_CACHE`` names during the test."""
    monkeypatch.setenv("SOLVENT_CACHE", str(session_cache))
    return session_cache
