"""The spool file: what is in it once a call returns, and what happens when it can't be written."""

from __future__ import annotations

import json
import os
import resource
import signal
import threading
from pathlib import Path

import pytest

import solvent
from solvent.client.spool.errors import SpoolFull, SpoolReadOnly
from solvent.client.spool.outbox import Outbox
from solvent.client.spool.spool import Spool, try_lock
from tests.client.conftest import Script


def test_a_line_is_in_the_file_once_the_call_returns(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "/somewhere")
    assert spool.append(b'{"a":1}\n')
    header, line = spool.path.read_bytes().splitlines()
    assert json.loads(header)["uri"] == "/somewhere"
    assert line == b'{"a":1}'
    assert spool.size == spool.path.stat().st_size
    spool.close()


def test_a_live_spool_is_locked_and_a_closed_one_is_not(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "/somewhere")
    other = os.open(spool.path, os.O_RDWR)
    assert not try_lock(other)
    spool.close()
    assert try_lock(other)
    os.close(other)


def test_lines_of_many_threads_do_not_mix(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "/somewhere")

    def write(number: int) -> None:
        for count in range(500):
            spool.append(f'{{"thread":{number},"count":{count}}}\n'.encode())

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [json.loads(line) for line in spool.path.read_bytes().splitlines()[1:]]
    assert len(lines) == 2000
    assert [line["count"] for line in lines if line["thread"] == 2] == list(range(500))
    spool.close()


def test_a_full_disk_is_said_at_once_and_spoils_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "/somewhere")
    spool.append(b'{"a":1}\n')
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (spool.size + 5, limits[1]))
    try:
        with pytest.raises(SpoolReadOnly, match="can't be written"):
            spool.append(b'{"half":"of this fits"}\n')
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, previous)
    spool.append(b'{"b":2}\n')
    assert spool.path.read_bytes().splitlines()[1:] == [b'{"a":1}', b'{"hal', b'{"b":2}']
    assert spool.size == spool.path.stat().st_size
    spool.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_no_room_is_an_error_of_its_own(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "/somewhere")
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, spool._file)
    with pytest.raises(SpoolFull, match=r"no room left on the disk that holds .*SOLVENT_HOME"):
        spool.append(b"{}\n")
    os.close(full)
    spool.close()


def test_a_home_that_can_not_be_written_names_the_way_out(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SOLVENT_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SpoolReadOnly, match="set SOLVENT_HOME to a folder that can be written"):
        solvent.log_metric("m", 1.0)


def test_a_large_spool_goes_on_in_a_new_one(home: Path, script: Script) -> None:
    code = """
import solvent
from solvent.client.spool import outbox
outbox.MAX_SPOOL_BYTES = 20_000
for i in range(2000): solvent.log_metric("m", i, step=i)
"""
    script(code)
    assert list((home / "spool").iterdir()) == []
    (run,) = solvent.search_runs(output_format="list")
    assert len(solvent.Client().get_metric_history(run.info.run_id, "m")) == 2000


def test_logging_after_the_delivery_was_stopped_is_kept_for_the_next_process(home: Path) -> None:
    box = Outbox(str(home))
    (first,) = box.spools
    first.retire()
    box.append(b'{"a":1}\n')
    assert len(box.spools) == 2
    assert box.spools[1].path.read_bytes().endswith(b'{"a":1}\n')
    for spool in box.spools:
        spool.close()
