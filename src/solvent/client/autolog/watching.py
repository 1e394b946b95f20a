"""Trainings, watched: whatever autologging does or fails to do, the training itself goes on as if it were not there."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from solvent.client.autolog.options import Options, options_of
from solvent.client.fluent.runs import start_run
from solvent.client.process.active import ActiveRun
from solvent.client.process.session import session
from solvent.client.say import say

T = TypeVar("T")

Watch = Generator[None, Any, None]
"""Runs up to its ``yield`` before the training, gets what the training returns, and runs to its end after it."""

AUTOLOGGING = "mlflow.autologging"
"""The tag of a run that autologging has opened: the library's name."""
_LONGEST = 300


class _Thread(threading.local):
    depth = 0


_thread = _Thread()
_told: set[str] = set()


@contextmanager
def hushed() -> Iterator[None]:
    """Trainings within are a part of something else: they are not logged."""
    _thread.depth += 1
    try:
        yield
    finally:
        _thread.depth -= 1


@contextmanager
def guarded(options: Options, what: str) -> Iterator[None]:
    """An error within is told in one line, once, and goes no further."""
    try:
        yield
    except Exception as error:
        tell(options, f"{what} of a training could not be logged: {type(error).__name__}: {error}")


def tell(options: Options, line: str) -> None:
    """Say something, if it was not said before."""
    line = " ".join(line.split())[:_LONGEST]
    if not options.silent and line not in _told:
        _told.add(line)
        say(f"autologging: {line}")


def observe(library: str, call: Callable[[], T], watch: Callable[[Options], Watch]) -> T:
    """What ``call`` returns, or raises; watched if autologging is on and this is where a training starts."""
    options = options_of(library)
    if options is None or _thread.depth or not _is_here(options):
        return call()
    with hushed(), _run(options, library) as opened:
        if not opened:
            return call()
        watching = watch(options)
        with guarded(options, "the start"):
            next(watching, None)
        result = call()
        with guarded(options, "the outcome"), suppress(StopIteration):
            watching.send(result)
        return result


def _is_here(options: Options) -> bool:
    """Workers of a training, in threads and processes of their own, log only if a run is active in them."""
    if session.thread.stack:
        return True
    return (
        os.getpid() == options.process
        and multiprocessing.parent_process() is None
        and threading.current_thread() is threading.main_thread()
    )


@contextmanager
def _run(options: Options, library: str) -> Iterator[bool]:
    """The active run, or one that is opened for this training alone. False if that is not possible."""
    if session.thread.stack:
        yield True
        return
    run: ActiveRun | None = None
    with guarded(options, "the run"):
        run = start_run(tags={AUTOLOGGING: library})
    if run is None:
        yield False
        return
    try:
        yield True
    except BaseException as error:
        with guarded(options, "the end"):
            run.__exit__(type(error), error, error.__traceback__)
        raise
    with guarded(options, "the end"):
        run.__exit__(None, None, None)
