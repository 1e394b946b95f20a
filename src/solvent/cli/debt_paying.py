"""How ``solvent debt check`` deals with what it finds: what is known or old is left out, the rest is accepted or
mended; and ``solvent debt baseline``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from solvent.cli.debt_output import CheckFailed, failing_with_2, refuse_unanswered
from solvent.cli.options import require

if TYPE_CHECKING:
    from solvent.debt.engine.check import Options, Report
    from solvent.debt.findings import Finding

F = TypeVar("F", bound=Callable[..., Any])
MOST_REFUSED = 20


class Paying(msgspec.Struct, frozen=True):
    """The options that ``paying_options`` gives to a command, by their names."""

    baseline: Path | None
    since: str | None
    new_only: bool
    base: str | None
    add_ignores: bool
    reason: str | None
    until: str | None
    fix: bool
    unsafe_fixes: bool
    diff: bool


def paying_options(command: F) -> F:
    """The options of ``Paying`` that are not the command's own."""
    file = click.Path(dir_okay=False, path_type=Path)
    day = click.DateTime(["%Y-%m-%d"])
    for option in reversed(
        (
            click.option("--baseline", type=file, metavar="FILE", help="Known findings, which don't fail the check."),
            click.option("--since", metavar="REV", help="Only lines changed since HEAD and REV parted, and new files."),
            click.option(
                "--new-only", is_flag=True, help="Only findings that were not there when HEAD and --base parted."
            ),
            click.option(
                "--base", metavar="REV", help="What --new-only compares with (default: origin's main branch)."
            ),
            click.option("--add-ignores", is_flag=True, help="Accept all findings by comments where they stand."),
            click.option("--reason", metavar="TEXT", help="Why --add-ignores accepts them."),
            click.option("--until", type=day, metavar="DATE", help="The last day on which --add-ignores accepts them."),
            click.option("--fix", is_flag=True, help="Mend what can be mended safely."),
            click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also good guesses; read them."),
            click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing."),
        )
    ):
        command = option(command)
    return command


def check_and_pay(options: Options, *, exit_zero: bool, **given: Any) -> Report:
    """The report of a check after all that ``paying_options`` ask for. With ``--diff`` the command ends here."""
    until = given.pop("until")
    asked = Paying(**given, until=until.date().isoformat() if until else None)
    _refuse_nonsense(asked)
    options = replace(options, baseline=asked.baseline)
    report = _narrowed_check(options, asked)
    mend = _mend if asked.fix or asked.diff else _accept if asked.add_ignores else None
    changed = mend is not None and mend(report, asked)
    if asked.diff:
        refuse_unanswered(report, options.paths, ())
        raise click.exceptions.Exit(1 if report.findings and not exit_zero else 0)
    return _narrowed_check(options, asked) if changed else report


def _narrowed_check(options: Options, asked: Paying) -> Report:
    """A check of what is asked about only."""
    from solvent.debt.engine.check import check
    from solvent.debt.since import NewOnly, Since

    if asked.since is not None:
        narrow: Since | NewOnly = Since(options, asked.since)
    elif asked.new_only:
        narrow = NewOnly(options, asked.base)
    else:
        return check(options)
    report = check(replace(options, only=narrow))
    return replace(report, notes=[*report.notes, narrow.note])


def _refuse_nonsense(asked: Paying) -> None:
    if asked.since is not None and asked.new_only:
        raise click.UsageError("--since and --new-only can't be used together: --new-only already finds less")
    if asked.base is not None and not asked.new_only:
        raise click.UsageError("--base says what --new-only compares with: add --new-only, or use --since")
    if (asked.reason or asked.until) and not asked.add_ignores:
        raise click.UsageError("--reason and --until are for --add-ignores")
    if asked.unsafe_fixes and not (asked.fix or asked.diff):
        raise click.UsageError("--unsafe-fixes says which fixes: add --fix to make them, or --diff to see them")
    if asked.add_ignores and (asked.fix or asked.diff):
        raise click.UsageError("--add-ignores can't be used with --fix or --diff: mend first, then accept what is left")


def _accept(report: Report, asked: Paying) -> bool:
    from solvent.debt.add_ignores import add_ignores
    from solvent.debt.rewrite import write

    ignored = add_ignores(report, asked.reason, asked.until or "")
    write(report.root, ignored.rewritten)
    done = f"Accepted {_findings(ignored.accepted)} by comments in {_files(ignored.rewritten)}."
    _say(done if ignored.accepted else "There is nothing to accept.")
    _say_refused("can't be accepted by a comment", ignored.refused)
    return bool(ignored.rewritten)


def _mend(report: Report, asked: Paying) -> bool:
    """Fix, or show the fixes."""
    try:
        require("libcst", "debt")
    except click.ClickException as error:
        raise CheckFailed(error.format_message()) from error
    from solvent.debt.fixes.apply import fix
    from solvent.debt.rewrite import differences, write

    fixed = fix(report, unsafe=asked.unsafe_fixes)
    if asked.diff:
        for line in differences(fixed.rewritten):
            _show_line(line)
    else:
        write(report.root, fixed.rewritten)
    done = f"{'Would fix' if asked.diff else 'Fixed'} {_findings(fixed.fixed)} in {_files(fixed.rewritten)}."
    _say(done if fixed.fixed else "There is nothing to fix.")
    _say_refused("can't be fixed by a program", fixed.refused)
    if fixed.unsafe:
        _say(f"{_findings(fixed.unsafe)} more could be fixed with --unsafe-fixes: look at the changes then.")
    if fixed.by_hand:
        codes = ", ".join(sorted({finding.code for finding in fixed.by_hand}))
        _say(f"{_findings(fixed.by_hand)} of {codes} can only be fixed by hand: 'solvent debt explain CODE' says how.")
    return bool(fixed.rewritten)


def _show_line(line: str) -> None:
    """A line of a diff: as it is for a program, without control characters on a terminal."""
    from solvent.debt.formats.parts.text import visible

    if sys.stdout.isatty():
        click.echo("\t".join(visible(part) for part in line.rstrip("\r\n").split("\t")))
    else:
        click.echo(line.encode("utf-8", "surrogateescape"), nl=False)


def _say_refused(what: str, refused: Sequence[tuple[Finding, str]]) -> None:
    from solvent.debt.formats.parts.text import place_of

    if refused:
        _say(f"{_findings(refused)} {what}:")
    for finding, why in refused[:MOST_REFUSED]:
        _say(f"  {place_of(finding)}: {finding.code}: {why}")
    if len(refused) > MOST_REFUSED:
        _say(f"  and {len(refused) - MOST_REFUSED:,} more")


def _say(text: str) -> None:
    from solvent.debt.formats.parts.text import visible

    click.echo(visible(text), err=True)


def _findings(those: Sequence[object]) -> str:
    from solvent.debt.formats.parts.text import count

    return count(len(those), "finding")


def _files(those: Sequence[object]) -> str:
    from solvent.debt.formats.parts.text import count

    return count(len(those), "file")


@click.command()
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--baseline", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where it is kept.")
@click.option("--update", is_flag=True, help="Remove what is paid.")
@click.option("--accept-new", is_flag=True, help="Add what is new; --reason says why.")
@click.option("--reason", metavar="TEXT", help="Why --accept-new adds it.")
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules: codes or their beginnings, or ALL.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules.")
@click.option("--preview/--no-preview", default=None, help="Also rules whose precision is not measured yet.")
def baseline(
    path: Path,
    baseline: Path | None,
    update: bool,
    accept_new: bool,
    reason: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    preview: bool | None,
) -> None:
    """Write down the findings of today, so that checks speak of new ones only.

    The file is written once. Afterwards it only gets shorter: --update removes what is paid. New findings are added
    by --accept-new alone, with a reason. Without options the command says how it stands.
    """
    from solvent.debt.engine.check import Options
    from solvent.debt.formats.parts.text import visible
    from solvent.debt.keep_baseline import keep_baseline

    if accept_new and not (reason or "").strip():
        raise click.UsageError("--accept-new makes the baseline longer: say why by --reason")
    if reason and not accept_new:
        raise click.UsageError("--reason is for --accept-new")
    with failing_with_2():
        options = Options(paths=(path,), select=_listed(select), ignore=_listed(ignore), preview=preview)
        told = keep_baseline(options, baseline, update=update, reason=(reason or "").strip())
        for line in told:
            click.echo(visible(line))


def _listed(given: tuple[str, ...]) -> list[str]:
    return [part.strip() for text in given for part in text.split(",") if part.strip()]
