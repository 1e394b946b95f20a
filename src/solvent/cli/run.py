"""``solvent run``: run an MLproject."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from solvent.cli.options import backend_of, tracking_uri_option
from solvent.projects.errors import InvalidParameters

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.projects.closing import Result
    from solvent.projects.plan import Plan
    from solvent.projects.variables import Tracking


@click.command()
@click.argument("uri", metavar="FOLDER")
@click.option(
    "-e", "--entry-point", default="main", show_default=True, metavar="NAME", help="What to run, or a script."
)
@click.option("-P", "--param-list", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
@click.option(
    "-n",
    "--experiment-name",
    metavar="NAME",
    envvar=["SOLVENT_EXPERIMENT_NAME", "MLFLOW_EXPERIMENT_NAME"],
    help="The experiment, made if it is not there.",
)
@click.option(
    "-x",
    "--experiment-id",
    metavar="ID",
    envvar=["SOLVENT_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_ID"],
    help="The experiment's id.",
)
@click.option("--run-name", metavar="NAME", help="The run's name; a made-up one otherwise.")
@click.option(
    "--env-manager",
    type=click.Choice(["uv", "local"]),
    default="uv",
    show_default=True,
    help="uv: an environment of its own, as the project describes it; local: the one that Solvent runs in.",
)
@click.option("--no-contracts", is_flag=True, help="Don't check the data against its contracts; the run keeps that.")
@click.option("-v", "--version", metavar="REVISION", hidden=True)
@click.option("-b", "--backend", "runner", default="local", hidden=True)
@tracking_uri_option
@click.pass_context
def run(
    context: click.Context,
    uri: str,
    entry_point: str,
    pairs: tuple[str, ...],
    experiment_name: str | None,
    experiment_id: str | None,
    run_name: str | None,
    env_manager: str,
    no_contracts: bool,
    version: str | None,
    runner: str,
    tracking_uri: str | None,
) -> None:
    """Run an MLproject, tracked and reproducible.

    The project's parameters are checked first, then the data for which it names contracts. Its output is passed
    through; the last line on stdout says how the run ended.
    """
    from solvent.projects.launch import Options, launch
    from solvent.projects.opening import Place
    from solvent.projects.parameters import parse_pairs
    from solvent.projects.plan import plan_run

    if experiment_name is not None and experiment_id is not None:
        if context.get_parameter_source("experiment_id") == context.get_parameter_source("experiment_name"):
            raise click.UsageError("give one of --experiment-name and --experiment-id")
        given = context.get_parameter_source("experiment_name") == click.core.ParameterSource.COMMANDLINE
        experiment_name, experiment_id = (experiment_name, None) if given else (None, experiment_id)
    if version is not None:
        raise click.UsageError(
            f"this version runs folders, not git revisions: check out {version} and leave out --version"
        )
    if runner != "local":
        raise click.UsageError(f"this version runs on this machine: leave out --backend {runner}")
    try:
        given_values = parse_pairs(pairs)
    except InvalidParameters as error:
        raise click.BadParameter(str(error), param_hint="-P") from error
    plan = plan_run(uri, entry_point=entry_point, given=given_values)
    options = Options(
        place=Place(experiment_name=experiment_name, experiment_id=experiment_id, run_name=run_name),
        env_manager=env_manager,
        skip_contracts=no_contracts,
        after_child=_deliver_leftovers,
    )
    with backend_of(tracking_uri) as backend, _address_for_child(backend, tracking_uri) as tracking:
        result = launch(backend, plan, tracking, options, say=lambda line: click.echo(line, err=True))
    sys.exit(_report(plan, result))


@contextmanager
def _address_for_child(backend: Backend, given: str | None) -> Iterator[Tracking]:
    """Where the child logs to: our own server on this machine for an embedded store, which is named too, else the
    server itself."""
    from solvent.backend.embedded import EmbeddedBackend
    from solvent.projects.variables import Tracking
    from solvent.settings import tracking_uri

    if isinstance(backend, EmbeddedBackend):
        from solvent.server.loopback import Loopback

        with Loopback(backend) as loopback:
            yield Tracking(loopback.url, backend.store.path)
    else:
        yield Tracking(tracking_uri(given) or backend.uri)


def _deliver_leftovers() -> None:
    """What a child logged and had no time to send, because it was killed."""
    from solvent.settings import writable_home

    home = writable_home()
    spool = home / "spool"
    if spool.is_dir() and any(spool.iterdir()):
        from solvent.client.spool.sync import sync

        sync(home)


def _report(plan: Plan, result: Result) -> int:
    """Say how the run ended; the exit code."""
    from solvent.cli.main import one_line
    from solvent.projects.closing import describe_end

    outcome = result.outcome
    if outcome is not None and outcome.passed_signal is None and outcome.code:
        for line in describe_end(plan, outcome):
            click.echo(line, err=True)
    if result.problem is not None:
        click.echo(f"Error: {one_line(result.problem)}", err=True)
    click.echo(f"=== Run (ID='{result.run_id}') {'succeeded' if result.succeeded else 'failed'} ===")
    if outcome is not None and outcome.passed_signal is not None:
        click.echo(f"Ended by signal {outcome.passed_signal}, as was everything that it had started.", err=True)
        return 128 + outcome.passed_signal
    return 0 if result.succeeded else 1
