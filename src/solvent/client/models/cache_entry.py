"""One model in the cache: its folder, how its files looked, and who uses it."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from pathlib import Path
from stat import S_ISREG

import msgspec

from solvent.models.errors import NotAModel
from solvent.settings import cache_folder

_held: dict[str, int] = {}
"""The descriptors of the models that this process has loaded."""


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """How a file looked; times in nanoseconds. The inode's own time of change can't be set back."""

    size: int
    modified: int
    changed: int
    inode: int


class Stamp(msgspec.Struct):
    """``files`` by path; ``unsafe`` are those that run code when they are loaded."""

    files: dict[str, Seen]
    unsafe: list[str]

    @property
    def bytes(self) -> int:
        return sum(seen.size for seen in self.files.values())


def models_folder() -> Path:
    return cache_folder() / "models"


def discard(place: Path, key: str) -> None:
    """Take away a model, and what an interrupted filling has left. Whoever calls holds its lock."""
    stamp_of(place / key).unlink(missing_ok=True)
    for left in place.glob(f".{key}.*"):
        remove(left)
    remove(place / key)


def remove(folder: Path) -> None:
    """Take away a folder that can only be read, or a file."""
    if not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    for parent, _, _ in os.walk(folder):
        Path(parent).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def in_use(place: Path, key: str) -> bool:
    """Whether a process has loaded this model and still runs. Whoever calls holds its lock."""
    if key in _held:
        return True
    with use_of(place, key).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def lock_of(place: Path, key: str) -> Path:
    """The file to lock while a model is filled or taken away; models share 256 of them."""
    return place / ".locks" / key[:2]


def stamp_of(folder: Path) -> Path:
    """The file that says how a model's files looked, and by its time when the model was used last."""
    return folder.with_name(f"{folder.name}.json")


def use_of(place: Path, key: str) -> Path:
    """The file that is locked while a model is used."""
    return place / f"{key}.use"


def hold(place: Path, key: str) -> None:
    """Use a model until this process ends."""
    if key not in _held:
        descriptor = os.open(use_of(place, key), os.O_CREAT | os.O_RDWR, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[key] = descriptor


def read_stamp(folder: Path) -> Stamp | None:
    """None if there is none, or it can't be read."""
    try:
        return msgspec.json.decode(stamp_of(folder).read_bytes(), type=Stamp)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def seen(file: Path) -> Seen:
    """
    Raises:
        NotAModel: it is no regular file.
    """
    status = file.lstat()
    if not S_ISREG(status.st_mode):
        raise NotAModel(f"'{file}' is no regular file")
    return Seen(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def write_stamp(folder: Path, stamp: Stamp) -> None:
    target = stamp_of(folder)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        part.write_bytes(msgspec.json.encode(stamp))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
