"""``solvent run``: run an MLproject."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solvent.cli.options import backend_of
from solvent.cli.run_options import Given, check_together, run_options, which_experiment

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.cli.run_params import Parameters
    from solvent.projects.launch import Options
    from solvent.projects.plan import Plan
    from solvent.projects.variables import Tracking
    from solvent.wire.runs import Run


@click.command()
@run_options
@click.pass_context
def run(context: click.Context, /, **given: Any) -> None:
    """Run an MLproject, tracked and reproducible.

    The project's parameters are checked first, then the data for which it names contracts. Its output is passed
    through; the last line on stdout says how the run ended.

    With --sweep, -P takes several values, and every combination is a run: -P alpha=0.1,0.5 -P depth=3,5. A JSON list
    has values with commas: -P 'columns=["a,b", "c"]'.
    """
    sys.exit(_run(context, Given(**given)))


def _run(context: click.Context, given: Given) -> int:
    from solvent.cli.run_params import read_parameters
    from solvent.running import tracking_for

    check_together(given)
    options = _options(given, *which_experiment(context, given))
    parameters = read_parameters(given.pairs, given.param_file, sweep=given.sweep)
    with (
        _planned(given, parameters) as plan,
        backend_of(given.tracking_uri) as backend,
        tracking_for(backend, given.tracking_uri) as tracking,
    ):
        if given.sweep:
            return _sweep(backend, plan, tracking, options, parameters, given)
        if given.twice:
            return _twice(backend, plan, tracking, options)
        if given.reuse:
            return _reuse(backend, plan, tracking, options, given.yes)
        return _once(backend, plan, tracking, options)


def _options(given: Given, experiment_name: str | None, experiment_id: str | None) -> Options:
    from solvent.projects.backends.registry import find_backend
    from solvent.projects.launch import Options
    from solvent.projects.opening import Place
    from solvent.running import deliver_leftovers

    return Options(
        place=Place(experiment_name, experiment_id, given.run_name, given.run_id),
        env_manager=given.env_manager,
        runner=find_backend(given.runner, given.backend_config),
        skip_contracts=given.no_contracts,
        after_child=deliver_leftovers,
        storage=Path(given.storage_dir) if given.storage_dir is not None else None,
    )


@contextmanager
def _planned(given: Given, parameters: Parameters) -> Iterator[Plan]:
    """The plan; what was fetched for it goes at the end."""
    from solvent.cli.consent import asker
    from solvent.cli.run_report import say
    from solvent.projects.plan import plan_run

    plan = plan_run(
        given.uri,
        entry_point=given.entry_point,
        given=parameters.first,
        origins=parameters.origins,
        version=given.version,
        ask=asker(given.yes),
        say=say,
    )
    try:
        yield plan
    finally:
        if plan.source is not None:
            plan.source.discard()


def _once(backend: Backend, plan: Plan, tracking: Tracking, options: Options) -> int:
    from solvent.cli.run_report import report_run, say
    from solvent.projects.launch import launch

    return report_run(plan, launch(backend, plan, tracking, options, say=say))


def _sweep(
    backend: Backend, plan: Plan, tracking: Tracking, options: Options, parameters: Parameters, given: Given
) -> int:
    from solvent.cli.run_report import report_sweep, say
    from solvent.projects.sweep import plan_sweep
    from solvent.projects.sweeping import parse_goal, run_sweep

    goal = parse_goal(given.best) if given.best is not None else None
    sweep = plan_sweep(plan, parameters.values, parameters.origins)
    earlier: Mapping[int, Run] = {}
    if given.reuse:
        from solvent.cli.run_reuse import reuse_in_sweep

        earlier, options = reuse_in_sweep(backend, sweep, options, given.yes)
    found = run_sweep(backend, sweep, tracking, options, jobs=given.jobs, goal=goal, earlier=earlier, say=say)
    return report_sweep(found, goal)


def _reuse(backend: Backend, plan: Plan, tracking: Tracking, options: Options, yes: bool) -> int:
    from solvent.cli.run_reuse import reuse

    earlier, options = reuse(backend, plan, options, yes)
    return 0 if earlier else _once(backend, plan, tracking, options)


def _twice(backend: Backend, plan: Plan, tracking: Tracking, options: Options) -> int:
    from solvent.cli.run_twice import run_twice

    return run_twice(backend, plan, tracking, options)
