"""Signals that would end us, kept and passed on while a run is under way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if os.name == "posix" else ()

Cancel = Callable[[int], None]
"""Ends something that runs, as a signal of this number would; a second call ends it at once."""


class Interrupted(BaseException):
    """A signal came while there was nothing yet that it could be passed on to."""

    def __init__(self, number: int) -> None:
        super().__init__(f"signal {number}")
        self.number = number


class Signals:
    """While the ``with`` block runs, signals that would end us are kept, and passed on to what runs.

    One that is ignored, as under ``nohup``, would not end us, and stays ignored. ``received`` holds them in order. In other threads than the main one nothing is changed: their runs are given the
    object of the main thread.
    """

    def __init__(self) -> None:
        self.received: list[int] = []
        self._targets: list[_Target] = []
        self._raises = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            ours = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
            self._before = {number: signal.signal(number, self._handle) for number in ours}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def passed_to(self, cancel: Cancel) -> Iterator[None]:
        """Within the block signals are passed on, those too that have come before it."""
        target = _Target(cancel)
        self._targets.append(target)
        try:
            target.deliver(self.received)
            yield
        finally:
            self._targets.remove(target)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Within the block the first signal, or one that has come before, raises.

        Raises:
            Interrupted: in the main thread; later signals don't, so that cleaning up comes to its end.
        """
        self._raises = threading.current_thread() is threading.main_thread()
        try:
            self.check()
            yield
        finally:
            self._raises = False

    def interrupt(self, number: int) -> None:
        """From another thread: what the main thread does ``interrupting`` ends as by a signal of the system, which it
        is: it wakes the thread from whatever it waits for. One that is ignored is another one. Otherwise nothing
        happens."""
        if self._raises and self._before:
            taken = number if number in self._before else next(iter(self._before))
            signal.pthread_kill(threading.main_thread().ident or 0, taken)

    def check(self) -> None:
        """
        Raises:
            Interrupted: a signal has come.
        """
        if self.received:
            self._raises = False
            raise Interrupted(self.received[0])

    def pass_on(self, number: int) -> None:
        """Take a signal, as if the system had sent it."""
        self.received.append(number)
        for target in tuple(self._targets):
            target.deliver(self.received)

    def _handle(self, number: int, _frame: object) -> None:
        self.pass_on(number)
        if self._raises:
            self._raises = False
            raise Interrupted(number)


class _Target:
    """Gets each signal once, though one may come while an earlier one is passed on."""

    def __init__(self, cancel: Cancel) -> None:
        self._cancel = cancel
        self._delivered = 0

    def deliver(self, received: Sequence[int]) -> None:
        while self._delivered < len(received):
            self._delivered += 1
            self._cancel(received[self._delivered - 1])
