"""Which files a path stands for, and what they are: by their first bytes, then by how their name ends."""

from __future__ import annotations

import difflib
import glob
import gzip
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

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
_AT_ONCE = 1 << 20
KNOWN = ".parquet, .csv, .tsv, .jsonl, .ndjson, .json, .arrow, .feather, .duckdb, .sqlite (.csv and .jsonl also .gz)"


class Found(NamedTuple):
    """``notes`` name what else lies there and is not read."""

    format: Format
    files: list[Path]
    notes: list[str]


def files_of(path: str) -> Found:
    """The format and the files, sorted by name.

    Raises:
        UnreadableData: no such file, no data in the folder, several formats, a file that is not what its name says, or
            something that may hold data and can't be read: a link that leads nowhere, a pipe, a folder that is closed.
    """
    try:
        files, others = _files(path)
    except OSError as error:
        shown = path if len(path) <= 200 else f"{path[:200]}..."
        raise UnreadableData(f"'{shown}' can't be read: {error.strerror or error}") from error
    formats = {file: _format(file) for file in files}
    if len(set(formats.values())) > 1:
        one, other = sorted({kind: file for file, kind in formats.items()}.values())[:2]
        raise UnreadableData(
            f"expected files of one format in '{path}', got {one.name} ({formats[one]}) and {other.name} "
            f"({formats[other]}); give a pattern such as '*.parquet'"
        )
    return Found(next(iter(formats.values())), files, _left_out(others))


def is_database(path: str) -> bool:
    """Whether a path is that of one file that holds tables."""
    place = Path(path.removeprefix("sqlite:///").removeprefix("duckdb:///")).expanduser()
    try:
        begin = _begin(place) if place.is_file() else b""
    except OSError:  # whoever opens it says why
        return False
    return any(begin[at:].startswith(magic) for at, magic, kind in _MAGIC if kind in ("duckdb", "sqlite"))


def _files(path: str) -> tuple[list[Path], list[Path]]:
    """The files that are read, and the others that lie there."""
    if not path.strip():
        raise UnreadableData("expected a data file, folder or frame, got an empty path")
    place = Path(path).expanduser()
    if place.is_file():
        return [place.absolute()], []
    if place.is_dir():
        found = [file for file in _below(place) if not _hidden(file.relative_to(place))]
        data = [file for file in found if _ending(file) in _ENDINGS]
    elif place.exists():
        raise UnreadableData(
            f"expected a data file or folder, got '{path}', which is neither; write it to a file first"
        )
    elif glob.has_magic(path):
        matched = [Path(each) for each in glob.iglob(str(place), recursive=True)]  # noqa: PTH207 - absolute too
        data = found = [each for each in matched if not each.is_dir()]
        if "**" not in path:
            found += [each for each in matched if each.is_dir()]
            data = [each for each in found if not each.is_dir()]
    else:
        raise UnreadableData(_absent(path, place))
    if not data:
        hint = "a query begins with SELECT, WITH or FROM" if " from " in path.lower() else f"known are {KNOWN}"
        raise UnreadableData(f"expected data files in '{path}', found none; {hint}")
    for file in found:
        if not file.exists():
            raise UnreadableData(f"'{file}' is a link that leads nowhere: bring back what it led to, or remove it")
    for file in data:
        if not file.is_file():
            raise UnreadableData(
                f"'{file}' is neither a file nor a folder: write to a file what it gives, or remove it"
            )
    return sorted(file.absolute() for file in data), sorted(set(found) - set(data))


def _absent(path: str, place: Path) -> str:
    """What to say of a path at which nothing is."""
    if "://" in path or path.startswith("models:/"):
        return f"expected a data file or folder on this machine, got the address '{path}'; fetch it, and give the file"
    names = [each.name for each in place.parent.iterdir()] if place.parent.is_dir() else []
    near = difflib.get_close_matches(place.name, names, 1)
    hint = f"did you mean '{place.with_name(near[0])}'?" if near else "correct the name, or the folder you are in"
    return f"expected a data file, folder or frame, got '{path}', which does not exist; {hint}"


def _below(folder: Path) -> Iterator[Path]:
    """All that lies in a folder and is no folder itself. A link to a folder that lies there too is not followed.

    Raises:
        OSError: a folder can't be looked into.
    """

    def stop(error: OSError) -> None:
        raise error

    seen = {folder.resolve()}
    for root, inner, names in os.walk(folder, onerror=stop, followlinks=True):
        yield from (Path(root, name) for name in names)
        for name in list(inner):
            path = Path(root, name)
            if not path.is_symlink():
                continue
            real = path.resolve()
            if any(real.is_relative_to(each) or each.is_relative_to(real) for each in seen):
                inner.remove(name)
            seen.add(real)


def _left_out(others: Sequence[Path]) -> list[str]:
    if not others:
        return []
    more = f" and {len(others) - 3:,} more" if len(others) > 3 else ""
    return [f"not read, for they are no data files by their names: {', '.join(file.name for file in others[:3])}{more}"]


def _hidden(file: Path) -> bool:
    """Writers leave ``_SUCCESS``, ``_temporary`` and ``.crc`` beside their files."""
    return any(part.startswith((".", "_")) for part in file.parts)


def _ending(file: Path) -> str:
    return Path(file.stem).suffix.lower() if file.suffix.lower() == ".gz" else file.suffix.lower()


def _format(file: Path) -> Format:
    named = _ENDINGS.get(_ending(file))
    try:
        begin = _unzipped(file) if file.suffix.lower() == ".gz" else _begin(file)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableData(f"'{file.name}' can't be read: {error}") from error
    if not begin:
        raise UnreadableData(f"'{file.name}' is empty: expected {named or 'data'}, got 0 bytes; write it anew")
    found = next((kind for place, magic, kind in _MAGIC if begin[place:].startswith(magic)), None)
    if found or named in ("csv", "json"):
        return found or named  # type: ignore[return-value]
    if named is None:
        raise UnreadableData(f"'{file.name}' is of no known format; known are {KNOWN}")
    raise UnreadableData(f"'{file.name}' is not {named}: it does not begin as {named} does; fetch or write it anew")


def _begin(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(16)


def _unzipped(file: Path) -> bytes:
    """The first bytes. All are read, because the sums of its content are not looked at later."""
    with gzip.open(file) as opened:
        begin = opened.read(16)
        while opened.read(_AT_ONCE):
            pass
        return begin
