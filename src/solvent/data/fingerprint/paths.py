"""Fingerprints of files and folders.

A file's is the SHA-256 of its content, as ``sha256sum`` prints it. A folder's is the SHA-256 of what ``sha256sum`` prints
for its files, sorted by the bytes of their names:

    cd folder && find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from solvent.data.fingerprint import cache, content, tree
from solvent.data.fingerprint.model import Fingerprint

WORKERS = min(4, os.cpu_count() or 1)
"""Threads that read at once: hashing gives up Python's lock."""

Progress = Callable[[int, int], None]
"""Is told the bytes that were read, and how many there are to be read in all: first before anything is read, if something
must be."""


def of_path(path: str | os.PathLike[str], *, progress: Progress | None = None) -> Fingerprint:
    """The fingerprint of a file or a folder. What has not changed since it was last read is not read again.

    Raises:
        UnreadableData: it is missing, empty of files, changes while it is read, or a link leads out of it.
    """
    given = Path(path)
    try:
        is_folder = given.is_dir()
        root = given.absolute() if is_folder else given.resolve(strict=True)
    except OSError as error:
        raise content.unreadable(str(given), error) from error
    return _of_folder(root, progress) if is_folder else _of_file(root, str(given), progress)


def _of_file(path: Path, shown: str, progress: Progress | None) -> Fingerprint:
    try:
        entry = tree.Entry("", path, content.stamp_of(path.stat()))
    except OSError as error:
        raise content.unreadable(shown, error) from error
    ((digest, size),) = _digests(path, [entry], progress, shown)
    return Fingerprint("file", digest.hex(), size, 1)


def _of_folder(root: Path, progress: Progress | None) -> Fingerprint:
    entries = tree.entries(root)
    whole, total = hashlib.sha256(), 0
    for entry, (digest, size) in zip(entries, _digests(root, entries, progress), strict=True):
        whole.update(_line(digest.hex(), entry.name))
        total += size
    return Fingerprint("folder", whole.hexdigest(), total, sum(entry.stamp is not None for entry in entries))


def _line(digest: str, name: str) -> bytes:
    """As ``sha256sum`` prints it: names with a backslash or an end of line are escaped, and the line begins with one."""
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    mark = "\\" if escaped != name else ""
    return os.fsencode(f"{mark}{digest}  {escaped}\n")


def _digests(
    root: Path, entries: Sequence[tree.Entry], progress: Progress | None, shown: str = ""
) -> list[tuple[bytes, int]]:
    """Digest and size of each entry; what is known and unchanged is not read."""
    known = cache.load(root)
    found: dict[bytes, tuple[bytes, int]] = {}
    kept: cache.Known = {}
    to_read: list[tree.Entry] = []
    for entry in entries:
        name = os.fsencode(entry.name)
        before = known.get(name)
        if entry.stamp is None:
            found[name] = (hashlib.sha256(os.fsencode(f"link to {entry.leads_to}")).digest(), 0)
        elif before is not None and before[0] == entry.stamp:
            found[name] = (before[1], entry.stamp.size)
            kept[name] = before
        else:
            to_read.append(entry)
    try:
        for entry, read in _read_all(to_read, progress, shown):
            name = os.fsencode(entry.name)
            found[name] = (read.digest, read.stamp.size)
            if read.settled:
                kept[name] = (read.stamp, read.digest)
    finally:  # what was read until somebody interrupts need not be read again
        if kept != known:
            cache.save(root, kept)
    return [found[os.fsencode(entry.name)] for entry in entries]


def _read_all(
    entries: Sequence[tree.Entry], progress: Progress | None, shown: str
) -> Iterator[tuple[tree.Entry, content.Content]]:
    total, done = sum(entry.stamp.size for entry in entries if entry.stamp), 0

    def read(entry: tree.Entry) -> content.Content:
        return content.read(entry.path, shown or str(entry.path))

    if progress is not None and total:
        progress(0, total)
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for entry, result in zip(entries, pool.map(read, entries), strict=True):
                done += result.stamp.size
                if progress is not None:
                    progress(done, total)
                yield entry, result
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
