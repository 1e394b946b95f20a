"""What the arguments of ``solvent data`` stand for: data, a saved profile, or what a run has read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from solvent.cli.data_output import shown_progress
from solvent.cli.options import backend_of, require
from solvent.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from solvent.data.profile.model import Profile
    from solvent.wire.datasets import Dataset

LARGEST = 64 * 2**20
"""Bytes of a profile: more is data. A profile of 10,000 columns has 20 MB."""


def tables_of(old: str, new: str, table: str | None) -> tuple[str | None, str | None]:
    """The table of each side: the one that is named belongs to those sides that are databases.

    Raises:
        InvalidInput: neither is one, or what is there can't be told.
    """
    if table is None:
        return None, None
    before, after = _is_database(old), _is_database(new)
    if not (before or after):
        raise InvalidInput(f"--table {table} is for databases, and neither '{old}' nor '{new}' is one: leave it out")
    return (table if before else None), (table if after else None)


def refuse_sample(sample: int | None, *sources: str) -> None:
    """
    Raises:
        InvalidInput: there is no data to look at a part of, only profiles that were made before.
    """
    if sample is not None and all(each.startswith("runs:/") or _saved(Path(each)) is not None for each in sources):
        said = f"'{sources[0]}' is a saved profile" if len(sources) == 1 else "both are saved profiles"
        raise InvalidInput(f"--sample {sample} is for data, and {said}: leave it out")


def _is_database(source: str) -> bool:
    from solvent.data.engine.duck.databases import is_query
    from solvent.data.engine.duck.paths import files_of

    if source.startswith("runs:/") or is_query(source) or _saved(Path(source)) is not None:
        return False
    kind = files_of(source.removeprefix("sqlite:///").removeprefix("duckdb:///"))[0]
    return kind in ("duckdb", "sqlite")


def profile_of(
    source: str, *, table: str | None, sample: int | None, tracking_uri: str | None, like: Profile | None = None
) -> Profile:
    """The profile of a side; if that is data, on the edges of ``like``.

    Raises:
        InvalidInput: it can't be read, or is no profile that this version knows.
        NotFound: no such run, or it has read no such data set.
        ClickException: it is data, and the extra is missing that reads it.
    """
    if source.startswith("runs:/"):
        _refuse_table(source, table)
        return _of_run(source, tracking_uri)
    saved = _saved(Path(source))
    if saved is not None:
        _refuse_table(source, table)
        from solvent.data.profile import form

        return form.read(saved)
    require("duckdb", "data")
    require("narwhals", "data")
    from solvent.data.profile.make import edges_of, profile

    edges = edges_of(like) if like is not None else None
    with shown_progress(source) as progress:
        return profile(source, table=table, sample=sample, edges=edges, progress=progress)


def _refuse_table(source: str, table: str | None) -> None:
    if table is not None:
        raise InvalidInput(f"'{source}' is a saved profile of one table: leave --table {table} out")


class _Head(msgspec.Struct):
    """By what a profile is told from a row of JSON lines."""

    version: int
    rows: int
    columns: list[Any]


def _saved(path: Path) -> bytes | None:
    """The content of a file that is a profile; None if it is anything else, which may be data."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        with path.open("rb") as file:
            if file.read(1) != b"{":
                return None
        content = path.read_bytes()
        msgspec.json.decode(content, type=_Head)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    return content


def _of_run(source: str, tracking_uri: str | None) -> Profile:
    from solvent.data.profile import form
    from solvent.wire.runs import GetRun

    run_id, _, name = source.removeprefix("runs:/").partition("/")
    if not run_id or not name:
        raise InvalidInput(f"expected runs:/RUN_ID/NAME, the name of a data set that the run read, got '{source}'")
    with backend_of(tracking_uri) as backend:
        try:
            inputs = backend.call(GetRun(run_id=run_id)).run.inputs
        except NotFound as error:
            raise NotFound(f"expected runs:/RUN_ID/NAME, and there is no run '{run_id}' in {backend.uri}") from error
    datasets = [each.dataset for each in (inputs.dataset_inputs if inputs else []) if each.dataset is not None]
    named = _named(datasets, name)
    if not named:
        known = ", ".join(sorted({dataset.name for dataset in datasets})) or "none"
        raise NotFound(f"run {run_id} has read no data set '{name}'; it has read: {known}")
    kept = [ours for dataset in named if (ours := _ours(dataset.profile)) is not None]
    if not kept:
        raise InvalidInput(
            f"no profile of '{name}' is kept with run {run_id}: where 'solvent[data]' is installed, solvent.log_input keeps "
            "one of frames and of Parquet, CSV, JSON lines and Arrow files"
        )
    if len({msgspec.json.encode(each) for each in kept}) > 1:
        digests = ", ".join(dict.fromkeys(f"{dataset.name}@{dataset.digest[:8]}" for dataset in named))
        raise InvalidInput(f"run {run_id} has read several versions of '{name}': expected one of them, {digests}")
    if "failed" in kept[0]:
        raise InvalidInput(f"the data set '{name}' of run {run_id} could not be looked at: {kept[0]['failed']}")
    return form.read(msgspec.json.encode(kept[0]))


def _named(datasets: Sequence[Dataset], asked: str) -> list[Dataset]:
    """Those of that name, or of that ``NAME@DIGEST``, of which the first characters will do."""
    if found := [dataset for dataset in datasets if dataset.name == asked]:
        return found
    name, _, digest = asked.rpartition("@")
    return [each for each in datasets if digest and each.name == name and each.digest.startswith(digest)]


def _ours(profile: str | None) -> dict[str, Any] | None:
    """Solvent's part of the field that MLflow keeps a profile in."""
    try:
        found = msgspec.json.decode(profile or "")
    except msgspec.MsgspecError:
        return None
    ours = found.get("solvent") if isinstance(found, dict) else None
    return ours if isinstance(ours, dict) else None
