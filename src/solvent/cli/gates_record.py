"""``solvent gates record`` and ``approve``: adding to what is known of a version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from solvent.cli.gates_version import version_argument
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json
from solvent.wire.gates import RecordEvidence

_KINDS = click.Choice(["tests", "monitor", "evaluation", "comparison", "card"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST = 1 << 20


@click.command()
@version_argument
@click.argument("kind", type=_KINDS)
@click.option("--junit", type=_FILE, multiple=True, help="tests: a JUnit report; may be given more than once.")
@click.option("--commit", help="tests: the commit that was tested; a gate compares it with the model's.")
@click.option("--name", help="tests, monitor: what it is called.")
@click.option("--url", help="tests, monitor: where to look at it.")
@click.option("--body", type=_FILE, help="Any kind: a JSON file that holds it all (docs/gates.md).")
@json_option
@tracking_uri_option
def record(
    version: tuple[str, str],
    kind: str,
    junit: tuple[Path, ...],
    commit: str | None,
    name: str | None,
    url: str | None,
    body: Path | None,
    as_json: bool,
    tracking_uri: str | None,
) -> None:
    """Add to what is known of MODEL/VERSION.

    What was recorded stays; the newest of a kind counts, as long as the version has the same files.
    """
    given = {"commit": commit, "name": name, "url": url}
    content: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if junit:
        from solvent.cli.gates_junit import count

        content |= count(junit).body
    if body is not None:
        content |= _read(body)
    if not content:
        hint = "--junit" if kind == "tests" else "--name" if kind == "monitor" else "--body"
        raise click.UsageError(f"there is nothing to record: give {hint}")
    _send(version, kind, content, as_json, tracking_uri)


@click.command()
@version_argument
@click.option("--reason", required=True, help="What was looked at.")
@click.option("--reject", is_flag=True, help="It may not pass; your own earlier approval counts no more.")
@json_option
@tracking_uri_option
def approve(version: tuple[str, str], reason: str, reject: bool, as_json: bool, tracking_uri: str | None) -> None:
    """Say that MODEL/VERSION may pass, or may not.

    An approval counts where people are asked who they are, from others than who made the version and who moves it.
    """
    body: dict[str, Any] = {"reason": reason, "approved": not reject}
    _send(version, "approval", body, as_json, tracking_uri)


def _send(version: tuple[str, str], kind: str, body: dict[str, Any], as_json: bool, tracking_uri: str | None) -> None:
    name, number = version
    with backend_of(tracking_uri) as backend:
        made = backend.call(RecordEvidence(name=name, version=number, kind=kind, body=body)).evidence
    if as_json:
        return print_json(made)
    if made.digest is None:
        click.echo("Warning: the files of this version are not recorded, so no gate counts this", err=True)
    return click.echo(
        f"Recorded {kind} {made.id} of version {number} of '{name}'{f' by {made.actor}' if made.actor else ''}"
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST:
            raise click.ClickException(f"{file} is larger than {_MOST:,} bytes")
        content = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{file}: not valid JSON: {error}") from None
    if not isinstance(content, dict):
        raise click.ClickException(f"{file} must hold a JSON object")
    return content
