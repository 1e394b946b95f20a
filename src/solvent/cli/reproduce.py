"""``solvent reproduce``: repeat a recorded run, and say whether it comes to the same, or why not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json, visible

if TYPE_CHECKING:
    from solvent.projects.reproduce.verdict import Verdict
    from solvent.projects.sinks import Sink

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_MOST_SHOWN = 10


@click.command()
@click.argument("run_id", metavar="RUN_ID")
@click.option(
    "--tolerance",
    "tolerances",
    multiple=True,
    metavar="rel=1e-6|METRIC=1e-6",
    help="How far metrics may be off: rel=, abs=, or one metric's, relative; may be repeated.",
)
@click.option("--ignore", multiple=True, metavar="PATTERN", help="Metrics or artifacts that are not compared.")
@click.option("--code", type=_FOLDER, help="Run the project in this folder as it is, not the recorded code.")
@click.option("--environment", type=_FOLDER, help="The environment that this project asks for, not the recorded one.")
@click.option("--repository", type=_FOLDER, help="A clone that has the commit, if it is not where the run was made.")
@click.option("--data-changed", is_flag=True, help="Run although data is not as it was.")
@click.option(
    "--env-manager",
    type=click.Choice(["uv", "local"]),
    default="uv",
    show_default=True,
    help="uv: the recorded packages; local: the environment that Solvent runs in.",
)
@click.option("--keep", type=click.Path(path_type=Path), metavar="FOLDER", help="Keep the rebuilt folders here.")
@click.option("--show-output", is_flag=True, help="Show what the repetitions print, on stderr.")
@click.option("--yes", is_flag=True, help="Don't ask before executing what somebody else has recorded.")
@json_option
@tracking_uri_option
def reproduce(
    run_id: str,
    tolerances: tuple[str, ...],
    ignore: tuple[str, ...],
    code: Path | None,
    environment: Path | None,
    repository: Path | None,
    data_changed: bool,
    env_manager: str,
    keep: Path | None,
    show_output: bool,
    yes: bool,
    as_json: bool,
    tracking_uri: str | None,
) -> None:
    """Repeat a recorded run, and say whether it comes to the same, or why not.

    Code, environment, data and parameters are had again as they were, in a fresh folder. Metrics are compared by
    value, artifacts by hash. If they differ, experiments find the cause. Exit code 0: reproduced, 1: not.
    """
    from solvent.cli.consent import asker
    from solvent.projects.reproduce.errors import Stopped
    from solvent.projects.reproduce.reproduce import Wanted
    from solvent.projects.reproduce.reproduce import reproduce as repeat
    from solvent.projects.reproduce.tolerance import parse_tolerances
    from solvent.running import deliver_leftovers, tracking_for

    wanted = Wanted(
        tolerances=parse_tolerances(tolerances),
        ignore=ignore,
        env_manager=env_manager,
        code=code.resolve() if code else None,
        environment=environment.resolve() if environment else None,
        repository=repository.resolve() if repository else None,
        data_changed=data_changed,
        folder=keep,
        sinks=_sinks() if show_output else (),
        after_child=deliver_leftovers,
    )
    try:
        with backend_of(tracking_uri) as backend, tracking_for(backend, tracking_uri) as tracking:
            verdict = repeat(backend, tracking, run_id, wanted, _say, asker(yes))
    except Stopped as stopped:
        click.echo(f"{stopped}.", err=True)
        sys.exit(128 + stopped.number)
    if as_json:
        print_json(verdict)
    else:
        _print(verdict)
    sys.exit(0 if verdict.succeeded else 1)


def _say(line: str) -> None:
    click.echo(visible(line), err=True)


def _sinks() -> tuple[Sink, ...]:
    from solvent.projects.reproduce.shown import Shown

    return (Shown(),)


def _print(verdict: Verdict) -> None:
    from solvent.projects.reproduce.determinism import shown_difference

    for each in verdict.differences[:_MOST_SHOWN]:
        click.echo(visible(shown_difference(each)))
    if (more := len(verdict.differences) - _MOST_SHOWN) > 0:
        click.echo(f"and {more} more differences (--json has them all)")
    for path in verdict.unstable:
        click.echo(visible(f"artifact {path}: another file at each run, whatever is fixed: its hash says nothing"))
    if verdict.ignored:
        click.echo(visible(f"left out by --ignore: {', '.join(verdict.ignored)}"))
    for note in verdict.notes:
        click.echo(visible(f"note: {note}"))
    if verdict.hint:
        click.echo(visible(f"hint: {verdict.hint}"))
    if verdict.succeeded:
        click.echo("Compared: {metrics} metrics, {artifacts} artifacts.".format_map(verdict.compared))
    click.echo(visible(f"=== Run (ID='{verdict.run_id}') {verdict.sentence} ==="))
