"""``solvent experiments``: create, find and manage experiments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from solvent.backend.protocol import Backend
from solvent.cli.options import VIEWS, backend_of, json_option, tracking_uri_option, view_option
from solvent.cli.output import local_time, print_json, print_table
from solvent.wire.experiments import (
    CreateExperiment,
    DeleteExperiment,
    Experiment,
    GetExperiment,
    GetExperimentByName,
    RestoreExperiment,
    SearchExperiments,
    UpdateExperiment,
)

_ID = click.option("-x", "--experiment-id", required=True, metavar="ID", help="The experiment's id.")
_PAGE = 1000


@click.group()
def experiments() -> None:
    """Create, find and manage experiments."""


@experiments.command()
@click.option("-n", "--experiment-name", required=True, metavar="NAME", help="A name that no other experiment has.")
@click.option("-l", "--artifact-location", metavar="URI", help="Where its runs keep their files.")
@tracking_uri_option
def create(experiment_name: str, artifact_location: str | None, tracking_uri: str | None) -> None:
    """Create an experiment."""
    if not experiment_name:
        raise click.BadParameter("an experiment needs a name, like 'model-training'", param_hint="--experiment-name")
    with backend_of(tracking_uri) as backend:
        answer = backend.call(CreateExperiment(name=experiment_name, artifact_location=artifact_location))
    click.echo(f"Created experiment with ID {answer.experiment_id}")


@experiments.command()
@view_option
@click.option("--max-results", type=click.IntRange(min=0), help="At most so many; all of them otherwise.")
@click.option("--filter", "filter_text", metavar="TEXT", help="Such as: name LIKE 'model%'")
@json_option
@tracking_uri_option
def search(
    view: str, max_results: int | None, filter_text: str | None, as_json: bool, tracking_uri: str | None
) -> None:
    """List experiments."""
    with backend_of(tracking_uri) as backend:
        found = list(_search(backend, view, filter_text, max_results))
    if as_json:
        return print_json(found)
    rows = [[one.experiment_id, one.name, one.lifecycle_stage, one.artifact_location] for one in found]
    hint = "No experiments. Create one: solvent experiments create --experiment-name NAME"
    return print_table(["Experiment Id", "Name", "Stage", "Artifact Location"], rows, empty=hint)


def _search(backend: Backend, view: str, filter_text: str | None, limit: int | None) -> Iterator[Experiment]:
    left = limit
    token: str | None = None
    while left is None or left > 0:
        answer = backend.call(
            SearchExperiments(
                view_type=VIEWS[view],
                filter=filter_text,
                max_results=_PAGE if left is None else min(_PAGE, left),
                page_token=token,
                order_by=["experiment_id ASC"],
            )
        )
        yield from answer.experiments
        token = answer.next_page_token
        if not token:
            return
        left = None if left is None else left - len(answer.experiments)


@experiments.command()
@click.option("-x", "--experiment-id", metavar="ID", help="The experiment's id.")
@click.option("-n", "--experiment-name", metavar="NAME", help="The experiment's name.")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", help="How to print it.")
@json_option
@tracking_uri_option
def get(
    experiment_id: str | None, experiment_name: str | None, output: str, as_json: bool, tracking_uri: str | None
) -> None:
    """Show one experiment, by id or by name."""
    if (experiment_id is None) == (experiment_name is None):
        raise click.UsageError("give exactly one of --experiment-id and --experiment-name")
    with backend_of(tracking_uri) as backend:
        if experiment_id is not None:
            found = backend.call(GetExperiment(experiment_id=experiment_id)).experiment
        else:
            found = backend.call(GetExperimentByName(experiment_name=experiment_name)).experiment
    if as_json or output == "json":
        return print_json(found)
    fields = {
        "Experiment ID": found.experiment_id,
        "Name": found.name,
        "Artifact Location": found.artifact_location,
        "Lifecycle Stage": found.lifecycle_stage,
        "Creation Time": local_time(found.creation_time),
        "Last Update Time": local_time(found.last_update_time),
        "Tags": ", ".join(f"{tag.key}={tag.value}" for tag in found.tags),
    }
    for name, value in fields.items():
        click.echo(f"{name:<19}: {value}".rstrip())
    return None


@experiments.command()
@_ID
@click.option("--new-name", required=True, metavar="NAME", help="A name that no other experiment has.")
@tracking_uri_option
def rename(experiment_id: str, new_name: str, tracking_uri: str | None) -> None:
    """Give an active experiment another name."""
    with backend_of(tracking_uri) as backend:
        backend.call(UpdateExperiment(experiment_id=experiment_id, new_name=new_name))
    click.echo(f"Experiment with id {experiment_id} has been renamed to '{new_name}'.")


@experiments.command()
@_ID
@tracking_uri_option
def delete(experiment_id: str, tracking_uri: str | None) -> None:
    """Mark an experiment and its runs as deleted; restore brings them back."""
    with backend_of(tracking_uri) as backend:
        backend.call(DeleteExperiment(experiment_id=experiment_id))
    click.echo(f"Experiment with ID {experiment_id} has been deleted.")


@experiments.command()
@_ID
@tracking_uri_option
def restore(experiment_id: str, tracking_uri: str | None) -> None:
    """Bring a deleted experiment and its runs back."""
    with backend_of(tracking_uri) as backend:
        backend.call(RestoreExperiment(experiment_id=experiment_id))
    click.echo(f"Experiment with id {experiment_id} has been restored.")


@experiments.command()
@_ID
@click.option("-o", "--filename", type=click.Path(dir_okay=False, path_type=Path), help="A file; stdout otherwise.")
@tracking_uri_option
def csv(experiment_id: str, filename: Path | None, tracking_uri: str | None) -> None:
    """Write all runs of an experiment as CSV, one row each."""
    from solvent.cli.table import write_csv

    with backend_of(tracking_uri) as backend:
        backend.call(GetExperiment(experiment_id=experiment_id))
        write_csv(backend, experiment_id, filename)
    if filename is not None:
        click.echo(f"Experiment with ID {experiment_id} has been exported as a CSV to file: {filename}.")
