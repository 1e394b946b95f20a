"""Local files that are to be kept as artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from solvent.errors import InvalidInput


def open_source(file: Path) -> BinaryIO:
    """The file, open for reading.

    Raises:
        InvalidInput: it can't be read.
    """
    try:
        return file.open("rb")
    except OSError as error:
        raise InvalidInput(f"'{file}' can't be read ({error.strerror}): give a file that exists") from error
