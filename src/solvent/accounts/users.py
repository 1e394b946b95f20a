"""Use cases of users. Passwords are hashed outside of transactions, so that no writer waits for it."""

from __future__ import annotations

import re

from solvent.accounts import lookup, passwords
from solvent.errors import AlreadyExists, Conflict, InvalidInput, PermissionDenied
from solvent.store import events, users
from solvent.store.grants import READER
from solvent.store.operations import outside, reads, writes
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.store.users import UserRow
from solvent.tracking.validation import required
from solvent.wire.accounts import (
    ChangePassword,
    CreateUser,
    DeleteUser,
    ListUsers,
    ListUsersResponse,
    UpdateUser,
    UserResponse,
)
from solvent.wire.base import Empty, Request

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")


class _Kept(Request[Empty]):
    """A change of a password once it is hashed. ``checked`` is the hash that the old one was compared with."""

    name: str
    password: str
    checked: str | None = None


class _Look(Request[UserResponse]):
    name: str | None


class _Found(UserResponse):
    stored: str


@outside(CreateUser)
def create_user(store: Store, request: CreateUser, actor: str) -> UserResponse:
    name = required(request.name, "name")
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"the user name {name[:100]!r} can't be used: expected a letter or digit, "
            "then up to 99 letters, digits and . _ @ + -"
        )
    if request.role is not None:
        lookup.role_number(request.role)
    password = passwords.hashed(passwords.check(request.password, name))
    kept = CreateUser(name=name, password=password, role=request.role, admin=request.admin)
    return store.write(_insert, kept, actor)


@reads(ListUsers)
def list_users(tx: Transaction, _: ListUsers) -> ListUsersResponse:
    return ListUsersResponse(users=[row.entity for row in users.load_all(tx)])


@writes(UpdateUser)
def update_user(tx: Transaction, request: UpdateUser) -> UserResponse:
    user = lookup.user(tx, request.name)
    changed = user._replace(
        role=user.role if request.role is None else lookup.role_number(request.role),
        admin=user.admin if request.admin is None else request.admin,
        disabled=user.disabled if request.disabled is None else request.disabled,
    )
    if not changed.admin or changed.disabled:
        _keep_an_admin(tx, user)
    users.update(tx, changed, tx.now())
    rights = {"role": changed.entity.role, "admin": changed.admin, "disabled": changed.disabled}
    events.append(tx, "user.updated", _subject(user), {"name": user.name, **rights}, tx.now(), tx.actor)
    return UserResponse(user=lookup.user(tx, user.name).entity)


@writes(DeleteUser)
def delete_user(tx: Transaction, request: DeleteUser) -> Empty:
    user = lookup.user(tx, request.name)
    if len(users.load_all(tx)) > 1:
        _keep_an_admin(tx, user)
    elif tx.actor:
        raise Conflict(
            f"{user.name} is the only user, and without users nobody is asked who they are: "
            "if that is wanted, delete the user on the server's machine, with the store as tracking URI"
        )
    users.delete(tx, user)
    events.append(tx, "user.deleted", _subject(user), {"name": user.name}, tx.now(), tx.actor)
    return Empty()


@outside(ChangePassword)
def change_password(store: Store, request: ChangePassword, actor: str) -> Empty:
    found = store.read(_look, _Look(name=request.name), actor)
    password = passwords.check(request.password, found.user.name)
    checked = None
    if found.user.name == actor:
        if not passwords.matches(found.stored, request.current_password or ""):
            raise PermissionDenied("the current password is not right: it is needed to change one's own")
        checked = found.stored
    kept = _Kept(name=found.user.name, password=passwords.hashed(password), checked=checked)
    return store.write(_set_password, kept, actor)


def _insert(tx: Transaction, request: CreateUser) -> UserResponse:
    """``password`` is hashed already."""
    assert request.name
    assert request.password
    if users.by_name(tx, request.name) is not None:
        raise AlreadyExists(f"there is a user '{request.name}' already: choose another name")
    if not request.admin and not users.exist(tx):
        raise InvalidInput("the first user must be able to look after the others: make an admin of it (--admin)")
    role = READER if request.role is None else lookup.role_number(request.role)
    users.insert(tx, request.name, request.password, admin=bool(request.admin), role=role, now=tx.now())
    user = lookup.user(tx, request.name)
    events.append(tx, "user.created", _subject(user), {"name": user.name, "admin": user.admin}, tx.now(), tx.actor)
    return UserResponse(user=user.entity)


def _look(tx: Transaction, request: _Look) -> _Found:
    user = lookup.user(tx, request.name)
    return _Found(user=user.entity, stored=user.password)


def _set_password(tx: Transaction, request: _Kept) -> Empty:
    user = lookup.user(tx, request.name)
    if request.checked is not None and request.checked != user.password:
        raise Conflict("the password was changed by somebody else meanwhile: try again")
    users.set_password(tx, user, request.password, tx.now())
    events.append(tx, "user.password_changed", _subject(user), {"name": user.name}, tx.now(), tx.actor)
    return Empty()


def _keep_an_admin(tx: Transaction, user: UserRow) -> None:
    if user.admin and not user.disabled and users.count_admins(tx) == 1:
        raise Conflict(f"{user.name} is the only admin: make an admin of somebody else first")


def _subject(user: UserRow) -> str:
    return f"user/{user.id}"
