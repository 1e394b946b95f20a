"""Autologging that is off again after each test, and what it has recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import solvent
from solvent.client.autolog import watching
from solvent.client.entities import Run

Recorded = Callable[[], list[Run]]


@pytest.fixture(autouse=True)
def _off(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(watching, "_told", set())
    yield
    solvent.autolog(disable=True)


@pytest.fixture
def recorded(home: Path) -> Recorded:
    """All runs, the oldest first, read one by one: with all that their data sets have."""

    def read() -> list[Run]:
        assert solvent.flush()
        found = solvent.search_runs(search_all_experiments=True, output_format="list", order_by=["start_time"])
        assert isinstance(found, list)
        return [solvent.get_run(run.info.run_id) for run in found]

    return read
