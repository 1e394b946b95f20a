"""The data of a run: whether what it would read now is what it read then."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from solvent.errors import InvalidInput
from solvent.projects.reproduce.places import written_since
from solvent.projects.reproduce.recorded import Recorded
from solvent.projects.reproduce.verdict import Known

_DIGEST = re.compile(r"[0-9a-f]{32,64}")


@dataclass(frozen=True)
class Input:
    """A file or folder that a run read; ``digest`` begins the SHA-256 that it had."""

    name: str
    path: Path
    digest: str


@dataclass(frozen=True)
class Checked:
    """``known`` is what is not as it was, ``notes`` what could not be checked, ``beside`` what must be copied into the
    rebuilt folder because no commit holds it, or not as it was read (other line ends, git-lfs): places below it, and
    where the data lies."""

    known: tuple[Known, ...]
    notes: tuple[str, ...]
    beside: dict[str, Path]


def check_data(recorded: Recorded, rebuilt: Path, root: Path | None, *, fresh: bool = True) -> Checked:
    """Hold the fingerprints of the recorded inputs against what a repetition would read.

    That is the file in ``rebuilt``, the folder that stands for ``root`` now, if its code holds it; else the one at the
    recorded place. Data that Solvent can't fingerprint at its source (a query, a frame) is compared when the run has
    been repeated.

    Args:
        fresh: ``rebuilt`` is ours to copy data to, and not a folder of the user's.
    """
    known: list[Known] = []
    beside: dict[str, Path] = {}
    found, notes = _inputs(recorded)
    info = recorded.run.info
    for each in found:
        inner = _inner(each.path, root)
        place = rebuilt / inner if inner is not None and (rebuilt / inner).exists() else each.path
        problem = _problem(each, place)
        if problem is not None and fresh and place != each.path and _problem(each, each.path) is None:
            problem, place = None, each.path
        if problem is not None:
            if place == each.path and place.exists() and written_since(place, info.start_time, info.end_time):
                problem += ": it was last written while the run ran, which may write its results there"
            known.append(Known("data", problem))
        elif inner is not None and place == each.path and rebuilt != root:
            beside[inner] = each.path
    return Checked(tuple(known), tuple(notes), beside)


def lay_beside(beside: dict[str, Path], rebuilt: Path) -> None:
    """Copy data into the rebuilt folder, so that nothing that a repetition writes reaches the user's own."""
    for inner, source in beside.items():
        target = rebuilt / inner
        if not target.resolve().is_relative_to(rebuilt.resolve()):
            continue
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy2(source, target)


def _inputs(recorded: Recorded) -> tuple[list[Input], list[str]]:
    found: dict[Path, Input] = {}
    notes: list[str] = []
    for item in recorded.run.inputs.dataset_inputs if recorded.run.inputs else []:
        data = item.dataset
        if data is None or data.source_type == "code":
            continue
        path = _local(data.source)
        if path is None or not _DIGEST.fullmatch(data.digest):
            notes.append(f"'{data.name}' was not checked at its source ({data.source_type or 'unknown kind'})")
        elif "site-packages" not in path.parts:  # what comes with a package is as old as the package
            found[path] = Input(data.name, path, data.digest)
    return list(found.values()), notes


def _local(source: str) -> Path | None:
    try:
        uri = json.loads(source)["uri"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(uri, str) or "\0" in uri:
        return None
    path = Path(uri.removeprefix("file://"))
    return path if path.is_absolute() else None


def _problem(wanted: Input, place: Path) -> str | None:
    from solvent.data.errors import UnreadableData
    from solvent.data.fingerprint.paths import of_path

    if not place.exists():
        return f"{place} is not there any more"
    try:
        found = of_path(place)
    except (UnreadableData, InvalidInput) as error:
        return f"{place} can't be read: {error}"
    if found.digest.startswith(wanted.digest):
        return None
    return f"{place} has changed (SHA-256 {wanted.digest[:12]}... is {found.digest[:12]}... now)"


def _inner(path: Path, root: Path | None) -> str | None:
    """The path below the folder where the code lay; None if it lies elsewhere."""
    if root is None or ".." in path.parts or not path.is_absolute() or not path.is_relative_to(root):
        return None
    inner = path.relative_to(root).as_posix()
    return inner if inner != "." else None
