"""What nothing has used for long goes; what a process uses stays, whatever its age."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from solvent.projects.pruning import prune
from solvent.projects.use import last_used, lock_file
from tests.processes import runs

DAY = 86_400.0
HOLD = "import sys; from pathlib import Path; from solvent.projects.use import hold; hold(Path(sys.argv[1])); "
WAIT = "print('held', flush=True); sys.stdin.read()"
COMMAND = (
    "from solvent.projects.child import Child; "
    "child = Child('echo $$ >' + sys.argv[2] + '; exec sleep 60', Path('/'), {'PATH': '/usr/bin:/bin'}, []); "
)


def entry(cache: Path, kind: str, name: str, days: float) -> Path:
    """A folder of 100 bytes that was used so long ago."""
    folder = cache / kind / name
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x" * 100)
    then = time.time() - days * DAY
    os.utime(folder, (then, then))
    lock_file(folder).touch()
    os.utime(lock_file(folder), (then, then))
    return folder


@contextmanager
def process(code: str, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, when it has said that it is ready."""
    command: list[str | Path] = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "held\n"
        try:
            yield started
        finally:
            started.kill()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_old_goes_and_its_bytes_are_told(tmp_path: Path) -> None:
    gone = [entry(tmp_path, kind, "old", 40) for kind in ("environments", "sources", "wheels")]
    young = entry(tmp_path, "environments", "young", 20)
    other = entry(tmp_path, "fingerprints", "old", 40)
    found = prune(tmp_path, time.time() - 30 * DAY)
    assert [one.path for one in found.removed] == [str(path) for path in gone]
    assert [one.kind for one in found.removed] == ["environment", "fetched repository", "wheel of Solvent"]
    assert (found.freed, found.recent, found.in_use, found.failed) == (300, 1, [], [])
    assert names(tmp_path / "environments") == ["young", "young.used.lock"]
    assert (young / "file").exists()
    assert (other / "file").exists()


def test_a_dry_run_removes_nothing_and_is_no_use(tmp_path: Path) -> None:
    folder = entry(tmp_path, "environments", "old", 40)
    lock_file(folder).unlink()
    used = last_used(folder)
    for _ in range(2):
        assert len(prune(tmp_path, time.time() - 30 * DAY, dry_run=True).removed) == 1
    assert (folder / "file").exists()
    assert last_used(folder) == pytest.approx(used)


def test_files_that_have_another_place_are_told_apart(tmp_path: Path) -> None:
    folder = entry(tmp_path, "environments", "old", 40)
    (tmp_path / "kept").hardlink_to(folder / "file")
    (folder / "own").write_bytes(b"x" * 7)
    (removed,) = prune(tmp_path, time.time()).removed
    assert (removed.bytes, removed.shared_bytes) == (7, 100)


def test_what_another_process_uses_stays_until_that_ends(tmp_path: Path) -> None:
    folder = entry(tmp_path, "environments", "old", 40)
    with process(HOLD + WAIT, folder):
        assert last_used(folder) > time.time() - DAY
        os.utime(lock_file(folder), (1, 1))  # whatever its age
        found = prune(tmp_path, time.time())
        assert ([one.path for one in found.in_use], found.removed) == ([str(folder)], [])
        assert (folder / "file").exists()
    assert len(prune(tmp_path, time.time()).removed) == 1
    assert not folder.exists()


def test_a_command_holds_its_environment_when_its_runner_is_killed(tmp_path: Path) -> None:
    folder = entry(tmp_path, "environments", "old", 40)
    with process(HOLD + COMMAND + WAIT, folder, tmp_path / "pid") as runner:
        runner.kill()
        runner.wait()
    deadline = time.monotonic() + 20
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    command = int((tmp_path / "pid").read_text())
    try:
        assert prune(tmp_path, time.time() + DAY).in_use[0].path == str(folder)
    finally:
        os.kill(command, signal.SIGKILL)
    while runs(command):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert len(prune(tmp_path, time.time() + DAY).removed) == 1


def test_who_wants_an_entry_while_it_goes_waits_and_makes_it_again(tmp_path: Path) -> None:
    """Many removers and users at once: nobody who holds the entry sees it vanish."""
    folder = tmp_path / "environments" / "busy"
    code = (
        "import sys, time, os; from pathlib import Path\n"
        "from solvent.projects import use; from solvent.projects.cache import locked\n"
        "folder = Path(sys.argv[1]); end = time.monotonic() + 2; rounds = 0\n"
        "while time.monotonic() < end:\n"
        "    use.hold(folder)\n"
        "    with locked(folder.with_name('busy.lock')):\n"
        "        folder.mkdir(exist_ok=True); (folder / 'file').touch()\n"
        "    for _ in range(20):\n"
        "        assert (folder / 'file').exists()\n"
        "    os.close(use._held.pop(folder)); rounds += 1\n"
        "print(rounds)\n"
    )
    command: list[str | Path] = [sys.executable, "-c", code, folder]
    users = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    removed = 0
    while any(user.poll() is None for user in users):
        removed += len(prune(tmp_path, time.time() + DAY).removed)
    for user in users:
        rounds, _ = user.communicate()
        assert (user.returncode, int(rounds) > 1) == (0, True)
    assert removed > 1


def test_what_a_killed_remover_left_goes(tmp_path: Path) -> None:
    entry(tmp_path, "environments", ".removing-ab-old", 0)
    prune(tmp_path, 0)
    assert not (tmp_path / "environments" / ".removing-ab-old").exists()


def test_a_cache_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert prune(tmp_path / "none", time.time()).removed == []
