"""From a file to its text: bounded, tolerant, and never silent about what could not be read."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

from solvent.debt.sources.errors import Unreadable

MAX_PYTHON_BYTES = 2_000_000
"""Larger Python files were written by programs."""
MAX_NOTEBOOK_BYTES = 100_000_000


def read_file(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        Unreadable: it can't be opened, or is larger than anything that people write.
    """
    limit = MAX_NOTEBOOK_BYTES if path.suffix == ".ipynb" else MAX_PYTHON_BYTES
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise Unreadable(f"can't be read: {error.strerror}") from error
    if len(content) > limit:
        raise Unreadable(f"larger than {limit:,} bytes: exclude it if a program wrote it")
    return content


def decode(content: bytes) -> str:
    """The text of Python source, by its byte order mark or coding line (PEP 263).

    Raises:
        Unreadable: it is no text in the encoding that it claims.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise Unreadable(f"not text: {error}") from None
