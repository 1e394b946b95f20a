"""Power cuts: FULL loses nothing that was acknowledged; the same test catches NORMAL losing."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import solvent.tracking  # noqa: F401 - registers the use cases
from solvent.store.operations import operation_of
from solvent.store.store import Job, Store
from solvent.wire.experiments import CreateExperiment
from tests.faults.power import Disk, PowerConnection, PowerLayer

CUTS = int(os.environ.get("SOLVENT_FAULT_ROUNDS", "50")) * 4
GROUPS = 60


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk()
    layer = PowerLayer(disk)
    with monkeypatch.context() as patch:
        patch.setattr("solvent.store.database.sqlite3.connect", PowerConnection)
        yield disk
    layer.unregister()


def _acknowledge_experiments(folder: Path, disk: Disk, synchronous: str) -> list[tuple[int, str]]:
    """Commit groups of new experiments; each one's name with the moment at which it was acknowledged."""
    operation = operation_of(CreateExperiment)
    assert operation is not None
    store = Store(folder / "solvent.db", synchronous=synchronous)
    acknowledged = []
    chance = random.Random(1)
    for group in range(GROUPS):
        requests = [CreateExperiment(name=f"{group}-{member}") for member in range(chance.randint(1, 5))]
        outcomes = store.write_group([Job(operation.run, request) for request in requests])
        assert not any(isinstance(outcome, BaseException) for outcome in outcomes)
        acknowledged += [(disk.now, str(request.name)) for request in requests]
    store.close()
    return acknowledged


def _losses(folder: Path, disk: Disk, acknowledged: list[tuple[int, str]]) -> tuple[int, int]:
    """How many cuts lost an acknowledged experiment, and how many left a database that is not sound."""
    first = acknowledged[0][0]
    chance = random.Random(2)
    lost = unsound = 0
    for number in range(CUTS):
        moment = chance.randint(first, disk.now)
        place = folder / f"cut-{number}"
        place.mkdir()
        for name, content in disk.after_power_cut(moment, chance).items():
            (place / name).write_bytes(content)
        names = _experiments(place / "solvent.db")
        unsound += names is None
        lost += names is not None and any(name not in names for when, name in acknowledged if when <= moment)
    return lost, unsound


def _experiments(path: Path) -> set[str] | None:
    """The names in the database, or None if it is damaged."""
    connection = sqlite3.Connection(path)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return None
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'experiments'").fetchone():
            return set()  # sound, and everything lost
        return {name for (name,) in connection.execute("SELECT name FROM experiments")}
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()


@pytest.mark.faults
def test_full_loses_nothing_that_was_acknowledged(tmp_path: Path, disk: Disk) -> None:
    acknowledged = _acknowledge_experiments(tmp_path, disk, "FULL")
    assert _losses(tmp_path, disk, acknowledged) == (0, 0)


@pytest.mark.faults
def test_the_same_cuts_catch_normal_losing(tmp_path: Path, disk: Disk) -> None:
    acknowledged = _acknowledge_experiments(tmp_path, disk, "NORMAL")
    lost, unsound = _losses(tmp_path, disk, acknowledged)
    assert lost > CUTS // 10
    assert unsound == 0
