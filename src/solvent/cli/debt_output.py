"""What ``solvent debt check`` shows: its output options, its progress, and how it fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from solvent.debt.engine.check import Report
    from solvent.debt.formats.writer import Output

F = TypeVar("F", bound=Callable[..., Any])

SILENT_SECONDS = 1.0


class CheckFailed(click.ClickException):
    """The check itself failed: exit code 2, for 1 says that debt was found."""

    exit_code = 2


def output_options(command: F) -> F:
    """``-o``, ``--json`` and ``--statistics``."""
    for option in (
        click.option("--statistics", is_flag=True, help="Count findings and minutes by rule."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON; the same as -o json."),
        click.option(
            "-o", "--output", multiple=True, metavar="FORMAT[=FILE]", help="How to write it, and where; repeatable."
        ),
    ):
        command = option(command)
    return command


def outputs_of(given: Sequence[str], as_json: bool, statistics: bool) -> list[Output]:
    """What is to be written, the default included."""
    from solvent.debt.formats.writer import read_outputs

    wanted = [*given, *(["json"] if as_json and "json" not in given else [])]
    return read_outputs(wanted or ["statistics" if statistics else "full"])


@contextmanager
def failing_with_2() -> Iterator[None]:
    """Whatever goes wrong inside ends the command with 2 and one line."""
    from solvent.cli.main import one_line

    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
        raise
    except Exception as error:
        raise CheckFailed(one_line(error)) from error


def refuse_unanswered(report: Report, paths: Sequence[Path], outputs: Sequence[Output]) -> None:
    """End a check that does not answer what was asked, whatever it found.

    Raises:
        CheckFailed: a file that was asked for by name was not looked at, or a rule could not run.
    """
    _warn_of_unreadable(report, paths, outputs)
    for path, why in report.unexamined:
        raise CheckFailed(_shown(f"{path} was not looked at: {why}"))
    if report.failed:
        raise CheckFailed(_shown("; ".join(report.failed)))


def _warn_of_unreadable(report: Report, paths: Sequence[Path], outputs: Sequence[Output]) -> None:
    """Say on stderr that files were not looked at, unless the report on the same terminal has said it.

    Raises:
        CheckFailed: one of them was asked for by name, so the question can't be answered.
    """
    if not report.unreadable:
        return
    why = dict(report.unreadable)
    for path in paths:
        try:
            asked = path.resolve().relative_to(report.root).as_posix()
        except ValueError:
            continue
        if asked in why:
            raise CheckFailed(_shown(f"{path} was not looked at: {why[asked]}"))
    if sys.stdout.isatty() and _read_by_people(outputs):
        return
    first, reason = report.unreadable[0]
    if len(report.unreadable) == 1:
        click.echo(_shown(f"Warning: {first} was not looked at: {reason}"), err=True)
    else:
        number = f"{len(report.unreadable):,} files"
        click.echo(_shown(f"Warning: {number} were not looked at, {first} among them: {reason}"), err=True)


def _read_by_people(outputs: Sequence[Output]) -> bool:
    from solvent.debt.formats.writer import FOR_PEOPLE

    return any(output.file is None and output.format in FOR_PEOPLE for output in outputs)


def _shown(text: str) -> str:
    from solvent.debt.formats.parts.text import visible

    return visible(text)


@contextmanager
def shown_progress() -> Iterator[Callable[[int, int], None]]:
    """Tells on stderr how far a check is, once it lasts: a bar on a terminal, else one line."""
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.stop()


class _Progress:
    def __init__(self) -> None:
        self._start = time.monotonic()
        self._told = False
        self._bar: Any = None

    def __call__(self, finished: int, files: int) -> None:
        if not self._told:
            if time.monotonic() - self._start < SILENT_SECONDS or finished >= files:
                return
            self._told = True
            self._begin(files)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=finished)
            if finished >= files:  # what follows may write to the terminal
                self.stop()

    def _begin(self, files: int) -> None:
        if not sys.stderr.isatty():
            click.echo(f"Looking at {files:,} files ...", err=True)
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("Looking at files"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar.add_task("files", total=files)
        self._bar.start()

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
