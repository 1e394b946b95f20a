"""``solvent runs logs``: what a run has printed, also while it prints."""

from __future__ import annotations

import codecs
import re
import sys
import time
from collections.abc import Callable, Iterator

import click

from solvent.backend.protocol import Backend
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json, visible
from solvent.wire.runs import GetRun, Run

FOLLOW_SECONDS = 1.0
_OPEN = ("RUNNING", "SCHEDULED")
_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")


@click.command()
@click.argument("run_id")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run ends.")
@click.option("--stderr", "errors", is_flag=True, help="What went to stderr alone.")
@json_option
@tracking_uri_option
def logs(run_id: str, follow: bool, errors: bool, as_json: bool, tracking_uri: str | None) -> None:
    """Print what a run of a project has printed.

    What comes appears within some seconds; lines are shown once they are ended.
    """
    from solvent.projects.lost import reason_if_lost
    from solvent.projects.output_reader import OutputReader

    if follow and as_json:
        raise click.UsageError("give one of --follow and --json")
    name = "stderr" if errors else "output"
    with backend_of(tracking_uri) as backend:
        run = _get(backend, run_id)
        reader = OutputReader(backend.artifacts(run.info.artifact_uri), name)
        if as_json:
            return _print_json(run, name, b"".join(reader.new()))
        show = _Screen()
        while True:
            lost = reason_if_lost(run) if follow else ""
            ended = run.info.status not in _OPEN or bool(
                lost
            )  # asked before the last look: what it printed at its end is there
            printed = _print(reader.new(), show)
            if ended or not follow:
                break
            if not printed:
                time.sleep(FOLLOW_SECONDS)
            run = _get(backend, run_id)
    if lost:
        click.echo(f"Not followed any more: {lost}", err=True)
    return _say_what_is_missing(run, show)


def _get(backend: Backend, run_id: str) -> Run:
    return backend.call(GetRun(run_id=run_id)).run


def _print(chunks: Iterator[bytes], show: Callable[[bytes], None]) -> bool:
    printed = False
    for chunk in chunks:
        show(chunk)
        printed = True
    return printed


class _Screen:
    """Writes to stdout: whole when piped; to a terminal without what would move its cursor or do more than colour."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._is_terminal = sys.stdout.isatty()
        self.used = False

    def __call__(self, chunk: bytes) -> None:
        self.used = True
        text = self._decode(chunk)
        click.echo(harmless(text) if self._is_terminal else text, nl=False)


def harmless(text: str) -> str:
    """The text with control characters spelled out, but for line ends, tabs and colours."""
    pieces = _STYLE.split(text)
    pieces[::2] = [
        "\n".join("\t".join(map(visible, line.split("\t"))) for line in piece.split("\n")) for piece in pieces[::2]
    ]
    return "".join(pieces)


def _print_json(run: Run, name: str, text: bytes) -> None:
    print_json(
        {
            "run_id": run.info.run_id,
            "status": run.info.status,
            "stream": name,
            "note": _note(run),
            "lines": text.decode("utf-8", "replace").splitlines(),
        }
    )


def _say_what_is_missing(run: Run, show: _Screen) -> None:
    if note := _note(run):
        click.echo(f"These logs are not whole: {note}", err=True)
    if not show.used:
        click.echo("Nothing was printed there, or the run was not started by 'solvent run'", err=True)


def _note(run: Run) -> str | None:
    return next((tag.value for tag in run.data.tags if tag.key == "solvent.logs.note"), None)
