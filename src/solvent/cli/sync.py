"""``solvent sync``: deliver what waits in the spool."""

from __future__ import annotations

import sys

import click

from solvent.cli.options import json_option
from solvent.cli.output import print_json


@click.command()
@json_option
def sync(as_json: bool) -> None:
    """Deliver what was logged while the server was away.

    Processes that ended before all was sent have left it in .solvent/spool (SOLVENT_HOME names
    another folder), addressed to the store or server that it was meant for.
    """
    from solvent.client.destination import destination
    from solvent.client.spool.place import places
    from solvent.client.spool.sync import sync as deliver
    from solvent.settings import home, tracking_uri

    report = deliver(*places(destination(tracking_uri())))
    if as_json:
        print_json(report._asdict())
    else:
        delivered = report.records or report.files
        done = (
            f"Delivered {report.records:,} records and {report.files:,} files." if delivered else "Nothing to deliver."
        )
        click.echo(done)
    if report.live:
        click.echo(f"{report.live} running processes send for themselves.", err=True)
    if report.rejected:
        click.echo(
            f"{report.rejected:,} records were refused; they lie beside their spool in {home() / 'spool'}.", err=True
        )
    for name, reason in report.failed.items():
        click.echo(f"Error: spool {name} is kept: {' '.join(reason.split())}", err=True)
    sys.exit(1 if report.failed else 0)
