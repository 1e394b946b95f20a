"""What is remembered of files that were read, so that an unchanged folder is not read again.

One small file per fingerprinted path, in the user's cache folder. Losing it costs time alone: what can't be read, or
can't be written, is passed over.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from solvent.data.fingerprint.content import Stamp
from solvent.settings import cache_folder

VERSION = 1
KEPT_DAYS = 90
_SUM = 16

Known = dict[bytes, tuple[Stamp, bytes]]
"""Stamp and digest by the file's name within the path; the empty name is the path itself."""


class _Kept(msgspec.Struct, array_like=True):
    version: int
    root: bytes
    files: Known


def load(root: Path) -> Known:
    """What is known of the files below ``root``; nothing if there is any doubt."""
    try:
        data = _place(root).read_bytes()
        if _checksum(data[_SUM:]) != data[:_SUM]:
            return {}
        kept = msgspec.msgpack.decode(data[_SUM:], type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return {}
    return kept.files if kept.version == VERSION and kept.root == os.fsencode(root) else {}


def save(root: Path, files: Mapping[bytes, tuple[Stamp, bytes]]) -> None:
    """Keep what is known of ``root`` in place of what was; drop what has not changed in a long time."""
    place = _place(root)
    data = msgspec.msgpack.encode(_Kept(VERSION, os.fsencode(root), dict(files)))
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    with suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            draft.write_bytes(_checksum(data) + data)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        _forget_old(place.parent)


def _forget_old(folder: Path) -> None:
    oldest = time.time() - KEPT_DAYS * 86_400
    for file in folder.iterdir():
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


def _place(root: Path) -> Path:
    name = hashlib.blake2b(os.fsencode(root), digest_size=16).hexdigest()
    return cache_folder() / "fingerprints" / name


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SUM).digest()
