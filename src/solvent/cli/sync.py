"""``solvent sync``: deliver what waits in the spool."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from solvent.cli.options import json_option
from solvent.cli.output import print_json

if TYPE_CHECKING:
    from solvent.client.spool.sync import SyncReport


@click.command()
@click.option("--to", metavar="URI", help="Deliver to this store or server, wherever the records were meant to go.")
@click.option("--discard", metavar="SPOOL", multiple=True, help="Throw this undelivered spool away. May be repeated.")
@json_option
def sync(to: str | None, discard: tuple[str, ...], as_json: bool) -> None:
    """Deliver what was logged while the server was away.

    Processes that ended before all was sent have left it in .solvent/spool (SOLVENT_HOME names
    another folder) or in the user's cache, addressed to the store or server that it was meant for.
    A run whose process died without ending it is then ended as FAILED.
    """
    from solvent.client import connections
    from solvent.client.destination import check_uri, destination
    from solvent.client.spool.discard import discard as delete
    from solvent.client.spool.place import places
    from solvent.client.spool.sync import sync as deliver
    from solvent.settings import tracking_uri

    homes = places(destination(tracking_uri()))
    if discard:
        thrown = {name: delete(homes, name) for name in discard}
        if as_json:
            print_json({"discarded": thrown})
        for name, records in () if as_json else thrown.items():
            click.echo(f"Discarded spool {name} with {_count(records, 'record')}.")
        return
    address = destination(check_uri(to)) if to else None
    if to and address:
        connections.remember(address, to)
    report = deliver(*homes, to=address)
    if as_json:
        print_json(report._asdict())
    else:
        _tell(report)
    _tell_of_the_rest(report, homes)
    sys.exit(1 if report.failed else 0)


def _tell(report: SyncReport) -> None:
    if report.records or report.files:
        click.echo(f"Delivered {_count(report.records, 'record')} and {_count(report.files, 'file')}.")
    elif report.failed:
        click.echo("Nothing could be delivered.")
    elif not report.lost:
        click.echo("Nothing to deliver.")
    if report.lost:
        click.echo(f"Ended {_count(report.lost, 'run')} as FAILED: the process had died.")


def _tell_of_the_rest(report: SyncReport, homes: list[Path]) -> None:
    """What was not delivered, and what can be done about it."""
    if report.live == 1:
        click.echo("1 running process sends for itself.", err=True)
    elif report.live:
        click.echo(f"{report.live} running processes send for themselves.", err=True)
    if report.rejected:
        places = " and ".join(str(home / "spool") for home in homes if (home / "spool").is_dir())
        click.echo(f"{_count(report.rejected, 'record')} refused; they lie beside their spool in {places}.", err=True)
    for name, reason in report.failed.items():
        click.echo(f"Error: spool {name} is kept: {' '.join(reason.split())}", err=True)
    if report.failed:
        click.echo(
            "Run solvent sync again when the destination can be reached, deliver to another one with --to URI, "
            "or throw a spool away with --discard SPOOL.",
            err=True,
        )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
