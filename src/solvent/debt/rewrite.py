"""Files that Solvent itself changes: only as they were looked at, whole or not at all."""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from solvent.debt.engine.check import Report
from solvent.debt.engine.examine import digest_of
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.links import is_inside
from solvent.debt.sources.read import read_file
from solvent.disk import replace_file
from solvent.errors import Conflict

_CHANGED = "it has changed since it was looked at: check again"


class Rewritten(NamedTuple):
    """A file's bytes before and after, by its path from the root."""

    path: str
    before: bytes
    after: bytes


def content_of(report: Report, path: str) -> bytes:
    """A file as the report saw it.

    Raises:
        Unreadable: it is gone, or has changed since.
    """
    content = read_file(report.root / path)
    if digest_of(content) != report.digests.get(path):
        raise Unreadable(_CHANGED)
    return content


def write(root: Path, rewritten: Iterable[Rewritten]) -> None:
    """Put the files into place, each at once.

    Raises:
        Conflict: one has changed in the meantime, leads out of the root by a link, or can't be written; those before it are done.
    """
    for each in rewritten:
        path = root / each.path
        try:
            if not is_inside(root, path):
                raise Conflict(f"{each.path} was left alone: a link leads out of {root}")
            if path.read_bytes() != each.before:
                raise Conflict(f"{each.path} was left alone: {_CHANGED}")
            replace_file(path, each.after)
        except OSError as error:
            raise Conflict(f"{each.path} can't be written: {error.strerror}") from error


def differences(rewritten: Iterable[Rewritten]) -> Iterator[str]:
    """A unified diff, as ``git apply`` and ``patch -p1`` read it, line by line with their ends."""
    for each in rewritten:
        before, after = _lines(text_of(each.before)), _lines(text_of(each.after))
        for line in difflib.unified_diff(before, after, f"a/{each.path}", f"b/{each.path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines that end where a diff's do: at a line feed, not at a form feed or a lone carriage return."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def text_of(content: bytes) -> str:
    """A file's text with its own line ends, without a byte order mark."""
    return content.decode(encoding_of(content))


def encoding_of(content: bytes) -> str:
    """What Python takes a source to be written in; ``utf-8-sig`` with a byte order mark."""
    return tokenize.detect_encoding(io.BytesIO(content).readline)[0]
