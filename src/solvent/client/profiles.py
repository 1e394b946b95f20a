"""The profile that goes with a data set, in MLflow's field of that name: its own keys, and ours under ``solvent``.

Profiles come from the extra [data]. Without it there is none, unless one was asked for: then it is an error that names the
extra. A profile of a file that has not changed is made once and then taken from the user's cache folder.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from solvent import __version__
from solvent.client.colspec import Column, colspec
from solvent.client.say import say
from solvent.data.fingerprint.model import Fingerprint
from solvent.errors import InvalidInput, SolventError
from solvent.settings import cache_folder

if TYPE_CHECKING:
    from solvent.data.profile.model import Profile

SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson", ".arrow", ".feather")
"""Files that are tables for sure; others are profiled when that is asked for."""
SAMPLE = 100_000
"""Rows of ``profile="sample"``."""
LARGE = 1_000_000_000
"""Bytes from which on a file is sampled, unless all of it is asked for."""
_MAKE = "solvent.data.profile.make"

Choice = bool | Literal["sample"] | None
"""Whether a profile is made: True (an error if it can't be), "sample" (of some rows), False, None (if it can be)."""


class Made(NamedTuple):
    """``schema`` as MLflow has it; ``profile`` the fields that are known."""

    schema: str | None
    profile: dict[str, Any]


def of_path(path: Path, found: Fingerprint, choice: Choice) -> Made:
    is_table = path.suffix.lower() in SUFFIXES
    if choice is False or (choice is None and not (is_table and _is_there())):
        return Made(None, {})
    rows = SAMPLE if choice == "sample" or (choice is None and (found.size or 0) > LARGE) else None
    made = _made(path, rows, choice, cached=_place(found, path, rows))
    if isinstance(made, str):
        return Made(None, {"solvent": {"failed": made}})
    columns = [
        Column(each.name, each.type, each.scalars is not None and not (made.sampled or each.scalars.nulls))
        for each in made.columns
    ]
    elements = made.rows * len(made.columns)
    profile = {"num_rows": made.rows, "num_elements": elements, "solvent": msgspec.to_builtins(made)}
    return Made(colspec(columns), profile)


def of_frame(frame: Any, choice: Choice) -> dict[str, Any]:
    """Our own part of the profile of a frame."""
    if choice is False or (choice is None and not _is_there()):
        return {}
    made = _made(frame, SAMPLE if choice == "sample" else None, choice, cached=None)
    return {"solvent": {"failed": made} if isinstance(made, str) else msgspec.to_builtins(made)}


def _made(source: Any, rows: int | None, choice: Choice, cached: Path | None) -> Profile | str:
    """The profile, or why there is none if nobody insists: a training must not end for that."""
    try:
        make: Any = import_module(_MAKE)
    except ModuleNotFoundError as error:
        raise InvalidInput(
            f"profiles need {error.name}, which comes with an extra: pip install 'solvent[data]'"
        ) from error
    if cached is not None and (kept := _load(cached)) is not None:
        return kept
    try:
        made: Profile = make.profile(source, sample=rows)
    except SolventError as error:
        if choice is not None:
            raise
        say(f"no profile of the data was made: {error}")
        return str(error)
    if cached is not None:
        _keep(cached, made)
    return made


def _is_there() -> bool:
    """Whether profiles can be made here."""
    return find_spec("duckdb") is not None and find_spec(_MAKE) is not None


def _place(found: Fingerprint, path: Path, rows: int | None) -> Path:
    import duckdb

    what = f"{found.digest}{path.suffix.lower()}-{__version__}-{duckdb.__version__}-{rows or 'all'}.json"
    return cache_folder() / "profiles" / what


def _load(place: Path) -> Profile | None:
    from solvent.data.profile.model import Profile

    try:
        return msgspec.json.decode(place.read_bytes(), type=Profile)
    except (OSError, msgspec.MsgspecError):
        return None


def _keep(place: Path, made: Profile) -> None:
    from solvent.disk import replace_file

    with suppress(OSError):
        replace_file(place, msgspec.json.encode(made))
