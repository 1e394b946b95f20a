"""Which files are source code, and writing them as a patch that makes them.

Untracked files are kept as one patch against nothing, so that a page shows them like any change
and ``git apply`` brings them back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from solvent.provenance.redact import redact_bytes

MAX_FILE_BYTES = 512 * 1024
MAX_TOTAL_BYTES = 4 * 1024 * 1024
MAX_FILES = 200
MAX_VISITED = 5_000

_SUFFIXES = frozenset(
    [
        ".py",
        ".pyi",
        ".pyx",
        ".ipynb",
        ".r",
        ".rmd",
        ".jl",
        ".sh",
        ".bash",
        ".sql",
        ".c",
        ".cc",
        ".cpp",
        ".cu",
        ".cuh",
        ".h",
        ".hpp",
        ".rs",
        ".go",
        ".java",
        ".scala",
        ".js",
        ".ts",
        ".toml",
        ".yaml",
        ".yml",
        ".cfg",
        ".ini",
        ".gin",
        ".md",
        ".rst",
        ".tf",
        ".mk",
    ]
)
_NAMES = frozenset(
    ["mlproject", "makefile", "dockerfile", "justfile", "pipfile", "conda.yaml", "snakefile", "dvc.yaml"]
)
_SECRET_NAME = re.compile(
    r"(^|[._-])(secrets?|credentials?|passwords?|tokens?|id_rsa|netrc|pypirc)([._-]|$)", re.IGNORECASE
)
_SKIPPED_FOLDERS = frozenset(
    ["node_modules", "__pycache__", "mlruns", "mlartifacts", "site-packages", "venv", "env", "build", "dist", "wandb"]
)


class SourcePatch(NamedTuple):
    """``patch`` makes the files; ``kept`` and ``left_out`` (with the reason) name them; ``redacted`` counts masks."""

    patch: bytes
    kept: list[str]
    left_out: dict[str, str]
    redacted: int


def is_source(path: str) -> bool:
    """Whether a file is code or configuration by its name, and not one that usually holds secrets."""
    name = path.rsplit("/", 1)[-1]
    if _SECRET_NAME.search(name) or name.startswith(".env"):
        return False
    lowered = name.lower()
    known = os.path.splitext(lowered)[1] in _SUFFIXES  # noqa: PTH122 - a relative text path
    return known or lowered in _NAMES or (lowered.startswith("requirements") and lowered.endswith(".txt"))


def walk(folder: Path) -> Iterator[str]:
    """The source files under a folder, by relative path with ``/``; bounded, no links, no hidden or built folders."""
    visited = 0
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _SKIPPED_FOLDERS and not (here / name / "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            visited += 1
            if visited > MAX_VISITED:
                return
            if is_source(name):
                yield (here / name).relative_to(folder).as_posix()


def as_patch(folder: Path, paths: Iterable[str]) -> SourcePatch:
    """One patch that makes the files, within the limits; what does not fit is named."""
    parts: list[bytes] = []
    kept: list[str] = []
    left_out: dict[str, str] = {}
    total = redacted = 0
    for path in paths:
        content = _read(folder, path)
        if isinstance(content, str):
            left_out[path] = content
        elif len(kept) >= MAX_FILES:
            left_out[path] = f"more than {MAX_FILES} files"
        elif total + len(content) > MAX_TOTAL_BYTES:
            left_out[path] = f"all files together would be larger than {MAX_TOTAL_BYTES} bytes"
        else:
            total += len(content)
            content, masked = redact_bytes(content)
            redacted += masked
            parts.append(_new_file(path, content))
            kept.append(path)
        if len(left_out) >= MAX_FILES:
            break
    return SourcePatch(b"".join(parts), kept, left_out, redacted)


def _read(folder: Path, path: str) -> bytes | str:
    """The file's bytes, or why it can't be kept."""
    if any(ord(letter) < 32 or letter in '"\\' for letter in path):
        return "the name holds a character that a patch can't carry"
    file = folder / path
    try:
        if file.is_symlink() or not file.is_file():
            return "not a regular file"
        if (size := file.stat().st_size) > MAX_FILE_BYTES:
            return f"{size} bytes, more than {MAX_FILE_BYTES}"
        content = file.read_bytes()
    except OSError as error:
        return error.strerror or "can't be read"
    return "binary" if b"\0" in content else content


def _new_file(path: str, content: bytes) -> bytes:
    name = os.fsencode(path)
    header = b"diff --git a/%b b/%b\nnew file mode 100644\n" % (name, name)
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
