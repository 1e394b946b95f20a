"""``solvent debt``: find, explain and pay down technical debt."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from solvent.cli.debt_output import failing_with_2, output_options, outputs_of, refuse_unanswered, shown_progress
from solvent.cli.debt_paying import baseline, check_and_pay, paying_options
from solvent.cli.output import print_json, print_table


@click.group()
def debt() -> None:
    """Find, explain and pay down technical debt."""


@debt.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules: codes or their beginnings, or ALL.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules.")
@click.option("--preview/--no-preview", default=None, help="Also rules whose precision is not measured yet.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave out files and folders.")
@output_options
@click.option("--jobs", type=click.IntRange(0), default=0, help="Processes (default: one per processor).")
@click.option("--no-cache", is_flag=True, help="Look at every file anew.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also when something is found.")
@paying_options
def check(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    preview: bool | None,
    exclude: tuple[str, ...],
    output: tuple[str, ...],
    as_json: bool,
    statistics: bool,
    jobs: int,
    no_cache: bool,
    exit_zero: bool,
    **paying: Any,
) -> None:
    """Look for debt in code, notebooks and project files.

    Exits with 0 if nothing is found, with 1 if something is, with 2 if the check itself failed.
    """
    from solvent.debt.engine.check import Options
    from solvent.debt.formats.writer import write_all

    with failing_with_2(), shown_progress() as progress:
        outputs = outputs_of(output, as_json, statistics)
        options = Options(
            paths=paths or (Path(),),
            select=_listed(select),
            ignore=_listed(ignore),
            preview=preview,
            exclude=exclude,
            cache=not no_cache,
            jobs=jobs,
            progress=progress,
        )
        report = check_and_pay(options, exit_zero=exit_zero, **paying)
    with failing_with_2():
        write_all(report, outputs, statistics=statistics)
        refuse_unanswered(report, paths, outputs)
    sys.exit(1 if report.findings and not exit_zero else 0)


debt.add_command(baseline)


@debt.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """What a rule finds, why that is bad, and what to write instead."""
    from solvent.debt.registry import rule_of

    found = rule_of(rule)
    state = "preview" if found.preview else "on by default"
    click.echo(
        f"{found.code} {found.name} ({found.category}; {found.severity}, {found.minutes} min to mend; {state})\n"
    )
    click.echo(found.documentation.strip())


@debt.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rules(as_json: bool) -> None:
    """List all rules."""
    from solvent.debt.registry import all_rules

    found = list(all_rules().values())
    if as_json:
        print_json(
            [
                {
                    "code": rule.code,
                    "name": rule.name,
                    "category": rule.category,
                    "severity": rule.severity,
                    "minutes": rule.minutes,
                    "evidence": rule.evidence,
                    "fix": rule.fix,
                    "preview": rule.preview,
                    "summary": rule.summary,
                }
                for rule in found
            ]
        )
        return
    rows = [
        [rule.code, rule.name, rule.severity, f"{rule.minutes} min", "preview" if rule.preview else "on", rule.summary]
        for rule in found
    ]
    print_table(["code", "name", "severity", "to mend", "state", "finds"], rows, empty="There are no rules.")


def _listed(given: tuple[str, ...]) -> list[str]:
    """Options that may be given again or hold commas."""
    return [part.strip() for text in given for part in text.split(",") if part.strip()]


@debt.command("explain-log")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where its source is (default: the project around the working folder).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain_log(file: Path, project: Path | None, as_json: bool) -> None:
    """Say what the tracebacks in a log mean, and where they begin in the source.

    FILE is a log, a notebook with outputs, or - for standard input. Of a file larger than 64 MiB the end is read. No
    code is run. Exits with 0 if a failure was explained, with 1 if none was known, with 2 if the log can't be read.
    """
    from solvent.debt.errors import TooManyFiles
    from solvent.debt.explain_log import explain, reading, show
    from solvent.debt.sources.discover import root_of

    root = project.resolve() if project else root_of([Path()])
    try:
        with nullcontext(reading.Log(sys.stdin.buffer)) if str(file) == "-" else reading.open_log(file) as log:
            result = explain.explain_log(log, root)
    except (reading.LogUnreadable, TooManyFiles) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    if as_json:
        print_json(result)
    else:
        for line in show.lines_of(result):
            click.echo(line)
        if not result.explained and not result.unexplained:
            click.echo("No failure of a Python program was found in the log.", err=True)
    sys.exit(0 if result.explained else 1)
