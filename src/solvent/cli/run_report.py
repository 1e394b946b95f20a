"""What ``solvent run`` says at the end, and its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from solvent.cli.output import print_table, visible

if TYPE_CHECKING:
    from solvent.projects.closing import Result
    from solvent.projects.plan import Plan
    from solvent.projects.sweeping import Goal, Member, SweepResult


def say(text: str) -> None:
    """On stderr; a project's name must not move the terminal's cursor."""
    for line in text.split("\n"):
        click.echo(visible(line.expandtabs(4)), err=True)


def report_run(plan: Plan, result: Result) -> int:
    """Say how a run ended; the exit code."""
    from solvent.projects.closing import describe_end

    outcome = result.outcome
    if outcome is not None and outcome.passed_signal is None and outcome.code:
        for line in describe_end(plan, outcome):
            say(line)
    return _last_lines(result)


def report_sweep(found: SweepResult, goal: Goal | None) -> int:
    """Say how a sweep ended, run by run; the exit code."""
    swept = sorted(found.members, key=lambda member: member is not found.best)  # the best one first
    headers = ["", "Run", "Status", *([goal.metric] if goal else []), "ID"]
    rows = [_row(member, found.best, goal) for member in swept if member.status != "NOT STARTED"]
    if rows:
        print_table(headers, rows, empty="")
    return _last_lines(found.result)


def _row(member: Member, best: Member | None, goal: Goal | None) -> list[str]:
    score = [] if goal is None else ["" if member.score is None else f"{member.score:g}"]
    return ["best" if member is best else "", member.label, member.status, *score, member.run_id]


def _last_lines(result: Result) -> int:
    from solvent.cli.main import one_line

    if result.problem is not None:
        say(f"Error: {one_line(result.problem)}")
    click.echo(f"=== Run (ID='{result.run_id}') {'succeeded' if result.succeeded else 'failed'} ===")
    if result.outcome is not None and result.outcome.passed_signal is not None:
        say(f"Ended by signal {result.outcome.passed_signal}, as was all of its process group.")
        return 128 + result.outcome.passed_signal
    return 0 if result.succeeded else 1
