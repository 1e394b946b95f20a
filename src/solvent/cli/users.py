"""``solvent users``: who may ask, and what they may do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, print_table
from solvent.wire.accounts import (
    ChangePassword,
    CreateUser,
    DeleteGrant,
    DeleteUser,
    Grant,
    ListGrants,
    ListUsers,
    SetGrant,
    UpdateUser,
    User,
)

F = TypeVar("F", bound=Callable[..., Any])

_ROLES = click.Choice(["none", "reader", "writer", "admin"])
_NAME = click.argument("name")
_ROLE_HELP = "What the user may do where no grant says otherwise."
_PASSWORD = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password from standard input, not from a prompt."
)


def _place(command: F) -> F:
    model = click.option("-m", "--model", metavar="NAME", help="A registered model.")
    return click.option("-x", "--experiment-id", metavar="ID", help="An experiment.")(model(command))


@click.group()
def users() -> None:
    """Look after users, their roles and grants."""


@users.command()
@_NAME
@click.option("--admin", is_flag=True, help="May do everything, and look after users. The first user must be one.")
@click.option("--role", type=_ROLES, help=f"{_ROLE_HELP}  [default: reader]")
@_PASSWORD
@json_option
@tracking_uri_option
def create(name: str, admin: bool, role: str | None, from_stdin: bool, as_json: bool, tracking_uri: str | None) -> None:
    """Make a user; from the first one on, servers ask everybody who they are."""
    password = _read_password(f"Password of {name}", from_stdin, confirm=True)
    with backend_of(tracking_uri) as backend:
        user = backend.call(CreateUser(name=name, password=password, role=role, admin=admin)).user
    if as_json:
        return print_json(user)
    return click.echo(f"Created user '{user.name}' ({_rights(user)})")


@users.command("list")
@json_option
@tracking_uri_option
def list_users(as_json: bool, tracking_uri: str | None) -> None:
    """List the users."""
    with backend_of(tracking_uri) as backend:
        found = backend.call(ListUsers()).users
    if as_json:
        return print_json(found)
    rows = [[user.name, _rights(user), local_time(user.created)] for user in found]
    hint = "No users: nobody is asked who they are. Make the first one: solvent users create NAME --admin"
    return print_table(["Name", "Role", "Created"], rows, empty=hint)


@users.command()
@_NAME
@click.option("--role", type=_ROLES, help=_ROLE_HELP)
@click.option("--admin/--no-admin", default=None, help="Whether the user may do everything.")
@click.option("--disable/--enable", "disabled", default=None, help="Whether the user is shut out.")
@json_option
@tracking_uri_option
def update(
    name: str, role: str | None, admin: bool | None, disabled: bool | None, as_json: bool, tracking_uri: str | None
) -> None:
    """Change what a user may do."""
    if role is None and admin is None and disabled is None:
        raise click.UsageError("give at least one of --role, --admin, --no-admin, --disable and --enable")
    with backend_of(tracking_uri) as backend:
        user = backend.call(UpdateUser(name=name, role=role, admin=admin, disabled=disabled)).user
    if as_json:
        return print_json(user)
    return click.echo(f"User '{user.name}' is now: {_rights(user)}")


@users.command()
@_NAME
@tracking_uri_option
def delete(name: str, tracking_uri: str | None) -> None:
    """Delete a user, with tokens and grants. What the user logged stays."""
    with backend_of(tracking_uri) as backend:
        backend.call(DeleteUser(name=name))
    click.echo(f"Deleted user '{name}'")


@users.command()
@_NAME
@_PASSWORD
@click.option("--own", is_flag=True, help="It is your own: the current password is asked first.")
@tracking_uri_option
def passwd(name: str, from_stdin: bool, own: bool, tracking_uri: str | None) -> None:
    """Change a password; all sign-ins of the user end. Tokens stay, and are revoked on their own.

    With --own and --password-stdin, the first line is the current password and the second the new one.
    """
    current = _read_password("Current password", from_stdin) if own else None
    password = _read_password(f"New password of {name}", from_stdin, confirm=True)
    with backend_of(tracking_uri) as backend:
        backend.call(ChangePassword(name=name, password=password, current_password=current))
    click.echo(f"Changed the password of '{name}'")


@users.command()
@_NAME
@_place
@click.option("--role", type=_ROLES, required=True, help="What the user may do there; none shuts out.")
@json_option
@tracking_uri_option
def grant(
    name: str, experiment_id: str | None, model: str | None, role: str, as_json: bool, tracking_uri: str | None
) -> None:
    """Give a user a role in one experiment or registered model."""
    _check_place(experiment_id, model)
    with backend_of(tracking_uri) as backend:
        made = backend.call(SetGrant(user=name, role=role, experiment_id=experiment_id, model=model)).grant
    if as_json:
        return print_json(made)
    return click.echo(f"'{made.user}' now has the role {made.role} in {_where(made)}")


@users.command()
@_NAME
@_place
@tracking_uri_option
def revoke(name: str, experiment_id: str | None, model: str | None, tracking_uri: str | None) -> None:
    """Take a grant away: the user's own role holds there again."""
    _check_place(experiment_id, model)
    with backend_of(tracking_uri) as backend:
        backend.call(DeleteGrant(user=name, experiment_id=experiment_id, model=model))
    where = f"experiment {experiment_id}" if experiment_id is not None else f"registered model '{model}'"
    click.echo(f"'{name}' has no grant in {where} any more")


@users.command()
@click.argument("name", required=False)
@_place
@json_option
@tracking_uri_option
def grants(
    name: str | None, experiment_id: str | None, model: str | None, as_json: bool, tracking_uri: str | None
) -> None:
    """List the grants of a user, of an experiment or of a registered model."""
    with backend_of(tracking_uri) as backend:
        found = backend.call(ListGrants(user=name, experiment_id=experiment_id, model=model)).grants
    if as_json:
        return print_json(found)
    rows = [[one.user, one.role, _where(one)] for one in found]
    return print_table(["User", "Role", "In"], rows, empty="No grants. Make one: solvent users grant NAME --role ROLE")


def _read_password(prompt: str, from_stdin: bool, *, confirm: bool = False) -> str:
    """A password from a prompt that does not show it, or a line of standard input; never from an argument."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask for the password: give it by --password-stdin")
    typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=confirm)
    return typed


def _check_place(experiment_id: str | None, model: str | None) -> None:
    if (experiment_id is None) == (model is None):
        raise click.UsageError("give exactly one of --experiment-id and --model")


def _where(given: Grant) -> str:
    if given.experiment_id is not None:
        return f"experiment {given.experiment_id}"
    return f"registered model '{given.model}'"


def _rights(user: User) -> str:
    rights = "admin of the server" if user.admin else user.role
    return f"{rights}, disabled" if user.disabled else rights
