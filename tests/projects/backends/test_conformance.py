"""What every back end does, by the same tests: add one to ``BACKENDS``."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from solvent.projects.backends.local import LocalBackend
from solvent.projects.backends.protocol import Job, ProjectBackend
from solvent.projects.backends.registry import find_backend
from solvent.projects.sinks import Stream
from tests.processes import runs

BACKENDS: dict[str, Callable[[], ProjectBackend]] = {"local": LocalBackend}


@pytest.fixture(params=BACKENDS)
def runner(request: pytest.FixtureRequest) -> ProjectBackend:
    return BACKENDS[request.param]()


class Kept:
    """A sink that keeps what comes."""

    def __init__(self) -> None:
        self.bytes: dict[Stream, bytes] = {"stdout": b"", "stderr": b""}
        self.ended: list[Stream] = []

    def write(self, stream: Stream, chunk: bytes) -> None:
        self.bytes[stream] += chunk

    def end(self, stream: Stream) -> None:
        self.ended.append(stream)


def job(folder: Path, command: str, **variables: str) -> Job:
    return Job("0" * 32, command, folder, {"PATH": os.environ["PATH"], **variables}, {"INHERITED": "too"})


def test_it_is_found_by_its_name(runner: ProjectBackend) -> None:
    assert type(find_backend(runner.name)) is type(runner)


def test_a_command_runs_in_its_folder_with_its_variables(runner: ProjectBackend, tmp_path: Path) -> None:
    kept = Kept()
    started = runner.start(job(tmp_path, 'pwd; echo "$MINE"; echo no >&2', MINE="a 'b' $c"), [kept])
    assert started.reference
    outcome = started.wait()
    assert (outcome.code, outcome.passed_signal, outcome.status) == (0, None, "FINISHED")
    assert kept.bytes["stdout"].decode().splitlines() == [str(tmp_path), "a 'b' $c"]
    assert kept.bytes["stderr"] == b"no\n"
    assert sorted(kept.ended) == ["stderr", "stdout"]
    assert (outcome.last_lines[-1], outcome.last_errors) == ("a 'b' $c", ["no"])


def test_a_failure_is_its_exit_code(runner: ProjectBackend, tmp_path: Path) -> None:
    outcome = runner.start(job(tmp_path, "exit 3"), []).wait()
    assert (outcome.code, outcome.status) == (3, "FAILED")


def test_every_sink_gets_all_of_a_long_output(runner: ProjectBackend, tmp_path: Path) -> None:
    sinks = [Kept(), Kept()]
    outcome = runner.start(
        job(tmp_path, f"{sys.executable} -c \"print('x' * 999 + '\\n', end='') or print('y' * 500_000)\""), sinks
    ).wait()
    assert outcome.code == 0
    for sink in sinks:
        assert sink.bytes["stdout"] == b"x" * 999 + b"\n" + b"y" * 500_000 + b"\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelling_ends_all_that_the_command_has_started(
    runner: ProjectBackend, tmp_path: Path, number: signal.Signals
) -> None:
    started = runner.start(job(tmp_path, "sleep 60 & echo $! > pid; touch up; wait"), [])
    wait_for(tmp_path / "up")
    started.cancel(number)
    outcome = started.wait()
    assert (outcome.passed_signal, outcome.status) == (number, "KILLED")
    assert not runs(int((tmp_path / "pid").read_text()))


def test_a_second_cancel_ends_at_once_what_ignores_the_first(runner: ProjectBackend, tmp_path: Path) -> None:
    script = "trap 'touch heard' TERM; touch up; while true; do sleep 0.05; done"
    started = runner.start(job(tmp_path, script), [])
    wait_for(tmp_path / "up")
    started.cancel(signal.SIGTERM)
    wait_for(tmp_path / "heard")
    began = time.monotonic()
    started.cancel(signal.SIGTERM)
    assert started.wait().status == "KILLED"
    assert time.monotonic() - began < 5


def test_it_may_be_cancelled_from_another_thread_and_after_the_end(runner: ProjectBackend, tmp_path: Path) -> None:
    started = runner.start(job(tmp_path, "sleep 60"), [])
    threading.Timer(0.2, started.cancel, [signal.SIGTERM]).start()
    assert started.wait().status == "KILLED"
    ended = runner.start(job(tmp_path, "true"), [])
    assert ended.wait().status == "FINISHED"
    ended.cancel(signal.SIGTERM)


def wait_for(sign: Path) -> None:
    deadline = time.monotonic() + 60
    while not sign.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
