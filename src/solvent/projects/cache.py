"""What is kept in the per-user cache: files that appear whole, and locks between processes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solvent.projects.errors import EnvironmentFailed


def make_folder(folder: Path) -> Path:
    """The folder, made if it is not there.

    Raises:
        EnvironmentFailed: it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFailed(
            f"the cache folder {folder} can't be made ({error.strerror}): name another one with SOLVENT_CACHE"
        ) from error
    return folder


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """A path to write to; it takes the target's place when the block ends well, and vanishes otherwise."""
    make_folder(target.parent)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def free(file: Path) -> Iterator[bool]:
    """Whether nobody holds the lock; if so it is held while the block runs."""
    import fcntl

    try:
        handle = file.open("a")
    except OSError:
        yield False
        return
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock that ends with the process; others wait for it."""
    import fcntl

    make_folder(file.parent)
    try:
        handle = file.open("a")
    except OSError as error:
        raise EnvironmentFailed(
            f"{file} can't be written ({error.strerror}): name another cache folder with SOLVENT_CACHE"
        ) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
