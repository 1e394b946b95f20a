"""What files came to, kept from one check to the next: a file is looked at again only if its content has changed.

One file per project in the user's cache folder. It is written whole and moved into place; a cache that can't be
read or was made by other rules is as good as none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

import solvent
from solvent.debt.engine.examine import Examined, digest_of
from solvent.settings import cache_folder

MAX_BYTES = 1 << 30


class Entry(msgspec.Struct, array_like=True):
    """``size`` and ``changed`` (ns) tell without reading whether the file may have changed. ``examined`` is encoded."""

    size: int
    changed: int
    digest: str
    role: str
    examined: msgspec.Raw


class _Content(msgspec.Struct, array_like=True):
    key: str
    entries: dict[str, Entry]


class Cache:
    """``key`` names all that a result depends on besides the file: version, rules, facts, settings.

    ``twin`` is the project whose cache is used, and left as it is, when ``root`` is only another state of it.
    """

    def __init__(self, root: Path, key: str, twin: Path | None = None) -> None:
        name = hashlib.sha256(os.fsencode(twin or root)).hexdigest()[:20]
        self._saves = twin is None
        self._path = cache_folder() / "debt" / f"{name}.msgpack"
        self._root = root
        self._key = key
        self._old = self._load()
        self._new: dict[str, Entry] = {}
        self._decoder = msgspec.msgpack.Decoder(Examined)

    def _load(self) -> dict[str, Entry]:
        with suppress(OSError, msgspec.MsgspecError):
            if self._path.stat().st_size <= MAX_BYTES:
                content = msgspec.msgpack.decode(self._path.read_bytes(), type=_Content)
                if content.key == self._key:
                    return content.entries
        return {}

    def find(self, path: str, role: str) -> Examined | None:
        """What the file came to, if it is still the same."""
        entry = self._old.get(path)
        if entry is None or entry.role != role:
            return None
        try:
            state = (self._root / path).stat()
            if (state.st_size, state.st_mtime_ns) != (entry.size, entry.changed):
                if state.st_size != entry.size or digest_of((self._root / path).read_bytes()) != entry.digest:
                    return None
                entry.changed = state.st_mtime_ns
            found = self._decoder.decode(entry.examined)
        except (OSError, msgspec.MsgspecError):
            return None
        self._new[path] = entry
        return found

    def keep(self, path: str, role: str, encoded: bytes, digest: str) -> None:
        """Remember what a file came to."""
        with suppress(OSError):
            state = (self._root / path).stat()
            self._new[path] = Entry(state.st_size, state.st_mtime_ns, digest, role, msgspec.Raw(encoded))

    def forget(self, paths: Iterable[str]) -> None:
        """Have these files looked at again next time."""
        for path in paths:
            self._new.pop(path, None)

    def save(self) -> None:
        """Write it, if anything in it is new. A folder that can't be written is no error."""
        if not self._saves:
            return
        if self._new.keys() == self._old.keys() and all(self._old[path] is entry for path, entry in self._new.items()):
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(f".{os.getpid()}")
            draft.write_bytes(msgspec.msgpack.encode(_Content(self._key, self._new)))
            draft.replace(self._path)


def cache_key(codes: Iterable[str], facts: Iterable[Path]) -> str:
    """All that results depend on besides files: Solvent's own debt code, the rules that run, the user's facts."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{solvent.__version__} {_own_code()} {' '.join(sorted(codes))}".encode())
    for path in facts:
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _own_code() -> str:
    """A digest of the debt room's files, and of what its rules use of others: one that was changed by hand asks anew."""
    digest = hashlib.blake2b(digest_size=16)
    stack: list[Traversable] = [resources.files("solvent.debt"), resources.files("solvent.data.features")]
    while stack:
        entry = stack.pop()
        if entry.is_dir():
            stack += sorted(entry.iterdir(), key=lambda each: each.name)
        elif entry.name.endswith((".py", ".yaml")):
            digest.update(entry.read_bytes())
    return digest.hexdigest()
