"""``solvent diff``: what differs between runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from solvent.cli.data_output import Output, written_diff
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import json_text
from solvent.disk import replace_file
from solvent.errors import InvalidInput

if TYPE_CHECKING:
    from solvent.wire.compare import CompareRunsResponse

FORMATS = ("text", "markdown", "json")
_DECISIVE = ("code", "environment", "data", "params")


@click.command()
@click.argument("run_ids", nargs=-1, required=True, metavar="RUN_A RUN_B [RUN]...")
@click.option("--code", "with_text", is_flag=True, help="Show the lines of code that differ.")
@click.option(
    "--repository",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A checkout of the code, if it is not the working folder.",
)
@click.option("--all", "everything", is_flag=True, help="Show what is equal too.")
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text, markdown or json, and where to write it; repeatable.",
)
@json_option
@click.option("--exit-code", is_flag=True, help="Exit with 1 if code, environment, data or params differ.")
@tracking_uri_option
def diff(
    run_ids: tuple[str, ...],
    with_text: bool,
    repository: Path,
    everything: bool,
    output: tuple[str, ...],
    as_json: bool,
    exit_code: bool,
    tracking_uri: str | None,
) -> None:
    """Say what differs between runs, and sum up what does not.

    Code, environment, data, params, metrics and tags. Within a checkout that has the runs' commits, the
    code is compared by whole trees, uncommitted changes included; elsewhere by what the runs recorded.
    """
    from solvent.backend.comparing import ask_comparison
    from solvent.backend.comparing_trees import look_into_repository
    from solvent.wire.compare import MAX_COMPARED, CompareRuns

    if not 2 <= len(run_ids) <= MAX_COMPARED:
        raise click.UsageError(
            f"name 2 to {MAX_COMPARED} runs: {len(run_ids)} came (solvent runs list shows their ids)"
        )
    outputs = written_diff([*output, *(["json"] if as_json and "json" not in output else [])], FORMATS)
    with backend_of(tracking_uri) as backend:
        found = ask_comparison(backend, CompareRuns(run_ids=list(run_ids), code=with_text or None))
        look_into_repository(backend, found, repository, with_text=with_text)
    for one in outputs:
        _write(found, one, everything=everything, with_text=with_text)
    if all(one.file is not None for one in outputs):
        click.echo(f"Differing: {', '.join(found.differing) or 'nothing'}", err=True)
    sys.exit(1 if exit_code and not set(_DECISIVE).isdisjoint(found.differing) else 0)


def _write(found: CompareRunsResponse, output: Output, *, everything: bool, with_text: bool) -> None:
    """Raises InvalidInput if the file can't be written."""
    from solvent.cli import comparison

    if output.file is not None and output.format == "text":
        raise InvalidInput(f"text goes to the terminal: write {output.file} as markdown or json")
    if output.format == "text":
        comparison.show(found, everything=everything, with_text=with_text)
        return
    if output.format == "json":
        text = f"{json_text(found)}\n"
    else:
        text = comparison.markdown(found, everything=everything, with_text=with_text)
    if output.file is None:
        click.echo(text, nl=False)
        return
    try:
        replace_file(output.file, text.encode())
    except OSError as error:
        raise InvalidInput(f"{output.file} can't be written: {error.strerror}") from error
