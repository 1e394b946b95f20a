"""Artifacts in a local folder."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from solvent.artifacts.paths import UPLOAD_PREFIX, file_path, folder_path
from solvent.artifacts.source import open_source
from solvent.disk import make_folders, sync_folder
from solvent.errors import InvalidInput, NotFound, SolventError, Unavailable
from solvent.wire.artifacts import FileInfo

CHUNK = 1 << 20
"""Bytes that are read or copied at once."""


class LocalArtifacts:
    """The files below ``root``, which is made by the first write.

    Symbolic links are followed as long as they stay below the root.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def list(self, path: str) -> list[FileInfo]:
        folder = self._locate(folder_path(path))
        prefix = folder_path(path) + "/" if folder_path(path) else ""
        with _errors(path):
            try:
                entries = [entry for entry in os.scandir(folder) if not entry.name.startswith(UPLOAD_PREFIX)]
            except (FileNotFoundError, NotADirectoryError):
                return []
            found = [self._info(prefix, entry) for entry in entries if self._inside(Path(entry.path))]
        return sorted((info for info in found if info), key=lambda info: info.path)

    def read(self, path: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        size = self.size(path)
        stop = size if end is None else min(end, size)
        return self._chunks(path, start, max(stop - start, 0))

    def size(self, path: str) -> int:
        target = self._locate(file_path(path))
        with _errors(path):
            if not target.is_file():
                raise NotFound(f"No such artifact: '{path}'" + (" is a folder" if target.is_dir() else ""))
            return target.stat().st_size

    def modified(self, path: str) -> int:
        """When the file was last changed (ns). The inode's own time counts too: ``os.utime`` can't set that back."""
        target = self._locate(file_path(path))
        with _errors(path):
            status = target.stat()
        return max(status.st_mtime_ns, status.st_ctime_ns)

    def write(self, path: str, source: BinaryIO) -> int:
        upload = self.upload(path)
        try:
            while chunk := source.read(CHUNK):
                upload.write(chunk)
            return upload.finish()
        except BaseException:
            upload.abandon()
            raise

    def write_file(self, path: str, file: Path) -> int:
        with open_source(file) as source:
            return self.write(path, source)

    def upload(self, path: str) -> Upload:
        """Begin a file that is written piece by piece."""
        relative = file_path(path)
        target = self._locate(relative)
        with _errors(path):
            _make_folders(self.root, target.parent)
        return Upload(target, path)

    def delete(self, path: str) -> None:
        relative = file_path(path)
        parent, _, name = relative.rpartition("/")
        target = self._locate(parent) / name  # a link is deleted itself, not what it leads to
        if not os.path.lexists(target):
            return
        with _errors(path):
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            else:
                target.unlink()
            _SYNCED.clear()  # inodes are used again
            sync_folder(target.parent)

    def sizes(self, path: str) -> Iterator[int]:
        """The sizes of all files below a folder, without following links."""
        if (self.root / path).is_symlink():
            return
        for file in _plain_files(self._locate(folder_path(path))):
            with suppress(OSError):
                yield file.lstat().st_size

    def sweep_uploads(self, min_age: float, *, dry_run: bool = False) -> tuple[int, int]:
        """Delete the drafts of uploads that nobody has written to for ``min_age`` seconds; files and bytes."""
        files = size = 0
        for file in _plain_files(self.root):
            if not file.name.startswith(UPLOAD_PREFIX):
                continue
            with suppress(OSError):  # finished or abandoned just now
                status = file.lstat()
                if time.time() - status.st_mtime >= min_age:
                    if not dry_run:
                        file.unlink()
                    files, size = files + 1, size + status.st_size
        return files, size

    def _locate(self, relative: str) -> Path:
        target = self.root / relative
        if not self._inside(target):
            raise InvalidInput(f"Invalid path '{relative}': a symbolic link leads out of the artifact root")
        return target

    def _inside(self, target: Path) -> bool:
        try:
            return target.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):  # a loop of links
            return False

    def _chunks(self, path: str, start: int, length: int) -> Iterator[bytes]:
        with _errors(path), self._locate(file_path(path)).open("rb") as file:
            file.seek(start)
            while length > 0 and (chunk := file.read(min(CHUNK, length))):
                length -= len(chunk)
                yield chunk

    @staticmethod
    def _info(prefix: str, entry: os.DirEntry[str]) -> FileInfo | None:
        try:
            entry.name.encode("utf-8")
            if entry.is_dir():
                return FileInfo(path=prefix + entry.name, is_dir=True)
            return FileInfo(path=prefix + entry.name, is_dir=False, file_size=entry.stat().st_size)
        except (OSError, UnicodeEncodeError):  # gone meanwhile, or a name that no path on the wire can say
            return None


class Upload:
    """A file in the making. It appears under its name, whole and on the disk, when it is finished."""

    def __init__(self, target: Path, path: str) -> None:
        self._target = target
        self._path = path
        self._draft = target.parent / f"{UPLOAD_PREFIX}{secrets.token_hex(8)}"
        self._size = 0
        with _errors(path):
            self._file: BinaryIO = self._draft.open("xb", buffering=0)

    def write(self, chunk: bytes | bytearray | memoryview) -> None:
        with _errors(self._path):
            rest = memoryview(chunk)
            while rest:
                written = self._file.write(rest)
                self._size += written
                rest = rest[written:]

    def finish(self) -> int:
        """Make it appear; its size in bytes."""
        with _errors(self._path):
            os.fsync(self._file.fileno())
            self._file.close()
            self._draft.replace(self._target)
            sync_folder(self._target.parent)
        return self._size

    def abandon(self) -> None:
        """Leave nothing behind. May be called after a failed ``finish``."""
        self._file.close()
        with suppress(OSError):
            self._draft.unlink(missing_ok=True)


def local_folder(uri: str) -> Path:
    """The folder that a ``file:`` address or a plain path means.

    Raises:
        InvalidInput: it is not a local one.
    """
    parts = urlsplit(uri)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Path(unquote(parts.path)).absolute()
    if not uri or "://" in uri or parts.scheme == "file":
        raise InvalidInput(
            f"artifacts at '{uri}' can't be reached from here: expected mlflow-artifacts:/..., file:///... or a local path"
        )
    return Path(uri).expanduser().absolute()


def _plain_files(folder: Path) -> Iterator[Path]:
    """All files below a folder; links are files, and are not followed."""
    for place, folders, names in os.walk(folder):
        linked = [name for name in folders if Path(place, name).is_symlink()]
        for name in [*names, *linked]:
            yield Path(place, name)


_SYNCED: set[tuple[int, int]] = set()
"""Folders (device, inode) that this process knows to be on the disk under their name."""
_MOST_REMEMBERED = 10_000


def _make_folders(root: Path, folder: Path) -> None:
    """Make a folder below the root, with all above it durable.

    One that is there already was perhaps made a moment ago, by another upload that has not synced it yet.
    """
    make_folders(folder)
    while folder != folder.parent and folder.is_relative_to(root):
        status = folder.stat()
        if (status.st_dev, status.st_ino) not in _SYNCED:
            with suppress(PermissionError):  # above the root there may be folders that are not ours to read
                sync_folder(folder.parent)
            if len(_SYNCED) >= _MOST_REMEMBERED:
                _SYNCED.clear()
            _SYNCED.add((status.st_dev, status.st_ino))
        folder = folder.parent


@contextmanager
def _errors(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _translated(error, path) from error


def _translated(error: OSError, path: str) -> SolventError:
    if isinstance(error, FileNotFoundError):
        return NotFound(f"No such artifact: '{path}'")
    if isinstance(error, (IsADirectoryError, NotADirectoryError, FileExistsError)):
        return InvalidInput(f"'{path}' can't be written: a file and a folder can't have the same name")
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP):
        return InvalidInput(f"Invalid path '{path}': {error.strerror}")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(f"no room left for artifact '{path}': free some space and send it again")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return Unavailable(f"artifact '{path}' can't be reached: check the permissions of the artifact folder")
    return Unavailable(f"artifact '{path}': {error.strerror}")
