"""Looking at many files: in this process, or split over several."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from solvent.debt.engine.examine import Examined, Examiner
from solvent.debt.facts.facts import load_facts
from solvent.debt.sources.roles import Role

Work = tuple[str, Role]
Result = tuple[str, Role, bytes]
"""Path, role, and ``Examined`` as msgpack."""

ALONE = 60
"""Up to so many files are not worth another process."""
CHUNK = 40

_examiner: Examiner | None = None
_trees: _Trees | None = None


def examine_all(
    root: Path,
    facts: Sequence[Path],
    codes: Sequence[str],
    work: Sequence[Work],
    jobs: int,
    done: Callable[[int], None],
) -> Iterator[Result]:
    """Look at files; ``done`` is told how many more are finished."""
    if jobs <= 1 or len(work) <= ALONE:
        examiner = Examiner(root, load_facts(facts), codes)
        with _seldom_collecting() as trees:
            for path, role in work:
                yield _examined(examiner, path, role, trees)
                done(1)
        return
    chunks = [work[start : start + CHUNK] for start in range(0, len(work), CHUNK)]
    context = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
    with ProcessPoolExecutor(min(jobs, len(chunks)), context, _begin, (root, tuple(facts), tuple(codes))) as pool:
        for results in pool.map(_examine_chunk, chunks):
            yield from results
            done(len(results))


def _begin(root: Path, facts: tuple[Path, ...], codes: tuple[str, ...]) -> None:
    global _examiner, _trees
    _examiner = Examiner(root, load_facts(facts), codes)
    _trees = _Trees()
    gc.freeze()
    gc.disable()


def _examine_chunk(work: Sequence[Work]) -> list[Result]:
    assert _examiner is not None
    assert _trees is not None
    return [_examined(_examiner, path, role, _trees) for path, role in work]


def _examined(examiner: Examiner, path: str, role: Role, trees: _Trees) -> Result:
    found: Examined = examiner.examine(path, role)
    trees.dropped(found.summary.lines if found.summary is not None else 0)
    try:
        return path, role, msgspec.msgpack.encode(found)
    except (UnicodeEncodeError, OverflowError):  # lone surrogates, and integers beyond 64 bits, in somebody's literals
        return path, role, msgspec.msgpack.encode(_plain(msgspec.to_builtins(found)))


def _plain(value: Any) -> Any:
    """The same with what can't be written spelled out as text."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return str(value)
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


class _Trees:
    """Syntax trees are full of circles: they are collected when enough of them were dropped.

    What survives is results, which hold no circles: they are not looked at again. Collecting often is cheap then, and
    cheapest while what is dropped is still in the processor's cache: per 1,000 lines of scikit-learn it took 2.2 ms
    every 1,000 lines, 3.3 ms every 3,000 and 7.6 ms every 10,000.
    """

    _ENOUGH = 1_000

    def __init__(self) -> None:
        self._lines = 0

    def dropped(self, lines: int) -> None:
        """The tree of a file of so many lines is not needed any more."""
        self._lines += lines
        if self._lines >= self._ENOUGH:
            gc.collect()
            gc.freeze()
            self._lines = 0


@contextmanager
def _seldom_collecting() -> Iterator[_Trees]:
    """Let only ``_Trees`` decide when to collect; afterwards all is as it was."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield _Trees()
    finally:
        gc.unfreeze()
        if was:
            gc.enable()
