"""The ``solvent`` command: groups that load when they are used, and the one place where errors become lines."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from solvent import __version__
from solvent.cli.lazy import LazyGroup

# name: (module, attribute, what `solvent --help` says of it; a test compares it with the command's own)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "artifacts": ("solvent.cli.artifacts", "artifacts", "List, download and log the files of runs."),
    "contracts": ("solvent.cli.contracts", "contracts", "Write, compare, accept and check data contracts."),
    "data": ("solvent.cli.data", "data", "Look at tables, and at what differs between two."),
    "datasets": ("solvent.cli.datasets", "datasets", "List data sets, their versions, and who used them."),
    "db": ("solvent.cli.db", "db", "Upgrade, copy, restore and check the database."),
    "debt": ("solvent.cli.debt", "debt", "Find, explain and pay down technical debt."),
    "diff": ("solvent.cli.diff", "diff", "Say what differs between runs, and sum up what does not."),
    "doctor": ("solvent.cli.doctor", "doctor", "Look for what is wrong on this machine, and say what to do."),
    "experiments": ("solvent.cli.experiments", "experiments", "Create, find and manage experiments."),
    "features": (
        "solvent.cli.features",
        "features",
        "List, check and document the features of a project.",
    ),
    "gates": ("solvent.cli.gates", "gates", "Say what versions of models need to pass, and ask whether they do."),
    "gc": ("solvent.cli.gc", "gc", "Remove for good what is in the trash."),
    "models": (
        "solvent.cli.models",
        "models",
        "List models and versions, move them, and tell their history.",
    ),
    "reproduce": (
        "solvent.cli.reproduce",
        "reproduce",
        "Repeat a recorded run, and say whether it comes to the same, or why not.",
    ),
    "run": ("solvent.cli.run", "run", "Run an MLproject, tracked and reproducible."),
    "runs": ("solvent.cli.runs", "runs", "List, describe and compare runs."),
    "server": ("solvent.cli.server", "server", "Serve tracking, artifacts and the page."),
    "sync": ("solvent.cli.sync", "sync", "Deliver what was logged while the server was away."),
    "tokens": ("solvent.cli.tokens", "tokens", "Make and revoke access tokens for programs."),
    "ui": ("solvent.cli.server", "ui", "Serve the page on this machine, to look at runs."),
    "users": ("solvent.cli.users", "users", "Look after users, their roles and grants."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
@click.version_option(__version__, prog_name="solvent")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Track, reproduce and look after machine learning runs.

    Everything is kept in .solvent/ of the working folder, unless SOLVENT_TRACKING_URI (or
    MLFLOW_TRACKING_URI) names a file or a server.
    """


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        code = _exit_code(error)
    sys.exit(code if isinstance(code, int) else 0)


def _exit_code(error: BaseException) -> int:
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, BrokenPipeError):
        return _broken_pipe()
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        click.echo("Interrupted.", err=True)
        return 130
    if "--debug" in sys.argv[1:]:
        sys.excepthook(type(error), error, error.__traceback__)
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    click.echo(f"Error: {one_line(error)}", err=True)
    return 1


def one_line(error: BaseException) -> str:
    """What people are told of an error, on one line; below it, where it points into their text.

    Control characters are spelled out: what an error quotes may be of strangers.
    """
    from solvent.cli.output import visible
    from solvent.errors import SolventError

    first, _, picture = str(error).partition("\n  ")
    text = visible(" ".join(first.split()))
    if isinstance(error, SolventError):
        return "\n".join([text, *(visible(line) for line in f"  {picture}".split("\n"))]) if picture else text
    text = visible(" ".join(str(error).split()))
    if isinstance(error, OSError) and error.strerror:
        return visible(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
    return f"{type(error).__name__}: {text} (a defect of Solvent: 'solvent --debug ...' shows where)"


def _broken_pipe() -> int:
    """Whoever read our output has left: no message, and nothing to flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


if __name__ == "__main__":
    main()
