"""Asking for a database's pages before they are needed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solvent.store.ahead import MOST, read_ahead

_WRITE = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"


def cached(path: Path) -> bool:
    """Whether the file's last page is in the system's cache."""
    handle = os.open(path, os.O_RDONLY)
    try:
        return os.preadv(handle, [bytearray(4096)], path.stat().st_size - 4096, os.RWF_NOWAIT) > 0
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


@pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="tells what is cached on Linux alone")
def test_the_file_is_read_without_being_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(os.urandom(8 << 20))
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)
    try:
        if cached(path):
            pytest.skip("this file system is all in memory")
    except OSError:
        pytest.skip("this file system does not tell what is cached")
    assert path.stat().st_size < MOST
    read_ahead(path).join()
    deadline = time.monotonic() + 10
    while not cached(path):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_locks_of_this_process_stay(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("BEGIN IMMEDIATE")
    read_ahead(path).join()
    other = subprocess.run([sys.executable, "-c", _WRITE, path], capture_output=True, text=True, check=False)
    assert "database is locked" in other.stderr
    connection.close()


def test_no_file_is_no_error(tmp_path: Path) -> None:
    read_ahead(tmp_path / "none.db").join()
    assert list(tmp_path.iterdir()) == []
