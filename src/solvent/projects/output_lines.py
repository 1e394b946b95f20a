"""Lines of what a child prints, without secrets: a long line is cut, and never within a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from solvent.provenance.redact import MARK, is_secret_name, redact_text, secret_spans

LONGEST_LINE = 16 << 10
LOOKAHEAD = 4 << 10
"""Bytes behind the end of a piece that are waited for: a secret that is longer may be cut."""
_LEAST_SECRET = 8


class Mask:
    """Text without what is secret by its form, and without the values of secret variables of an environment."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        lines = {
            line
            for name, value in environment.items()
            if is_secret_name(name)
            for line in value.splitlines()  # what is printed is looked at line by line
            if len(line) >= _LEAST_SECRET
        }
        longest_first = sorted(lines, key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, longest_first))) if lines else None

    def __call__(self, text: str) -> str:
        if self._values is not None:
            text = self._values.sub(MARK, text)
        return redact_text(text)

    def cut(self, text: str, at: int) -> int:
        """Where to cut the text, at a place or before it, so that no secret has a part on both sides."""
        values = [match.span() for match in self._values.finditer(text)] if self._values is not None else []
        for start, end in sorted([*values, *secret_spans(text)], reverse=True):
            if 0 < start < at < end:
                at = start
        return at


class Lines:
    """Makes lines of chunks. Of a line that is written over (a progress bar), the last state is kept."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._text = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        *whole, self._text = (self._text + chunk).split(b"\n")
        for line in whole:
            yield from self._pieces(_final(line.removesuffix(b"\r")))
        if b"\r" in self._text[:-1]:
            self._text = self._text[self._text.rfind(b"\r", 0, -1) :]
        while len(self._text) > LONGEST_LINE + LOOKAHEAD:
            piece, self._text = self._split(self._text)
            yield self._masked(piece)

    def rest(self) -> list[bytes]:
        """The line that was not ended, as far as it has come."""
        text, self._text = self._text, b""
        return list(self._pieces(_final(text.removesuffix(b"\r")))) if text else []

    def _pieces(self, line: bytes) -> Iterator[bytes]:
        while len(line) > LONGEST_LINE:
            piece, line = self._split(line)
            yield self._masked(piece)
        yield self._masked(line)

    def _split(self, line: bytes) -> tuple[bytes, bytes]:
        """A piece, and what follows it; looked at byte by byte (Latin-1), so that places are those of the bytes."""
        seen = line[: LONGEST_LINE + LOOKAHEAD].decode("latin-1")
        at = self._mask.cut(seen, LONGEST_LINE)
        return line[:at], line[at:]

    def _masked(self, line: bytes) -> bytes:
        return self._mask(line.decode("utf-8", "replace")).encode("utf-8", "replace") + b"\n"


def _final(line: bytes) -> bytes:
    return line.rpartition(b"\r")[2]
