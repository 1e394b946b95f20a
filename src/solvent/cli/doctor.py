"""``solvent doctor``: look for what is wrong on this machine, and say what to do."""

from __future__ import annotations

import sys

import click

from solvent.cli.options import json_option, tracking_uri_option
from solvent.cli.output import print_json

_COLOURS = {"OK": "green", "WARN": "yellow", "FAIL": "red"}


@click.command()
@json_option
@tracking_uri_option
def doctor(as_json: bool, tracking_uri: str | None) -> None:
    """Look for what is wrong on this machine, and say what to do.

    It changes nothing. Exit code 1 if something fails; warnings leave it 0.
    """
    from solvent.cli.diagnosis import diagnose

    found = list(diagnose(tracking_uri))
    if as_json:
        print_json([check._asdict() for check in found])
    else:
        for check in found:
            remedy = f"; {check.remedy}" if check.remedy else ""
            click.echo(
                f"{click.style(f'{check.verdict:<4}', _COLOURS[check.verdict])} {check.name}: {check.says}{remedy}"
            )
    sys.exit(1 if any(check.verdict == "FAIL" for check in found) else 0)
