"""``solvent runs``: list, describe, compare, delete and restore runs."""

from __future__ import annotations

from typing import Any

import click

from solvent.backend.comparing import ask_comparison
from solvent.backend.protocol import Backend
from solvent.cli.comparison import show
from solvent.cli.options import VIEWS, backend_of, json_option, tracking_uri_option, view_option
from solvent.cli.output import duration, local_time, print_json, print_table
from solvent.cli.runs_cancel import cancel
from solvent.cli.runs_logs import logs
from solvent.cli.table import all_runs
from solvent.errors import InvalidInput
from solvent.wire.compare import MAX_COMPARED, CompareRuns
from solvent.wire.experiments import GetExperiment, GetExperimentByName
from solvent.wire.runs import DeleteRun, GetRun, RestoreRun, Run

_RUN_ID = click.option("--run-id", required=True, metavar="ID", help="The run's id.")
_EXPERIMENT_ID = click.option(
    "-x",
    "--experiment-id",
    metavar="ID",
    envvar=["SOLVENT_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_ID"],
    help="The experiment's id (without one, and without a name: Default).",
)
_EXPERIMENT_NAME = click.option("-n", "--experiment-name", metavar="NAME", help="The experiment's name.")
_FILTER = click.option(
    "--filter", "filter_text", metavar="TEXT", help="Such as: metrics.auc > 0.9 AND params.seed = '7'"
)
_DEFAULT_EXPERIMENT = "0"


@click.group()
def runs() -> None:
    """List, describe and compare runs."""


runs.add_command(logs)
runs.add_command(cancel)


@runs.command("list")
@_EXPERIMENT_ID
@_EXPERIMENT_NAME
@view_option
@_FILTER
@click.option("--order-by", multiple=True, metavar="KEY", help="Such as: metrics.auc DESC")
@click.option("--max-results", type=click.IntRange(min=0), help="At most so many; all of them otherwise.")
@json_option
@tracking_uri_option
def list_runs(
    experiment_id: str | None,
    experiment_name: str | None,
    view: str,
    filter_text: str | None,
    order_by: tuple[str, ...],
    max_results: int | None,
    as_json: bool,
    tracking_uri: str | None,
) -> None:
    """List the runs of an experiment, newest first."""
    with backend_of(tracking_uri) as backend:
        found = list(
            all_runs(
                backend,
                [_experiment(backend, experiment_id, experiment_name)],
                view=VIEWS[view],
                filter_text=filter_text,
                order_by=list(order_by) or None,
                limit=max_results,
            )
        )
    if as_json:
        return print_json([_described(run) for run in found])
    rows = [
        [
            local_time(run.info.start_time),
            run.info.run_name,
            run.info.run_id,
            run.info.status,
            duration(run.info.start_time, run.info.end_time),
        ]
        for run in found
    ]
    hint = "No runs here. Make one: solvent run FOLDER, or solvent.start_run() in a script"
    return print_table(["Date", "Name", "ID", "Status", "Duration"], rows, empty=hint)


@runs.command()
@_RUN_ID
@tracking_uri_option
def describe(run_id: str, tracking_uri: str | None) -> None:
    """Print all of a run as JSON."""
    with backend_of(tracking_uri) as backend:
        print_json(_described(backend.call(GetRun(run_id=run_id)).run))


@runs.command()
@_RUN_ID
@tracking_uri_option
def delete(run_id: str, tracking_uri: str | None) -> None:
    """Mark a run as deleted; restore brings it back."""
    with backend_of(tracking_uri) as backend:
        backend.call(DeleteRun(run_id=run_id))
    click.echo(f"Run with ID {run_id} has been deleted.")


@runs.command()
@_RUN_ID
@tracking_uri_option
def restore(run_id: str, tracking_uri: str | None) -> None:
    """Bring a deleted run back."""
    with backend_of(tracking_uri) as backend:
        backend.call(RestoreRun(run_id=run_id))
    click.echo(f"Run with id {run_id} has been restored.")


@runs.command()
@click.argument("run_ids", nargs=-1, metavar="[RUN_ID]...")
@_EXPERIMENT_ID
@_EXPERIMENT_NAME
@_FILTER
@click.option(
    "--max-results",
    type=click.IntRange(2, MAX_COMPARED),
    default=5,
    show_default=True,
    help="How many of the newest runs, when none are named.",
)
@click.option("--all", "everything", is_flag=True, help="Show what is equal too.")
@json_option
@tracking_uri_option
def compare(
    run_ids: tuple[str, ...],
    experiment_id: str | None,
    experiment_name: str | None,
    filter_text: str | None,
    max_results: int,
    everything: bool,
    as_json: bool,
    tracking_uri: str | None,
) -> None:
    """Compare runs side by side, differences first: the named ones, or an experiment's newest.

    'solvent diff' says more of the code.
    """
    if len(run_ids) > MAX_COMPARED:
        raise click.UsageError(f"at most {MAX_COMPARED} runs fit side by side: {len(run_ids)} are named")
    with backend_of(tracking_uri) as backend:
        if not run_ids:
            where = [_experiment(backend, experiment_id, experiment_name)]
            newest = list(all_runs(backend, where, filter_text=filter_text, limit=max_results))
            run_ids = tuple(run.info.run_id for run in newest[::-1])  # one reads from left to right what was changed
        if len(run_ids) < 2:
            what = "Only one run to compare" if run_ids else "No runs to compare"
            click.echo(f"{what}. Make some: solvent run FOLDER -P name=value", err=True)
            return
        found = ask_comparison(backend, CompareRuns(run_ids=list(run_ids)))
    if as_json:
        print_json(found)
    else:
        show(found, everything=everything)


def _experiment(backend: Backend, experiment_id: str | None, name: str | None) -> str:
    """The id of the experiment that the options name; without any, of the one where unnamed runs go."""
    if name is not None:
        return backend.call(GetExperimentByName(experiment_name=name)).experiment.experiment_id
    if experiment_id is None:
        return _DEFAULT_EXPERIMENT
    if not experiment_id.isascii() or not experiment_id.isdigit():
        raise InvalidInput(f"an experiment's id is a number, found '{experiment_id}': did you mean --experiment-name?")
    return backend.call(GetExperiment(experiment_id=experiment_id)).experiment.experiment_id


def _described(run: Run) -> dict[str, Any]:
    """A run in the form of MLflow's ``runs describe``: values by their keys."""
    return {
        "info": run.info,
        "data": {
            "metrics": {metric.key: metric.value for metric in run.data.metrics},
            "params": {param.key: param.value for param in run.data.params},
            "tags": {tag.key: tag.value for tag in run.data.tags},
        },
        "inputs": run.inputs or {},
        "outputs": run.outputs or {},
    }
