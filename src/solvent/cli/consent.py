"""Asking the person at the terminal whether a project from the network may run."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from solvent.cli.output import visible


def asker(yes: bool) -> Callable[[str], bool]:
    """What shows a text on stderr and says whether its reader agrees: with ``--yes`` at once, without a terminal never."""

    def ask(text: str) -> bool:
        for line in text.split("\n"):
            click.echo(visible(line), err=True)
        if yes:
            return True
        if not sys.stdin.isatty():
            return False
        return click.confirm("Run it?", err=True)

    return ask
