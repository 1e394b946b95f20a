"""A log as lines for people: bounded, without colours, without what progress bars wrote over."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from solvent.errors import InvalidInput

MAX_BYTES = 64 << 20
"""Of a larger file the last so many bytes are read: a program's end is at the end of its log."""
MAX_LINE = 16_384
_CHUNK = 1 << 20

_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, links
    r"|\x1b[@-Z\\-_]"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)


class LogUnreadable(InvalidInput):
    """The log can't be read; the message says why."""


class Log:
    """The lines of a log. ``skipped`` are the bytes before what was read, known once it is open."""

    def __init__(self, file: BinaryIO, skipped: int = 0) -> None:
        self._file = file
        self.skipped = skipped

    def lines(self) -> Iterator[str]:
        """Lines without control characters and line ends; a line that JSON wrapped is unwrapped to several."""
        for raw in _split(self._file, first_is_partial=self.skipped > 0):
            yield from _clean(raw)


@contextmanager
def open_log(path: Path) -> Iterator[Log]:
    """A log file, from where its last ``MAX_BYTES`` begin. It may be a notebook with outputs.

    Raises:
        LogUnreadable: it can't be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise LogUnreadable(f"{path} can't be read: {error.strerror}") from error
    with file:
        try:
            skipped = max(0, file.seek(0, 2) - MAX_BYTES) if file.seekable() else 0
            if file.seekable():
                file.seek(skipped)
        except OSError as error:
            raise LogUnreadable(f"{path} can't be read: {error.strerror}") from error
        yield Log(file, skipped) if path.suffix != ".ipynb" else Log(io.BytesIO(_outputs(path, file)))


def _outputs(path: Path, file: BinaryIO) -> bytes:
    """What the cells of a notebook have printed, as one text."""
    try:
        document = json.loads(file.read(MAX_BYTES + 1))
    except (ValueError, RecursionError):
        raise LogUnreadable(f"{path} is no notebook, or larger than {MAX_BYTES:,} bytes") from None
    cells = document.get("cells") if isinstance(document, dict) else None
    texts: list[str] = []
    for cell in cells if isinstance(cells, list) else []:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else []:
            for name, between in (("text", ""), ("traceback", "\n")):
                parts = output.get(name) if isinstance(output, dict) else None
                if isinstance(parts, list):
                    texts.append(between.join(part for part in parts if isinstance(part, str)))
                elif isinstance(parts, str):
                    texts.append(parts)
    return "\n".join(texts).encode("utf-8", "replace")


def _split(file: BinaryIO, *, first_is_partial: bool) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, its beginning and its end."""
    rest = b""
    while chunk := _read(file):
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        if len(rest) > 2 * MAX_LINE:
            rest = rest[:MAX_LINE] + rest[-MAX_LINE:]
        if first_is_partial and parts:
            parts, first_is_partial = parts[1:], False
        yield from parts
    if rest:
        yield rest


def _read(file: BinaryIO) -> bytes:
    try:
        return file.read1(_CHUNK) if hasattr(file, "read1") else file.read(_CHUNK)
    except OSError as error:
        raise LogUnreadable(f"the log can't be read: {error.strerror}") from error


def _clean(raw: bytes) -> Iterator[str]:
    if len(raw) > 2 * MAX_LINE:
        raw = raw[:MAX_LINE] + raw[-MAX_LINE:]
    text = raw.decode("utf-8", "replace").rstrip("\r")
    if "\\n" in text and "Traceback" in text:
        for line in _unwrapped(text).split("\n"):
            yield _plain(line)
        return
    yield _plain(text)


def _plain(text: str) -> str:
    if "\r" in text:  # a progress bar: what was written last is what people saw
        text = next((part for part in reversed(text.split("\r")) if part.strip()), "")
    return text if text.isprintable() else _CONTROL.sub("", text)


def _unwrapped(text: str) -> str:
    """A traceback that a structured log, or a notebook's file, has as one JSON text."""
    start = text.find("{")
    if start >= 0:
        try:
            found = _texts(json.loads(text[start:]))
            return "\n".join(found)
        except (ValueError, RecursionError):
            pass
    return text.replace("\\n", "\n").replace('\\"', '"').replace("\\t", "\t").replace("\\u001b", "\x1b")


def _texts(value: object) -> list[str]:
    """All texts with more than one line in a JSON value."""
    if isinstance(value, str):
        return [value] if "\n" in value else []
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return []
