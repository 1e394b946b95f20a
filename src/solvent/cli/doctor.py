"""``solvent doctor``: look for what is wrong on this machine, and say what to do."""

from __future__ import annotations

import sys

import click

from solvent.cli.options import json_option, tracking_uri_option
from solvent.cli.output import print_json

_COLOURS = {"OK": "green", "WARN": "yellow", "FAIL": "red"}


@click.command()
@click.option("--mark-lost", is_flag=True, help="End the runs as FAILED whose runner has died.")
@json_option
@tracking_uri_option
def doctor(mark_lost: bool, as_json: bool, tracking_uri: str | None) -> None:
    """Look for what is wrong on this machine, and say what to do.

    Without --mark-lost it changes nothing. Exit code 1 if something fails; warnings leave it 0.
    """
    from solvent.cli.diagnosis import diagnose

    found = list(diagnose(tracking_uri, mark_lost=mark_lost))
    if as_json:
        print_json([check._asdict() for check in found])
    else:
        for check in found:
            remedy = f"; {check.remedy}" if check.remedy else ""
            click.echo(
                f"{click.style(f'{check.verdict:<4}', _COLOURS[check.verdict])} {check.name}: {check.says}{remedy}"
            )
    sys.exit(1 if any(check.verdict == "FAIL" for check in found) else 0)
