"""Which files that no commit holds are kept, and writing them as a patch that makes them.

Untracked files are kept as one patch against nothing, so that a page shows them like any change
and ``git apply`` brings them back. Whatever is not kept is named, with the reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from solvent.provenance.kinds import Kind, holds_settings, kind_of
from solvent.provenance.redact import redact_bytes, redact_settings

MAX_FILE_BYTES = 512 * 1024
MAX_TEXT_BYTES = 64 * 1024
MAX_TOTAL_BYTES = 4 * 1024 * 1024
MAX_FILES = 200
MAX_NAMED = 200
MAX_VISITED = 5_000

_MODES = {False: b"100644", True: b"100755"}
_SKIPPED_FOLDERS = frozenset(
    ["node_modules", "mlruns", "mlartifacts", "site-packages", "venv", "env", "build", "dist", "wandb"]
)
_NEVER_NAMED = frozenset(["__pycache__", ".git", ".solvent", ".ipynb_checkpoints"])


class SourcePatch(NamedTuple):
    """``patch`` makes the files; ``kept`` and ``left_out`` (with the reason) name them.

    ``more`` counts those left out beyond the ``MAX_NAMED`` that are named, ``code_left_out`` those of both that
    are code, ``redacted`` the secrets masked. ``cut``: there were more files than could be looked at.
    """

    patch: bytes = b""
    kept: tuple[str, ...] = ()
    left_out: dict[str, str] = {}
    more: int = 0
    code_left_out: int = 0
    redacted: int = 0
    cut: bool = False


def walk(folder: Path) -> Iterator[str]:
    """The files under a folder, by relative path with ``/``; no links to folders.

    Hidden, built and installed folders are not entered: their path comes with a ``/`` at its end.
    """
    for parent, folders, files in os.walk(folder):
        here = Path(parent).relative_to(folder)
        entered = []
        for name in sorted(folders):
            if name in _NEVER_NAMED:
                continue
            if is_entered(Path(parent), name):
                entered.append(name)
            else:
                yield f"{(here / name).as_posix()}/"
        folders[:] = entered
        for name in sorted(files):
            yield (here / name).as_posix()


def is_entered(parent: Path, name: str) -> bool:
    """Whether a folder may hold code of the user's: it is neither hidden, nor built, nor installed."""
    if name in _NEVER_NAMED or name in _SKIPPED_FOLDERS or name.startswith("."):
        return False
    return not _is_installed(parent / name)


def _is_installed(folder: Path) -> bool:
    """Whether a folder is a virtual environment, or one that ignores itself in git as caches and our stores do."""
    if (folder / "pyvenv.cfg").exists():
        return True
    try:
        with (folder / ".gitignore").open("rb") as file:
            return b"*" in file.read(1024).split()
    except OSError:
        return False


def as_patch(folder: Path, paths: Iterable[str], *, limit: int | None = None) -> SourcePatch:
    """One patch that makes the files, within the limits; what is not kept is named.

    Args:
        limit: how many paths are looked at; all if not given.
    """
    parts: list[bytes] = []
    kept: list[str] = []
    left_out: dict[str, str] = {}
    total = redacted = more = code = 0
    cut = False
    for number, path in enumerate(paths):
        if limit is not None and number >= limit:
            cut = True
            break
        content = _content(folder, path, room=MAX_TOTAL_BYTES - total if len(kept) < MAX_FILES else None)
        if isinstance(content, str):
            code += kind_of(path) is Kind.CODE and not path.endswith("/")
            if len(left_out) < MAX_NAMED:
                left_out[path] = content
            else:
                more += 1
            continue
        total += len(content)
        content, masked = redact_settings(content) if holds_settings(path) else redact_bytes(content)
        redacted += masked
        parts.append(_new_file(path, content, executable=os.access(folder / path, os.X_OK)))
        kept.append(path)
    return SourcePatch(b"".join(parts), tuple(kept), left_out, more, code, redacted, cut)


def _content(folder: Path, path: str, room: int | None) -> bytes | str:
    """The file's bytes, or why it is not kept. ``room`` is what the patch still takes, None if no file at all."""
    if path.endswith("/"):
        return _folder_reason(folder / path)
    kind = kind_of(path)
    if kind in (Kind.SECRET, Kind.OTHER):
        return str(kind.value)
    if any(ord(letter) < 32 or letter in '"\\' for letter in path):
        return "the name holds a character that a patch can't carry"
    if room is None:
        return f"more than {MAX_FILES} files"
    file = folder / path
    most = MAX_FILE_BYTES if kind is Kind.CODE else MAX_TEXT_BYTES
    try:
        if file.is_symlink() or not file.is_file():
            return "not a regular file"
        if (size := file.stat().st_size) > most:
            return f"{size} bytes, more than {most}"
        if size > room:
            return f"all files together would be larger than {MAX_TOTAL_BYTES} bytes"
        content = file.read_bytes()
    except OSError as error:
        return error.strerror or "can't be read"
    return _flaw(kind, content) or content


def _flaw(kind: Kind, content: bytes) -> str:
    """What keeps the content from being kept; '' if nothing does."""
    if kind is Kind.BARE and not content.startswith(b"#!"):
        return "neither a known name nor a script that starts with #!"
    if b"PRIVATE KEY-----" in content:
        return "holds a private key"
    return "binary" if b"\0" in content else ""


def _folder_reason(folder: Path) -> str:
    if (folder / ".git").exists():
        return "a git repository of its own"
    return "hidden, built or installed: not looked into"


def _new_file(path: str, content: bytes, *, executable: bool) -> bytes:
    name = os.fsencode(path)
    header = b"diff --git a/%b b/%b\nnew file mode %b\n" % (name, name, _MODES[executable])
    if not content:
        return header + b"index 0000000..e69de29\n"
    lines = content.split(b"\n")
    complete = lines[-1] == b""
    if complete:
        lines.pop()
    end_of_name = b"\t" if b" " in name else b""
    span = b"1" if len(lines) == 1 else b"1,%d" % len(lines)
    hunk = b"--- /dev/null\n+++ b/%b%b\n@@ -0,0 +%b @@\n" % (name, end_of_name, span)
    body = b"".join(b"+%b\n" % line for line in lines)
    return header + hunk + body + (b"" if complete else b"\\ No newline at end of file\n")
