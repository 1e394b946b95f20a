"""``solvent models history``: who moved what of a model, when, from where, and why."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import click

from solvent.backend.protocol import Backend
from solvent.cli.models_find import model_named
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, print_table
from solvent.wire.model_history import GetModelHistory, ModelEvent

_PAGE = 1_000
_SHOWN = 50


@click.command()
@click.argument("name")
@click.option("--version", metavar="VERSION", help="Of one version only.")
@click.option("--max-results", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="So many events.")
@json_option
@tracking_uri_option
def history(name: str, version: str | None, max_results: int, as_json: bool, tracking_uri: str | None) -> None:
    """Say who moved what of a model, when, from where and why.

    The newest comes first.
    """
    with backend_of(tracking_uri) as backend:
        model_named(backend, name)
        found = list(islice(_events(backend, name, version), max_results + 1))
    shown = found[:max_results]
    if as_json:
        return print_json(shown)
    rows = [
        [local_time(event.time), event.version or "", said(event), event.actor, event.origin or "", event.reason or ""]
        for event in shown
    ]
    print_table(["When", "Version", "What", "Who", "From where", "Why"], rows, empty="Nothing has happened.")
    if len(found) > max_results:
        click.echo(f"... and older ones: --max-results {max_results * 10}")
    return None


def said(event: ModelEvent) -> str:
    """What an event says, for people."""
    body = event.body
    old, new = body.get("from"), body.get("to")
    match event.kind:
        case "model_version.stage":
            because = body.get("because") or (f"by {body['replaced_by']}" if "replaced_by" in body else "")
            return f"{old} -> {new}" + (f" ({because})" if because else "")
        case "alias.set":
            return f"@{body.get('alias')}: {old or 'none'} -> {new}"
        case "alias.deleted":
            return f"@{body.get('alias')}: {old} -> none"
        case "registered_model.created":
            return "the model is made"
        case "registered_model.renamed":
            return f"renamed: {old} -> {new}"
        case "model_version.deleted":
            return f"deleted, was in {body.get('stage')}"
        case "model_version.created":
            return f"registered from {body.get('source')}"
        case _:
            missing = body.get("missing")
            target = f" before {body['target']}" if "target" in body else ""
            return f"{event.kind.replace('_', ' ')}{target}" + (f": {', '.join(map(str, missing))}" if missing else "")


def _events(backend: Backend, name: str, version: str | None) -> Iterator[ModelEvent]:
    token: str | None = None
    while True:
        asked = GetModelHistory(name=name, version=version, max_results=_PAGE, page_token=token)
        answer = backend.call(asked)
        yield from answer.events
        token = answer.next_page_token
        if not token:
            return
