"""Which files a path stands for, and what they are: by their first bytes, then by how their name ends."""

from __future__ import annotations

import glob
import gzip
from pathlib import Path
from typing import Literal

from solvent.data.errors import UnreadableData

Format = Literal["parquet", "csv", "json", "arrow", "duckdb", "sqlite"]
_ENDINGS: dict[str, Format] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".duckdb": "duckdb",
    ".ddb": "duckdb",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}
_MAGIC: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"PAR1", "parquet"),
    (0, b"ARROW1", "arrow"),
    (0, b"SQLite format 3\0", "sqlite"),
    (8, b"DUCK", "duckdb"),
)
KNOWN = ".parquet, .csv, .tsv, .jsonl, .ndjson, .json, .arrow, .feather, .duckdb, .sqlite (.csv and .jsonl also .gz)"


def files_of(path: str) -> tuple[Format, list[Path]]:
    """The format and the files, sorted by name.

    Raises:
        UnreadableData: no such file, no data in the folder, several formats, or a file that is not what its name says.
    """
    files = _files(path)
    formats = {file: _format(file) for file in files}
    if len(set(formats.values())) > 1:
        one, other = sorted({kind: file for file, kind in formats.items()}.values())[:2]
        raise UnreadableData(
            f"expected files of one format in '{path}', got {one.name} ({formats[one]}) and {other.name} "
            f"({formats[other]}); give a pattern such as '*.parquet'"
        )
    return next(iter(formats.values())), files


def _files(path: str) -> list[Path]:
    place = Path(path).expanduser()
    if place.is_file():
        return [place.absolute()]
    if place.is_dir():
        found = [
            file
            for file in place.rglob("*")
            if file.is_file() and _ending(file) in _ENDINGS and not _hidden(file.relative_to(place))
        ]
    elif glob.has_magic(path):
        found = [Path(each) for each in glob.iglob(str(place), recursive=True) if Path(each).is_file()]  # noqa: PTH207 - absolute too
    else:
        raise UnreadableData(f"expected a data file, folder or frame, got '{path}', which does not exist")
    if not found:
        raise UnreadableData(f"expected data files in '{path}', found none; known are {KNOWN}")
    return sorted(file.absolute() for file in found)


def _hidden(file: Path) -> bool:
    """Writers leave ``_SUCCESS``, ``_temporary`` and ``.crc`` beside their files."""
    return any(part.startswith((".", "_")) for part in file.parts)


def _ending(file: Path) -> str:
    return Path(file.stem).suffix.lower() if file.suffix.lower() == ".gz" else file.suffix.lower()


def _format(file: Path) -> Format:
    named = _ENDINGS.get(_ending(file))
    try:
        with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as opened:
            begin = opened.read(16)
    except (OSError, EOFError) as error:
        raise UnreadableData(f"'{file.name}' can't be read: {error}") from error
    if not begin:
        raise UnreadableData(f"'{file.name}' is empty: expected {named or 'data'}, got 0 bytes")
    found = next((kind for place, magic, kind in _MAGIC if begin[place:].startswith(magic)), None)
    if found or named in ("csv", "json"):
        return found or named  # type: ignore[return-value]
    if named is None:
        raise UnreadableData(f"'{file.name}' is of no known format; known are {KNOWN}")
    raise UnreadableData(f"'{file.name}' is not {named}: it does not begin as {named} does")
