"""``solvent tokens``: secrets that stand for a user in programs."""

from __future__ import annotations

import click

from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, print_table
from solvent.wire.accounts import CreateToken, ListTokens, RevokeToken

_USER = click.option("--user", metavar="NAME", help="Whose; on a server it is you unless told otherwise.")


@click.group()
def tokens() -> None:
    """Make and revoke access tokens for programs."""


@tokens.command()
@click.argument("name")
@_USER
@click.option(
    "--days", type=click.IntRange(min=0), default=90, show_default=True, help="Until it expires; 0 means never."
)
@json_option
@tracking_uri_option
def create(name: str, user: str | None, days: int, as_json: bool, tracking_uri: str | None) -> None:
    """Make a token and print it, alone on standard output. It is shown this once.

    A program uses it as MLFLOW_TRACKING_TOKEN or SOLVENT_TRACKING_TOKEN.
    """
    with backend_of(tracking_uri) as backend:
        made = backend.call(CreateToken(name=name, user=user, days=days))
    if as_json:
        return print_json(made)
    end = local_time(made.token.expires) or "never"
    click.echo(f"Token '{made.token.name}' of '{made.token.user}' (id {made.token.token_id}) expires: {end}", err=True)
    return click.echo(made.secret)


@tokens.command("list")
@_USER
@json_option
@tracking_uri_option
def list_tokens(user: str | None, as_json: bool, tracking_uri: str | None) -> None:
    """List tokens: when they were made, expire, and were last used (to ten minutes)."""
    with backend_of(tracking_uri) as backend:
        found = backend.call(ListTokens(user=user)).tokens
    if as_json:
        return print_json(found)
    rows = [
        [one.token_id, one.name, one.user, local_time(one.created), local_time(one.expires), local_time(one.last_used)]
        for one in found
    ]
    hint = "No tokens. Make one: solvent tokens create NAME"
    return print_table(["Id", "Name", "User", "Created", "Expires", "Last used"], rows, empty=hint)


@tokens.command()
@click.argument("token_id")
@tracking_uri_option
def revoke(token_id: str, tracking_uri: str | None) -> None:
    """End a token, by its id."""
    with backend_of(tracking_uri) as backend:
        backend.call(RevokeToken(token_id=token_id))
    click.echo(f"Revoked token {token_id}")
