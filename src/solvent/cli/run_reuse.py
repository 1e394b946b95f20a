"""``solvent run --reuse``: offering identical earlier runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
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
    from solvent.projects.reuse import Found
    from solvent.projects.sweep import Sweep
    from solvent.wire.runs import Run

_MOST_LISTED = 100
_MOST_UNSEEN = 10


def reuse(backend: Backend, plan: Plan, options: Options, yes: bool) -> tuple[str | None, Options]:
    """The id of the earlier run that is taken, or None; and the options for a run that is made instead.

    Raises:
        ClickException: there is one, and nobody can be asked.
    """
    found, options = _look(backend, [plan], options)
    if found is None:
        return None, options
    (earlier,) = found.earlier
    if earlier.run is None:
        if earlier.identity.comparable:
            say("No identical earlier run in this experiment: running it")
        else:
            say("No earlier run can be called identical, for not all of its code and data can be seen: running it")
            _show_unseen(earlier.identity.unseen)
        return None, options
    run_id = earlier.run.info.run_id
    _check_somebody_answers(yes, f"run {run_id} is identical", "it")
    _show(earlier.run)
    for unknown in earlier.identity.unknown:
        say(f"  not known: {unknown}")
    if not yes and not click.confirm("Take it instead of running again?", default=True, err=True):
        return None, options
    click.echo(f"=== Run (ID='{run_id}') reused ===")
    return run_id, options


def reuse_in_sweep(backend: Backend, sweep: Sweep, options: Options, yes: bool) -> tuple[Mapping[int, Run], Options]:
    """The earlier runs that are taken for runs of a sweep, by their places in it; and the options for the others.

    Raises:
        ClickException: there are some, and nobody can be asked.
    """
    found, options = _look(backend, [plan for _, plan in sweep.children], options)
    if found is None:
        return {}, options
    runs = {place: earlier.run for place, earlier in enumerate(found.earlier) if earlier.run is not None}
    count = f"{len(runs)} of {len(sweep.children)}"
    if not runs:
        say("No identical earlier runs in this experiment: running all of them")
        _show_unseen(list(dict.fromkeys(what for earlier in found.earlier for what in earlier.identity.unseen)))
        return {}, options
    _check_somebody_answers(yes, f"for {count} runs there is an identical one", "them")
    say(f"Identical earlier runs for {count}: the same entry point, parameters, code, environment and known data")
    for place, run in list(runs.items())[:_MOST_LISTED]:
        say(f"  {sweep.children[place][0]}: {_named(run)}{_metrics(run)}")
    if (more := len(runs) - _MOST_LISTED) > 0:
        say(f"  and {more} more")
    for unknown in dict.fromkeys(what for place in runs for what in found.earlier[place].identity.unknown):
        say(f"  not known: {unknown}")
    if not yes and not click.confirm("Take them instead of running those again?", default=True, err=True):
        return {}, options
    return runs, options


def _look(backend: Backend, plans: list[Plan], options: Options) -> tuple[Found | None, Options]:
    """What was found, None if the environment can't be made; the options that have it."""
    from solvent.projects.reuse import find_earlier
    from solvent.projects.signals import Interrupted, Signals

    try:
        with Signals() as signals, signals.interrupting():
            found = find_earlier(backend, plans, options, say)
    except EnvironmentFailed:
        return None, options  # the run that is made will say it, and keep it
    except Interrupted as interrupted:
        say(f"Ended by signal {interrupted.number}: nothing was run.")
        sys.exit(128 + interrupted.number)
    return found, replace(options, prepare=lambda *_: found.environment)


def _check_somebody_answers(yes: bool, what: str, it: str) -> None:
    if not yes and not sys.stdin.isatty():
        raise click.ClickException(
            f"{what}, and there is no terminal to ask whether to take {it}: add --yes, or leave out --reuse"
        )


def _show(run: Run) -> None:
    say(f"Identical: {_named(run)}")
    say("  the same entry point, parameters, code, environment and known data")
    for metric in sorted(run.data.metrics, key=lambda one: one.key)[:5]:
        say(f"  {metric.key} = {metric.value}")


def _show_unseen(unseen: Sequence[str]) -> None:
    for what in unseen[:_MOST_UNSEEN]:
        say(f"  not seen: {what}")
    if (more := len(unseen) - _MOST_UNSEEN) > 0:
        say(f"  and {more} more")


def _named(run: Run) -> str:
    return f"run '{run.info.run_name}' (ID='{run.info.run_id}') of {local_time(run.info.start_time)}"


def _metrics(run: Run) -> str:
    """Its first metrics, in one line."""
    shown = [f"{metric.key} = {metric.value}" for metric in sorted(run.data.metrics, key=lambda one: one.key)[:3]]
    return f"; {', '.join(shown)}" if shown else ""
