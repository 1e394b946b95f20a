"""The end of the process: runs are ended, and what was logged is delivered if that is possible in time.

Nothing is lost if it is not: the spool stays and the next process in the folder sends it.
"""

from __future__ import annotations

import _thread
import atexit
import contextlib
import os
import signal
import sys
import threading
from types import FrameType, TracebackType

from solvent.client.process.active import FAILURE, failure_of, status_after
from solvent.client.process.session import session
from solvent.client.say import say
from solvent.errors import SolventError

EXIT_SECONDS = 30.0
PATIENCE_SECONDS = 2.0
HANG_SECONDS = 5.0
CAPTURE_SECONDS = 10.0
TERMINATION_SECONDS = 5.0

_status = "FINISHED"
_failure = ""
_installed = False
_finalized = False
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_AFTER_OTHERS = -100


def install() -> None:
    """Be told when the process ends. Called for each run that is logged to: only the main thread may watch signals."""
    global _installed
    if not _installed:
        _installed = True
        atexit.register(_at_exit)
        _watch_exceptions()
    if not _finalized:
        _finish_in_worker()
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            if signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores SIGHUP, and is heard
                signal.signal(number, _terminated)


def forked() -> None:
    """In a child: a signal that is meant for it ends it at once, as it would without us."""
    global _status, _failure, _finalized
    _status = "FINISHED"
    _failure = ""
    _finalized = False
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            if signal.getsignal(number) == _terminated:
                signal.signal(number, signal.SIG_DFL)


def _finish_in_worker() -> None:
    """A worker of ``multiprocessing`` ends without ``atexit``; it has finalizers of its own, run at its end."""
    global _finalized
    multiprocessing = sys.modules.get("multiprocessing.process")
    util = sys.modules.get("multiprocessing.util")
    if multiprocessing is not None and util is not None and multiprocessing.parent_process() is not None:
        _finalized = True
        util.Finalize(None, _at_exit, exitpriority=_AFTER_OTHERS)


def _at_exit() -> None:
    with contextlib.suppress(SolventError):
        _end_runs(_status)
    with contextlib.suppress(KeyboardInterrupt):
        if session.background is not None and not session.background.finish(CAPTURE_SECONDS):
            say("where the run comes from could not be captured in time: its record may lack code and packages")
        session.flush(limit=EXIT_SECONDS, patience=PATIENCE_SECONDS, hang=HANG_SECONDS)
    session.stop()
    for outbox in session.undelivered():
        say(
            f"what was logged for {outbox.address} is kept in {outbox.folder}; the next process in this folder sends it, "
            "or: solvent sync"
        )


def _end_runs(status: str) -> None:
    for run in reversed(list(session.open_runs.values())):
        if status == "FAILED" and _failure:
            run.log.tag(FAILURE, _failure)
        session.end(run, status)


def _watch_exceptions() -> None:
    """Runs that are open when an exception ends the program have failed."""
    previous = sys.excepthook

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        global _status, _failure
        if not hasattr(sys, "ps1"):  # what is typed at the prompt and fails does not end the program
            _status = status_after(error)
            _failure = failure_of(error) if _status == "FAILED" else ""
        previous(kind, error, trace)

    sys.excepthook = note


def _terminated(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's arguments
    signal.signal(number, signal.SIG_DFL)  # whoever asks twice does not want to wait
    # A thread of its own: the handler may have interrupted a call that holds the locks this needs.
    _thread.start_new_thread(_end_by_signal, (number,))


def _end_by_signal(number: int) -> None:
    try:
        _end_runs("KILLED")
        session.flush(limit=TERMINATION_SECONDS, patience=PATIENCE_SECONDS, hang=PATIENCE_SECONDS)
    finally:
        os.kill(os.getpid(), number)  # end as if nobody had caught it


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forked)
