"""The options of ``solvent run``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from solvent.cli.options import tracking_uri_option

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Given:
    """What was given on the command line."""

    uri: str
    entry_point: str
    pairs: tuple[str, ...]
    param_file: str | None
    version: str | None
    experiment_name: str | None
    experiment_id: str | None
    run_name: str | None
    run_id: str | None
    env_manager: str
    runner: str
    backend_config: str | None
    storage_dir: str | None
    docker_args: tuple[str, ...]
    no_contracts: bool
    sweep: bool
    jobs: int
    best: str | None
    reuse: bool
    twice: bool
    yes: bool
    tracking_uri: str | None


_OPTIONS: tuple[Callable[[F], F], ...] = (
    click.argument("uri", metavar="PROJECT"),
    click.option(
        "-e", "--entry-point", default="main", show_default=True, metavar="NAME", help="What to run, or a script."
    ),
    click.option(
        "-P", "--param-list", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated."
    ),
    click.option("--param-file", metavar="FILE", help="Parameters in a YAML or JSON file; -P comes before it."),
    click.option("-v", "--version", metavar="REVISION", help="Of a git project: a branch, a tag or a commit."),
    click.option(
        "-n",
        "--experiment-name",
        metavar="NAME",
        envvar=["SOLVENT_EXPERIMENT_NAME", "MLFLOW_EXPERIMENT_NAME"],
        help="The experiment, made if it is not there.",
    ),
    click.option(
        "-x",
        "--experiment-id",
        metavar="ID",
        envvar=["SOLVENT_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_ID"],
        help="The experiment's id.",
    ),
    click.option("--run-name", metavar="NAME", help="The run's name; a made-up one otherwise."),
    click.option("--run-id", metavar="ID", help="Go on with an existing run instead of a new one."),
    click.option(
        "--env-manager",
        type=click.Choice(["uv", "local"]),
        default="uv",
        show_default=True,
        help="uv: an environment of its own, as the project describes it; local: the one that Solvent runs in.",
    ),
    click.option(
        "-b", "--backend", "runner", default="local", show_default=True, metavar="NAME", help="Where the command runs."
    ),
    click.option("-c", "--backend-config", metavar="FILE|JSON", help="Settings of the back end."),
    click.option("--storage-dir", metavar="FOLDER", help="Where remote data of path parameters is downloaded to."),
    click.option("-A", "--docker-args", multiple=True, metavar="NAME=VALUE", help="For docker (not supported yet)."),
    click.option(
        "--no-contracts", is_flag=True, help="Don't check the data against its contracts; the run keeps that."
    ),
    click.option("--sweep", is_flag=True, help="Run every combination: -P alpha=0.1,0.5 -P depth=3,5"),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1, 256),
        default=1,
        show_default=True,
        metavar="N",
        help="Of a sweep: so many runs at once.",
    ),
    click.option("--best", metavar="METRIC[:min|max]", help="Of a sweep: which run is best (max if not said)."),
    click.option("--reuse", is_flag=True, help="Offer identical earlier runs instead of repeating them."),
    click.option("--twice", is_flag=True, help="Run again, and compare: is the result the same?"),
    click.option("-y", "--yes", is_flag=True, help="Don't ask."),
    tracking_uri_option,
)


def run_options(command: F) -> F:
    """All of them, in the order of the help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_together(given: Given) -> None:
    """
    Raises:
        UsageError: options that exclude each other, or need another one.
    """
    if given.docker_args:
        raise click.UsageError("-A passes arguments to docker, and Solvent runs no containers: leave it out")
    for name, value in (("--jobs", given.jobs > 1), ("--best", given.best is not None)):
        if value and not given.sweep:
            raise click.UsageError(f"{name} is for a sweep: add --sweep, or leave it out")
    modes = [
        name
        for name, value in (
            ("--sweep", given.sweep),
            ("--reuse", given.reuse),
            ("--twice", given.twice),
            ("--run-id", given.run_id is not None),
        )
        if value
    ]
    if len(modes) > 1 and modes != ["--sweep", "--reuse"]:
        raise click.UsageError(f"{' and '.join(modes)} don't go together: keep one of them")


def which_experiment(context: click.Context, given: Given) -> tuple[str | None, str | None]:
    """The name or the id of the experiment; what is given on the command line comes before the environment.

    Raises:
        UsageError: both are given in the same way, or the run is there already.
    """
    name, number = given.experiment_name, given.experiment_id
    sources = [context.get_parameter_source(key) for key in ("experiment_name", "experiment_id")]
    if given.run_id is not None:
        if click.core.ParameterSource.COMMANDLINE in sources:
            raise click.UsageError("--run-id names a run, which has its experiment: leave the experiment out")
        return None, None
    if name is None or number is None:
        return name, number
    if sources[0] == sources[1]:
        raise click.UsageError("give one of --experiment-name and --experiment-id")
    return (name, None) if sources[0] == click.core.ParameterSource.COMMANDLINE else (None, number)
