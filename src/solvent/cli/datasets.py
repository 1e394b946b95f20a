"""``solvent datasets``: which data there is, its versions, and which runs and models used them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice, pairwise
from typing import Any

import click
import msgspec

from solvent.backend.protocol import Backend
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, print_table, visible
from solvent.errors import NotFound
from solvent.wire.datasets import (
    DatasetUse,
    DatasetVersion,
    GetDatasetVersion,
    ListDatasets,
    ListDatasetUses,
    ListDatasetVersions,
    RegisteredDataset,
)

_PAGE = 1_000
_USES = 20
_NAME = click.argument("name")
_CHANGES = 5  # columns that are named of a change


@click.group()
def datasets() -> None:
    """List data sets, their versions, and who used them."""


@datasets.command("list")
@json_option
@tracking_uri_option
def list_command(as_json: bool, tracking_uri: str | None) -> None:
    """List the data sets that runs used, across experiments."""
    with backend_of(tracking_uri) as backend:
        found = list(_all(backend))
    if as_json:
        return print_json(found)
    rows = [[one.name, str(one.versions), one.digest, local_time(one.last_update_time)] for one in found]
    hint = 'No data sets. Record one in a run: solvent.log_input("train.parquet", context="training")'
    return print_table(["Name", "Versions", "Newest", "Since"], rows, empty=hint)


@datasets.command()
@_NAME
@click.option("-d", "--digest", metavar="DIGEST", help="Another version than the newest; its first characters will do.")
@click.option("--max-results", type=click.IntRange(min=1), default=_USES, show_default=True, help="So many runs.")
@json_option
@tracking_uri_option
def show(name: str, digest: str | None, max_results: int, as_json: bool, tracking_uri: str | None) -> None:
    """Show one version of a data set, and the runs and models that used it."""
    with backend_of(tracking_uri) as backend:
        version = _version(backend, name, digest or _newest(backend, name))
        uses = list(islice(_uses(backend, version), max_results))
    if as_json:
        return print_json({"version": version, "uses": uses})
    _print_version(version)
    click.echo()
    rows = [
        [use.run_id, use.run_name, ", ".join(use.contexts), use.status, local_time(use.start_time), _models(use)]
        for use in uses
    ]
    print_table(["Run ID", "Name", "Used For", "Status", "Started", "Models"], rows, empty="No run used it.")
    if version.runs > len(uses):
        click.echo(f"... and {version.runs - len(uses):,} older ones: --max-results {version.runs}")
    return None


@datasets.command()
@_NAME
@json_option
@tracking_uri_option
def history(name: str, as_json: bool, tracking_uri: str | None) -> None:
    """List the versions of a data set, newest first, and what changed."""
    with backend_of(tracking_uri) as backend:
        found = list(_versions(backend, name))
        if not found:
            raise _unknown(backend, name)
    if as_json:
        return print_json(found)
    from solvent.tracking.datasets_columns import changes, rows_of

    changed = [changes(old.schema, new.schema, _CHANGES) for new, old in pairwise(found)] + [""]
    rows = [
        [one.digest, local_time(one.creation_time), rows_of(one.profile), str(one.runs), one.contract or "", change]
        for one, change in zip(found, changed, strict=True)
    ]
    return print_table(["Digest", "Since", "Rows", "Runs", "Contract", "Columns"], rows, empty="")


def _all(backend: Backend) -> Iterator[RegisteredDataset]:
    token: str | None = None
    while True:
        answer = backend.call(ListDatasets(max_results=_PAGE, page_token=token))
        yield from answer.datasets
        token = answer.next_page_token
        if not token:
            return


def _versions(backend: Backend, name: str) -> Iterator[DatasetVersion]:
    token: str | None = None
    while True:
        answer = backend.call(ListDatasetVersions(name=name, max_results=_PAGE, page_token=token))
        yield from answer.versions
        token = answer.next_page_token
        if not token:
            return


def _uses(backend: Backend, version: DatasetVersion) -> Iterator[DatasetUse]:
    token: str | None = None
    while True:
        answer = backend.call(ListDatasetUses(name=version.name, digest=version.digest, page_token=token))
        yield from answer.uses
        token = answer.next_page_token
        if not token:
            return


def _newest(backend: Backend, name: str) -> str:
    found = backend.call(ListDatasetVersions(name=name, max_results=1)).versions
    if not found:
        raise _unknown(backend, name)
    return found[0].digest


def _version(backend: Backend, name: str, digest: str) -> DatasetVersion:
    try:
        return backend.call(GetDatasetVersion(name=name, digest=digest)).version
    except NotFound:
        newest = _newest(backend, name)
        raise NotFound(
            f"no version of '{name}' has a digest that begins with '{digest}'; the newest is {newest}, "
            f"and 'solvent datasets history {name}' lists all"
        ) from None


def _unknown(backend: Backend, name: str) -> NotFound:
    known = {one.name.casefold(): one.name for one in _all(backend)}
    asked = name.casefold()
    near = get_close_matches(asked, known, 1) or [one for one in known if asked and asked in one]
    hint = f"did you mean '{known[near[0]]}'?" if near else "see 'solvent datasets list'"
    return NotFound(f"no data set '{name}' was recorded here: {hint}")


def _models(use: DatasetUse) -> str:
    registered = [f"{version.name} {version.version}" for version in use.model_versions]
    return ", ".join(registered or [model.name for model in use.models_made])


def _source(version: DatasetVersion) -> str:
    """Where data came from, without the JSON that MLflow's clients write around it, as the page shows it."""
    try:
        found = msgspec.json.decode(version.source)
    except msgspec.MsgspecError:
        found = None
    shown = version.source
    if isinstance(found, dict):
        pairs = list(_told(found))
        shown = pairs[0][1] if len(pairs) == 1 else ", ".join(f"{name}: {value}" for name, value in pairs)
    return f"{version.source_type} {shown}".strip()


def _told(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said in a source, without what is empty; names and values within it count as its own."""
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _told(value)
        elif value not in (None, ""):
            yield name, value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _print_version(version: DatasetVersion) -> None:
    from solvent.tracking.datasets_columns import columns_of, rows_of

    columns = columns_of(version.schema)
    fields = {
        "Name": version.name,
        "Digest": version.digest,
        "Since": local_time(version.creation_time),
        "Source": _source(version),
        "Rows": rows_of(version.profile),
        "Contract": version.contract or "none",
        "Experiments": ", ".join(version.experiment_ids),
        "Runs": str(version.runs),
        "Columns": ", ".join(f"{name} ({kind})" for name, kind in columns.items()),
    }
    for name, value in fields.items():
        if value:
            click.echo(f"{name:<12}: {visible(value)}")
