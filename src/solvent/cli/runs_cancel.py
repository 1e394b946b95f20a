"""``solvent runs cancel``: end a run that goes on, wherever it does."""

from __future__ import annotations

import click

from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json

WAIT_SECONDS = 30.0


@click.command()
@click.argument("run_id")
@click.option("--no-wait", is_flag=True, help="Don't wait for the run's end.")
@json_option
@tracking_uri_option
def cancel(run_id: str, no_wait: bool, as_json: bool, tracking_uri: str | None) -> None:
    """End a run that was started by 'solvent run', wherever it runs.

    Its runner sees the request within some seconds, ends the command and all that it has started as Ctrl-C does, and
    closes the run as KILLED. A run whose runner is dead is closed at once.
    """
    from solvent.projects.cancel import Asked, request_cancel, wait_for_end

    with backend_of(tracking_uri) as backend:
        answer = request_cancel(backend, run_id)
        closed = answer.asked is Asked.CLOSED
        if not as_json:
            click.echo(f"Run {run_id}: {answer.says}", err=not closed)
        status = "KILLED" if closed else None
        if not closed and not no_wait:
            status = wait_for_end(backend, run_id, WAIT_SECONDS)
    if as_json:
        return print_json({"run_id": run_id, "asked": answer.asked.name.lower(), "status": status, "says": answer.says})
    if not closed and status is not None:
        return click.echo(f"Run {run_id} has ended: {status}")
    if not closed and not no_wait:
        raise click.ClickException(
            f"run {run_id} has not ended within {WAIT_SECONDS:.0f} seconds: its command may take its time to end; ask again with "
            "the same command, or look: solvent runs logs -f " + run_id
        )
    return None
