"""Folders that go with their process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from solvent.projects.scratch import discard, scratch_folder

MAKE = "from solvent.projects.scratch import scratch_folder\nfolder = scratch_folder()\nprint(folder, flush=True)\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path))
    return tmp_path


def test_discarded_ones_are_gone() -> None:
    folder = scratch_folder()
    (folder / "file").write_text("")
    discard(folder)
    assert not folder.exists()
    discard(folder)


def test_only_our_own_are_discarded(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    discard(tmp_path / "other")
    assert (tmp_path / "other").exists()


def test_one_goes_with_its_process_even_if_that_fails(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", MAKE + "raise SystemExit(3)"], capture_output=True, text=True)
    assert ended.returncode == 3
    assert not Path(ended.stdout.strip()).exists()


def test_what_a_killed_process_left_is_removed_by_the_next_and_what_a_living_one_uses_is_not() -> None:
    waiting = f"{MAKE}input()\n"
    started = [
        subprocess.Popen([sys.executable, "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    folders = []
    for process in started:
        assert process.stdout is not None
        folders.append(Path(process.stdout.readline().strip()))
    started[0].send_signal(signal.SIGKILL)
    started[0].wait()
    assert folders[0].is_dir()
    mine = scratch_folder()
    assert [folder.exists() for folder in (*folders, mine)] == [False, True, True]
    started[1].communicate("\n")
    assert not folders[1].exists()
    for process in started:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()
    discard(mine)


def test_a_forked_child_takes_nothing_of_its_parents(tmp_path: Path) -> None:
    code = f"{MAKE}import os, sys\nif os.fork() == 0: sys.exit()\nos.wait()\nprint(folder.is_dir())\n"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[1] == "True"
