"""Runs whose runner has died, and those whose runner may live."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, NotSupported
from solvent.projects import watch
from solvent.projects.cancel import CANCEL, Asked, Cancel, request_cancel
from solvent.projects.lost import LOST, SILENT_SECONDS, Attention, end_lost, find_lost
from solvent.projects.runner import ALIVE, RUNNER, Runner, is_gone, runner_of, this_runner
from solvent.projects.signals import Interrupted
from solvent.projects.watch import Watch
from solvent.wire.experiments import Tag
from solvent.wire.runs import CreateRun, GetRun, Run, SetTag, UpdateRun

ELSEWHERE = Runner("far", 7, 1, "another boot")


def opened(backend: EmbeddedBackend, runner: Runner | None = None, silent: float = 0.0) -> Run:
    alive = int((time.time() - silent) * 1000)
    tags = [Tag(key=RUNNER, value=msgspec.json.encode(runner).decode()), Tag(key=ALIVE, value=str(alive))]
    return backend.call(CreateRun(experiment_id="0", start_time=1, tags=tags if runner else [])).run


def stored(backend: EmbeddedBackend, run: Run) -> tuple[str, dict[str, str]]:
    found = backend.call(GetRun(run_id=run.info.run_id)).run
    return found.info.status, {tag.key: tag.value for tag in found.data.tags}


def dead_runner() -> Runner:
    """A process of this machine that was, with a number that is free or another's now."""
    code = "import msgspec, solvent.projects.runner as r; print(msgspec.json.encode(r.this_runner()).decode())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return msgspec.json.decode(done.stdout, type=Runner)


def test_a_process_is_told_by_number_start_and_machine() -> None:
    ours = this_runner()
    assert is_gone(ours) is False
    assert is_gone(dead_runner()) is True
    assert is_gone(msgspec.structs.replace(ours, started=ours.started + 1)) is True  # the number is another's now
    assert is_gone(msgspec.structs.replace(ours, space="another boot")) is None
    assert is_gone(msgspec.structs.replace(ours, space="")) is None


def test_a_process_that_nobody_has_reaped_is_gone() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    try:
        time.sleep(0.2)
        status = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        assert is_gone(msgspec.structs.replace(this_runner(), pid=child, started=int(status[19]))) is True
    finally:
        os.waitpid(child, 0)


def test_dead_runners_of_this_machine_and_silent_ones_are_lost(backend: EmbeddedBackend) -> None:
    dead = opened(backend, dead_runner())
    silent = opened(backend, ELSEWHERE, SILENT_SECONDS + 60)
    opened(backend, this_runner(), SILENT_SECONDS + 60)  # it stands still, and lives
    opened(backend, ELSEWHERE)
    opened(backend)
    ended = opened(backend, dead_runner())
    backend.call(UpdateRun(run_id=ended.info.run_id, status="FINISHED"))
    found = {lost.run.info.run_id: lost.reason for lost in find_lost(backend)}
    assert found.keys() == {dead.info.run_id, silent.info.run_id}
    assert found[dead.info.run_id].endswith("ended without ending the run")
    assert found[silent.info.run_id] == "process 7 on far has given no sign of life for 11 minutes"


def test_a_lost_run_is_ended_once_and_at_its_last_sign_of_life(backend: EmbeddedBackend) -> None:
    run = opened(backend, ELSEWHERE, 3600)
    (lost,) = find_lost(backend)
    assert end_lost(backend, lost)
    assert not end_lost(backend, lost)
    status, tags = stored(backend, run)
    assert (status, tags[LOST]) == ("FAILED", lost.reason)
    assert ALIVE not in tags
    end = backend.call(GetRun(run_id=run.info.run_id)).run.info.end_time
    assert end is not None
    assert abs(end / 1000 - (time.time() - 3600)) < 60
    assert find_lost(backend) == []


def test_whoever_looks_regularly_needs_no_clock_of_the_runner(backend: EmbeddedBackend) -> None:
    now = [0.0]
    attention = Attention(lambda: now[0])
    run = opened(backend, ELSEWHERE, 10 * SILENT_SECONDS)  # its clock is wrong
    assert find_lost(backend, attention) == []
    now[0] += SILENT_SECONDS - 1
    assert find_lost(backend, attention) == []
    backend.call(SetTag(run_id=run.info.run_id, key=ALIVE, value="5"))
    now[0] += 2
    assert find_lost(backend, attention) == []
    now[0] += SILENT_SECONDS + 1
    assert [lost.run.info.run_id for lost in find_lost(backend, attention)] == [run.info.run_id]


@pytest.mark.parametrize("value", ["", "{", "[]", '{"host": 1}', '{"host": "a", "pid": "x"}'])
def test_what_a_client_has_written_into_the_tags_breaks_nothing(backend: EmbeddedBackend, value: str) -> None:
    run = opened(backend, ELSEWHERE)
    for key in (RUNNER, ALIVE, CANCEL):
        backend.call(SetTag(run_id=run.info.run_id, key=key, value=value))
    assert find_lost(backend) == []
    assert runner_of(backend.call(GetRun(run_id=run.info.run_id)).run) is None
    assert Cancel.of(value).by == "somebody"


def test_cancelling_tells_the_runner_or_closes_for_a_dead_one(backend: EmbeddedBackend) -> None:
    alive, dead = opened(backend, this_runner()), opened(backend, dead_runner())
    assert request_cancel(backend, alive.info.run_id).asked is Asked.SENT
    status, tags = stored(backend, alive)
    assert status == "RUNNING"
    assert " on " in Cancel.of(tags[CANCEL]).by
    answer = request_cancel(backend, dead.info.run_id)
    assert (answer.asked, stored(backend, dead)[0]) == (Asked.CLOSED, "KILLED")
    assert answer.says.endswith("the run was closed as KILLED")
    with pytest.raises(Conflict, match=r"has ended \(KILLED\): there is nothing to cancel"):
        request_cancel(backend, dead.info.run_id)


def test_nobody_listens_for_a_run_of_a_script(backend: EmbeddedBackend) -> None:
    run = opened(backend)
    backend.call(SetTag(run_id=run.info.run_id, key="solvent.process", value="box:42:abc"))
    with pytest.raises(NotSupported, match=r"was not started by 'solvent run'.*end process 42 on box"):
        request_cancel(backend, run.info.run_id)
    assert CANCEL not in stored(backend, run)[1]


def wait_until(condition: object) -> None:
    deadline = time.monotonic() + 20
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_watch_tells_and_hears(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(watch, "ALIVE_SECONDS", 0.02)
    run = opened(backend)
    said: list[str] = []
    ended: list[int] = []
    with Watch(backend, run, said.append) as watched:
        _, tags = stored(backend, run)
        assert runner_of(backend.call(GetRun(run_id=run.info.run_id)).run) == this_runner()
        wait_until(lambda: stored(backend, run)[1][ALIVE] != tags[ALIVE])
        watched.check()
        with watched.passed_to(ended.append):
            request_cancel(backend, run.info.run_id)
            wait_until(lambda: ended)
        with watched.passed_to(ended.append):
            assert ended == [2, 2]
        with pytest.raises(Interrupted):
            watched.check()
    assert said == [f"Cancelled by {Cancel.of(stored(backend, run)[1][CANCEL]).by}: the command is told to end"]
    assert ALIVE not in stored(backend, run)[1]


def test_a_runner_that_was_only_asleep_takes_its_run_back(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.05)
    run = opened(backend)
    with Watch(backend, run):
        backend.call(SetTag(run_id=run.info.run_id, key=LOST, value="silent"))
        backend.call(UpdateRun(run_id=run.info.run_id, status="FAILED"))
        wait_until(lambda: stored(backend, run)[0] == "RUNNING" and LOST not in stored(backend, run)[1])
    status, tags = stored(backend, run)
    assert status == "RUNNING"
    assert LOST not in tags
