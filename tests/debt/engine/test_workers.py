"""Memory while many files are looked at."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from solvent.debt.engine.workers import _seldom_collecting


class Circle:
    def __init__(self) -> None:
        self.itself = self


def test_trees_are_collected_when_enough_were_dropped_and_the_collector_is_as_before() -> None:
    assert gc.isenabled()
    with _seldom_collecting() as trees:
        gone = weakref.ref(Circle())
        trees.dropped(999)
        assert gone() is not None
        trees.dropped(1)
        assert gone() is None
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_one_worker_looks_at_many_files_in_bounded_memory(tmp_path: Path) -> None:
    from solvent.debt.engine.check import Options, check

    for number in range(30):
        (tmp_path / f"m{number}.py").write_text("".join(f"x{line} = f(x, [1, 2, 3])\n" for line in range(1_000)))
    before = len(gc.get_objects())
    most = 0

    def progress(finished: int, _: int) -> None:
        nonlocal most
        if finished in (14, 29):
            most = max(most, len(gc.get_objects()) - before)

    check(
        Options(paths=[tmp_path], root=tmp_path, select=["ALL"], preview=True, cache=False, jobs=1, progress=progress)
    )
    assert most < 5 * 10_000  # objects of a few files, and not of all
