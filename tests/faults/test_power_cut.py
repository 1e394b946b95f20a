"""Power cuts: FULL loses nothing that was acknowledged; the same test catches NORMAL losing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from solvent.store.store import Store
from tests.faults.power import Disk, PowerConnection, PowerLayer
from tests.faults.rounds import ROUNDS
from tests.faults.workload import Workload, Write, halves, pieces

pytestmark = pytest.mark.faults

CUTS = ROUNDS * 4
GROUPS = 60
CHECKPOINT_EVERY = 13


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    layer = PowerLayer(disk)
    yield disk
    layer.unregister()


class Acknowledged(NamedTuple):
    moment: int
    write: Write


def work(folder: Path, disk: Disk, synchronous: str) -> list[Acknowledged]:
    """Commit groups of requests, with checkpoints in between; each with the moment at which it was acknowledged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("solvent.store.database.sqlite3.connect", PowerConnection)
        store = Store(folder / "solvent.db", synchronous=synchronous)
        store._connection.execute("PRAGMA wal_autocheckpoint = 300")
        workload = Workload(seed=1)
        acknowledged = []
        for number in range(1, GROUPS + 1):
            group = workload.group()
            outcomes = store.write_group([write.job for write in group])
            assert not any(isinstance(outcome, BaseException) for outcome in outcomes), outcomes
            acknowledged += [Acknowledged(disk.now, write) for write in group]
            if number % CHECKPOINT_EVERY == 0:
                mode = "PASSIVE" if number % 2 else "TRUNCATE"
                assert store._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()[0] == 0
        store.close()
    return acknowledged


def losses(folder: Path, disk: Disk, acknowledged: list[Acknowledged]) -> int:
    """How many cuts lost something acknowledged. After each, the store opens, is sound, and no request is half there."""
    first = acknowledged[0].moment
    chance = random.Random(2)
    written = [entry.write for entry in acknowledged]
    lost = 0
    for number in range(CUTS):
        moment = chance.randint(first, disk.now)
        place = folder / f"cut-{number}"
        place.mkdir()
        for name, content in disk.after_power_cut(moment, chance).items():
            (place / name).write_bytes(content)
        Store(place / "solvent.db", synchronous="NORMAL").close()
        found = pieces(place / "solvent.db")
        assert list(halves(found, written)) == [], f"half a request is there after cut {number}"
        lost += not all(entry.write.pieces <= found for entry in acknowledged if entry.moment <= moment)
    return lost


def test_full_loses_nothing_that_was_acknowledged(tmp_path: Path, disk: Disk) -> None:
    acknowledged = work(tmp_path, disk, "FULL")
    assert losses(tmp_path, disk, acknowledged) == 0
    print(f"\n{CUTS} power cuts during {len(acknowledged)} requests (FULL): 0 lost, 0 half kept")


def test_the_same_cuts_catch_normal_losing(tmp_path: Path, disk: Disk) -> None:
    acknowledged = work(tmp_path, disk, "NORMAL")
    lost = losses(tmp_path, disk, acknowledged)
    assert lost > CUTS // 10
    print(f"\n{CUTS} power cuts during {len(acknowledged)} requests (NORMAL): {lost} cuts lost something, 0 half kept")


def test_a_store_goes_on_after_a_power_cut(tmp_path: Path, disk: Disk) -> None:
    acknowledged = work(tmp_path, disk, "FULL")
    chance = random.Random(3)
    place = tmp_path / "cut"
    place.mkdir()
    moment = acknowledged[len(acknowledged) // 2].moment
    for name, content in disk.after_power_cut(moment, chance).items():
        (place / name).write_bytes(content)
    store = Store(place / "solvent.db")
    before = pieces(place / "solvent.db")
    rest = [entry.write for entry in acknowledged if not entry.write.pieces <= before]
    outcomes = store.write_group([write.job for write in rest])
    assert not any(isinstance(outcome, BaseException) for outcome in outcomes), outcomes
    store.close()
    after = pieces(place / "solvent.db")
    assert all(entry.write.pieces <= after for entry in acknowledged)
