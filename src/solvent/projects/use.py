"""Which entries of the cache are in use, and since when not: a lock that ends with its process, and its file's time.

An entry is a folder, such as an environment. Who uses it holds it first; it is removed only by who has its lock alone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solvent.projects.cache import make_folder
from solvent.projects.errors import EnvironmentFailed

_SUFFIX = ".used.lock"
_held: dict[Path, int] = {}
"""Open lock files, by entry: descriptors, for they are closed by nothing but the end of the process."""
_changing = threading.Lock()


def hold(entry: Path) -> None:
    """Keep an entry, there or not yet, from being removed while this process or a command that it starts runs.

    Raises:
        EnvironmentFailed: the cache can't be written.
    """
    make_folder(entry.parent)
    file = lock_file(entry)
    try:
        with _changing:
            if entry not in _held:
                _held[entry] = _locked(file)
            os.utime(_held[entry])
    except OSError as error:
        raise EnvironmentFailed(
            f"{file} can't be written ({error.strerror}): name another cache folder with SOLVENT_CACHE"
        ) from error


def descriptors() -> tuple[int, ...]:
    """What a command inherits to hold all that this process holds, even if this process dies before it."""
    with _changing:
        return tuple(_held.values())


@contextmanager
def unused(entry: Path) -> Iterator[bool]:
    """Whether nobody holds an entry; if so nobody can while the block runs."""
    import fcntl

    since, file = last_used(entry), lock_file(entry)
    handle = _open(file)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            alone = False
        else:
            alone = _lies_at(handle, file)
        if alone:  # looking at it is no use of it
            os.utime(handle, (since, since))
        yield alone
    finally:
        os.close(handle)


def last_used(entry: Path) -> float:
    """When it was held last, in seconds since 1970; when it was made if it never was."""
    file = lock_file(entry)
    return (file if file.exists() else entry).stat().st_mtime


def lock_file(entry: Path) -> Path:
    return entry.with_name(f"{entry.name}{_SUFFIX}")


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _locked(file: Path) -> int:
    """The open file, its lock held together with all others who use the entry."""
    import fcntl

    while True:
        handle = _open(file)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if _lies_at(handle, file):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # it was removed with its entry while we waited


def _lies_at(handle: int, file: Path) -> bool:
    """Whether the open file is still the one of that name: a lock on any other one says nothing."""
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False
