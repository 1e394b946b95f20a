"""Unpacking a zip that a stranger may have made: everything stays within its folder and within bounds."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from solvent.projects.errors import InvalidProject

MAX_FILES = 20_000
MAX_BYTES = 2 * 1024**3
"""Of all files together, unpacked."""
_MAX_DIRECTORY = 8 * 1024**2
_MAX_LINK = 1024
_BLOCK = 1 << 20


def unpack(archive: Path, folder: Path, *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES) -> None:
    """Unpack all of a zip into a new folder; execute rights are kept, owners and other rights are not.

    Links are made last, and only those that stay within the folder.

    Raises:
        InvalidProject: it is broken or encrypted, too large, or holds what leads out of the folder.
    """
    try:
        with _File(archive, "rb") as file, zipfile.ZipFile(file) as opened:
            entries = opened.infolist()
            _check(archive, entries, max_files, max_bytes)
            links = []
            for entry in entries:
                target = folder / _path(archive, entry)
                if stat.S_ISLNK(_mode(entry)):
                    links.append((entry, target))
                elif entry.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                else:
                    _write(opened, entry, target)
            for entry, target in links:
                _link(archive, opened, entry, target, folder)
            for entry, target in links:  # again: a link may have changed where an earlier one leads
                _stays(archive, entry, target, folder)
    except FileExistsError as error:
        raise _refused(archive, f"holds {error.filename} twice") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _refused(archive, f"can't be unpacked ({error})") from error
    except FileNotFoundError:
        raise InvalidProject(f"{archive} is not there: name a zip or a folder") from None
    except OSError as error:
        raise InvalidProject(f"{archive.name} can't be unpacked ({error.strerror or error})") from error


class _File(io.FileIO):
    """A zip whose directory, which is read at once, is bounded."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_DIRECTORY:
            raise zipfile.BadZipFile(f"its directory is larger than {_MAX_DIRECTORY:,} bytes")
        return super().read(size) or b""


def _check(archive: Path, entries: list[zipfile.ZipInfo], max_files: int, max_bytes: int) -> None:
    if len(entries) > max_files:
        raise _refused(archive, f"holds {len(entries):,} files, at most {max_files:,} are unpacked")
    size = sum(entry.file_size for entry in entries)
    if size > max_bytes:  # no more than this is ever read of an entry, whatever it really holds
        raise _refused(archive, f"would be {size:,} bytes unpacked, at most {max_bytes:,} are")


def _path(archive: Path, entry: zipfile.ZipInfo) -> PurePosixPath:
    """The entry's path, if it is one that stays within."""
    name = entry.orig_filename
    path = PurePosixPath(name)
    odd = "\\" in name or any(ord(letter) < 32 or ord(letter) == 127 for letter in name)
    if odd or path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0]:
        raise _refused(archive, f"holds {name!r}, which would lie outside of its folder or is no path")
    return path


def _mode(entry: zipfile.ZipInfo) -> int:
    return entry.external_attr >> 16


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    kind = stat.S_IFMT(_mode(entry))
    if kind not in (0, stat.S_IFREG):
        raise ValueError(f"{entry.filename} is no file, folder or link")
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as content, target.open("xb") as file:
        shutil.copyfileobj(content, file, _BLOCK)
    target.chmod(0o755 if _mode(entry) & 0o111 else 0o644)


def _link(archive: Path, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, folder: Path) -> None:
    if entry.file_size > _MAX_LINK:
        raise _refused(archive, f"holds a link of {entry.file_size:,} bytes")
    points_to = opened.read(entry).decode("utf-8")
    _stays(archive, entry, target.parent, folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    _stays(archive, entry, target.parent / points_to, folder)
    target.symlink_to(points_to)


def _stays(archive: Path, entry: zipfile.ZipInfo, target: Path, folder: Path) -> None:
    if not target.resolve().is_relative_to(folder.resolve()):
        raise _refused(archive, f"holds {entry.filename}, a link that leads out of its folder")


def _refused(archive: Path, why: str) -> InvalidProject:
    return InvalidProject(f"{archive.name} {why}: it is not used")
