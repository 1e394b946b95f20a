"""Looking at the files of a model: what they hash to, and what its MLmodel file says.

It is done by the server itself when a version is registered and when a logged model becomes READY, whichever client
asks. Files that can't be read are no error there: ``ModelFacts.problem`` says why nothing is known.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from solvent.errors import InvalidInput, NotFound, SolventError
from solvent.models.errors import UnsafeModel
from solvent.models.facts import facts_of
from solvent.models.mlmodel import FILE, MLmodel, read_mlmodel
from solvent.models.mlmodel import MAX_BYTES as MAX_MLMODEL
from solvent.registry.places import Place
from solvent.registry.settings import forbid_pickles
from solvent.store.files import FilesAt, ReadableFiles
from solvent.store.model_files import FileRow
from solvent.wire.model_files import ModelFacts

MAX_FILES = 10_000
"""Of a model, its folders counted too."""
MAX_DEPTH = 32
MAX_BYTES = 32 << 30
"""Of all files of a model: to hash them takes about a minute, and MLflow's client waits no longer than two."""
SETTLED_NS = 2_000_000_000
"""A file that was changed less than so long before it is hashed may change again under the same time (as git's index knows)."""
_SHOWN = 5


class Looked(NamedTuple):
    """What was found at a place: its files, by path, and what is known of the model."""

    files: list[FileRow]
    facts: ModelFacts


class Unhashed(NamedTuple):
    """A file as its folder lists it."""

    path: str
    size: int


def look(files_at: FilesAt | None, places: Sequence[Place], known: Iterable[FileRow] = ()) -> Looked:
    """Look at the first of the places where something is. What is ``known`` and was not changed since is not hashed again."""
    if files_at is None:
        return Looked([], ModelFacts(problem="its files can't be reached from here"))
    try:
        place = choose(files_at, places)
        return _look(files_at(place.uri), place, {file.path: file for file in known})
    except SolventError as error:
        return Looked([], ModelFacts(problem=str(error)))


def choose(files_at: FilesAt, places: Sequence[Place]) -> Place:
    """The first of several places where a model lies, else where anything does; the last one if there is nothing."""
    if len(places) == 1:
        return places[0]
    found = [(place, files_at(place.uri)) for place in places]
    with_model = (place for place, files in found if has_model(files, place.path))
    with_files = (place for place, files in found if files.list(place.path))
    return next(with_model, None) or next(with_files, None) or places[-1]


def has_model(files: ReadableFiles, folder: str) -> bool:
    try:
        files.size(below(folder, FILE))
    except NotFound:
        return False
    return True


def below(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def hashed(files: ReadableFiles, folder: str, path: str) -> FileRow:
    """Read a file whole, piece by piece."""
    whole, now = below(folder, path), time.time_ns()
    modified, size, digest = files.modified(whole), 0, hashlib.sha256()
    for chunk in files.read(whole):
        digest.update(chunk)
        size += len(chunk)
    settled = modified is not None and modified < now - SETTLED_NS
    return FileRow(path, size, digest.hexdigest(), modified if settled else None)


def is_same(files: ReadableFiles, folder: str, file: FileRow) -> bool:
    """Whether a file still has the size and the time of change of its record, so that it need not be read."""
    whole = below(folder, file.path)
    return file.modified is not None and file.modified == files.modified(whole) and file.size == files.size(whole)


def check_safe(looked: Looked, what: str) -> None:
    """Refuse a model that runs code when it is loaded, if the server takes none.

    Raises:
        UnsafeModel: it does, or its files can't be looked at, so that nobody knows.
    """
    if not forbid_pickles():
        return
    facts = looked.facts
    if facts.unsafe:
        more = len(facts.unsafe) - _SHOWN
        names = ", ".join(facts.unsafe[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
        raise UnsafeModel(
            f"this server takes no models that run code when they are loaded, and {what} has {names}: save it in a safe "
            "format (skops, ONNX, a native booster, safetensors)"
        )
    if not looked.files:
        raise UnsafeModel(
            f"this server takes only models that it can look at, to see that they run no code when they are loaded; of "
            f"{what} it can't: {facts.problem}"
        )


def walk(files: ReadableFiles, folder: str) -> Iterator[Unhashed]:
    """All files below a folder, their paths relative to it.

    Raises:
        InvalidInput: there are more than a model has.
    """
    waiting, seen = [(folder, 0)], 0
    while waiting:
        place, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise InvalidInput(f"there are folders more than {MAX_DEPTH} deep: a model has none such")
        for entry in files.list(place):
            seen += 1
            if seen > MAX_FILES:
                raise InvalidInput(f"there are more than {MAX_FILES:,} files: a model has fewer")
            if entry.is_dir:
                waiting.append((entry.path, depth + 1))
            else:
                yield Unhashed(entry.path[len(folder) + 1 :] if folder else entry.path, entry.file_size or 0)


def _look(files: ReadableFiles, place: Place, known: dict[str, FileRow]) -> Looked:
    found = sorted(walk(files, place.path))
    total = sum(file.size for file in found)
    if not found:
        return Looked([], ModelFacts(problem=f"there are no files at {below(place.uri, place.path)}"))
    if total > MAX_BYTES:
        problem = f"its files have {total:,} bytes: no more than {MAX_BYTES:,} are hashed"
        return Looked([], ModelFacts(problem=problem, bytes=total))
    rows = [_known_or_hashed(files, place.path, file, known) for file in found]
    return Looked(rows, _facts(files, place.path, rows))


def _known_or_hashed(files: ReadableFiles, folder: str, file: Unhashed, known: dict[str, FileRow]) -> FileRow:
    before = known.get(file.path)
    return before if before and is_same(files, folder, before) else hashed(files, folder, file.path)


def _facts(files: ReadableFiles, folder: str, rows: Sequence[FileRow]) -> ModelFacts:
    """What is told by file names is known even where there is no MLmodel file that can be read."""
    paths = [row.path for row in rows]
    problem: str | None = None
    try:
        facts = facts_of(read_mlmodel(b"".join(files.read(below(folder, FILE), 0, MAX_MLMODEL + 1))), paths)
    except SolventError as error:
        problem = str(error) if FILE in paths else f"there is no {FILE} file"
        facts = facts_of(MLmodel(flavors={}), paths)
    facts.bytes = sum(row.size for row in rows)
    facts.problem = problem or facts.problem
    return facts
