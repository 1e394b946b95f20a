"""``solvent features``: list, check and document the features of a project."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json, print_table, visible, write_file

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.cli.feature_files import Catalogue
    from solvent.data.features.model import Feature, Problem
    from solvent.wire.runs import Run

_FOLDER = click.argument(
    "folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="[FOLDER]"
)
_NONE = "No features here. Declare one: @solvent.feature(description=..., owner=..., inputs=[...]), or in features.yaml"


@click.group()
def features() -> None:
    """List, check and document the features of a project."""


@features.command("list")
@_FOLDER
@json_option
def list_features(folder: Path, as_json: bool) -> None:
    """List the features of a folder: of @solvent.feature and of features.yaml. No code is run."""
    from solvent.cli.feature_files import read_catalogue

    catalogue = read_catalogue(folder)
    _tell_unread(catalogue)
    if as_json:
        return print_json(catalogue.features)
    rows = [
        [each.name, each.owner, _inputs(each), each.version, each.place, each.description]
        for each in catalogue.features
    ]
    return print_table(["Name", "Owner", "Inputs", "Version", "Place", "Description"], rows, empty=_NONE)


@features.command()
@_FOLDER
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The contract of the raw data; may be given again (default: all *.odcs.yaml of the folder).",
)
@click.option("--run", "run_id", metavar="ID", help="Also look at the columns of the data sets that this run used.")
@json_option
@tracking_uri_option
def check(
    folder: Path, contracts: tuple[Path, ...], run_id: str | None, as_json: bool, tracking_uri: str | None
) -> None:
    """Check that features are documented, and made of what there is.

    Exits with 0 if nothing is wrong, with 1 if something is, with 2 if it could not be looked at.
    """
    from solvent.cli.feature_files import raw_columns, read_catalogue
    from solvent.data.features.check import problems_of
    from solvent.errors import SolventError

    try:
        catalogue = read_catalogue(folder)
        held = list(contracts or catalogue.contracts)
        raw = raw_columns(held)
        problems = [*catalogue.unread, *problems_of(catalogue.features, raw)]
        if run_id is not None:
            problems += _of_run(run_id, catalogue, raw or frozenset(), tracking_uri)
    except SolventError as error:
        click.echo(f"Error: {visible(' '.join(str(error).split()))}", err=True)
        sys.exit(2)
    if as_json:
        print_json({"features": len(catalogue.features), "contracts": list(map(str, held)), "problems": problems})
    else:
        _print_problems(problems, catalogue)
    if raw is None and any(each.inputs for each in catalogue.features):
        click.echo(
            "No contract (*.odcs.yaml) in the folder: whether inputs are columns of the data was not looked at",
            err=True,
        )
    sys.exit(1 if problems else 0)


@features.command()
@_FOLDER
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file (default: standard output).",
)
@click.option("--title", default="Features", show_default=True, help="The page's title.")
def docs(folder: Path, output: Path | None, title: str) -> None:
    """Write a Markdown page of all features: meaning, owner, inputs, version, source."""
    from solvent.cli.feature_files import read_catalogue
    from solvent.data.features.page import page_of

    catalogue = read_catalogue(folder)
    _tell_unread(catalogue)
    if not catalogue.features:
        raise click.ClickException(_NONE)
    page = page_of(catalogue.features, title)
    if output is None:
        click.echo(page, nl=False)
    else:
        write_file(output, page)
        count = len(catalogue.features)
        click.echo(f"Wrote {count} feature{'' if count == 1 else 's'} to {output}", err=True)


def _of_run(run_id: str, catalogue: Catalogue, raw: frozenset[str], tracking_uri: str | None) -> list[Problem]:
    """What nobody has documented of the columns that a run used.

    Raises:
        InvalidInput: it logged no data set whose columns are known.
    """
    from solvent.data.features.check import undocumented
    from solvent.data.features.columns import dataset_columns
    from solvent.errors import InvalidInput
    from solvent.wire.runs import GetRun

    with backend_of(tracking_uri) as backend:
        run = backend.call(GetRun(run_id=run_id)).run
        recorded = _recorded(backend, run)
    datasets = [each.dataset for each in (run.inputs.dataset_inputs if run.inputs else []) if each.dataset]
    told = [(each.name, dataset_columns(each.schema, each.profile)) for each in datasets]
    used: dict[str, list[str]] = {}
    for name, columns in told:
        used.setdefault(name, []).extend(columns or [])
    if not any(used.values()):
        raise InvalidInput(f"run {run_id} logged no data set with named columns: log one by solvent.log_input(df)")
    for name, columns in told:
        if columns is None:
            click.echo(f"The data set '{visible(name)}' has no named columns: it was not looked at", err=True)
    return undocumented(used, [*catalogue.features, *recorded], raw)


def _recorded(backend: Backend, run: Run) -> list[Feature]:
    """The features that the run has on record: its code may be another one than the folder's."""
    from solvent.data.features.record import FILE
    from solvent.data.features.recorded import MAX_BYTES, recorded_features
    from solvent.errors import NotFound

    try:
        content = b"".join(backend.artifacts(run.info.artifact_uri).read(FILE, 0, MAX_BYTES))
    except NotFound:
        return []
    return recorded_features(content)


def _print_problems(problems: Sequence[Problem], catalogue: Catalogue) -> None:
    count = len(catalogue.features)
    rows = [[each.place, each.subject, each.kind, each.message] for each in problems]
    print_table(
        ["Place", "Feature", "Problem", "What"],
        rows,
        empty=f"{count} feature{'' if count == 1 else 's'}: nothing is wrong" if count else _NONE,
    )


def _tell_unread(catalogue: Catalogue) -> None:
    for each in catalogue.unread:
        click.echo(visible(f"Not read: {each.place}: {each.message}"), err=True)


def _inputs(feature: Feature) -> str:
    return "?" if feature.inputs is None else ", ".join(feature.inputs)
