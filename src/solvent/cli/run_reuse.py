"""``solvent run --reuse``: offering an identical earlier run."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from solvent.cli.output import local_time
from solvent.cli.run_report import say
from solvent.projects.errors import EnvironmentFailed

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.projects.launch import Options
    from solvent.projects.plan import Plan
    from solvent.wire.runs import Run


def reuse(backend: Backend, plan: Plan, options: Options, yes: bool) -> tuple[str | None, Options]:
    """The id of the earlier run that is taken, or None; and the options for a run that is made instead.

    Raises:
        ClickException: there is one, and nobody can be asked.
    """
    from solvent.projects.reuse import find_earlier

    try:
        earlier = find_earlier(backend, plan, options, say)
    except EnvironmentFailed:
        return None, options  # the run that is made will say it, and keep it
    options = replace(options, prepare=lambda *_: earlier.environment)
    if earlier.run is None:
        changing = "" if earlier.identity.comparable else " (its code or data can't be compared as a whole)"
        say(f"No identical earlier run in this experiment{changing}: running it")
        return None, options
    if not yes and not sys.stdin.isatty():
        raise click.ClickException(
            f"run {earlier.run.info.run_id} is identical, and there is no terminal to ask whether to take it: add --yes,"
            " or leave out --reuse"
        )
    _show(earlier.run)
    for unknown in earlier.identity.unknown:
        say(f"  not known: {unknown}")
    if not yes and not click.confirm("Take it instead of running again?", default=True, err=True):
        return None, options
    click.echo(f"=== Run (ID='{earlier.run.info.run_id}') reused ===")
    return earlier.run.info.run_id, options


def _show(run: Run) -> None:
    say(f"Identical: run '{run.info.run_name}' (ID='{run.info.run_id}') of {local_time(run.info.start_time)}")
    say("  the same entry point, parameters, code, environment and known data")
    for metric in sorted(run.data.metrics, key=lambda one: one.key)[:5]:
        say(f"  {metric.key} = {metric.value}")
