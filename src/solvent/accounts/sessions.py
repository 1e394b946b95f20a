"""Telling who somebody is: by password, token or the cookie of a sign-in.

These are not requests of the API: the server asks them for every request that comes.
"""

from __future__ import annotations

from typing import NamedTuple

from solvent.accounts import passwords, secrets
from solvent.accounts.errors import WrongCredentials
from solvent.store import tokens, users
from solvent.store.operations import reads
from solvent.store.store import Store
from solvent.store.tokens import Holder
from solvent.store.transaction import Transaction
from solvent.wire.accounts import GetSession, Session
from solvent.wire.base import Empty, Request, Wire

SIGN_IN_MS = 7 * 24 * 60 * 60 * 1000
MOST_SIGN_INS = 50
"""Of one user: the oldest end when more are made."""


class Known(Wire):
    """Who somebody is, and until when (milliseconds since 1970, None: no end)."""

    user: str
    expires: int | None = None


class State(Wire):
    """Whether there are users, and a number that grows whenever somebody's access may have ended."""

    users: bool
    version: int


class SignedIn(NamedTuple):
    """The ``cookie`` is shown to the browser alone."""

    user: str
    cookie: str


class _Secret(Request[Known]):
    hashed: bytes = b""


class _Named(Request[Known]):
    user: str = ""
    hashed: bytes = b""
    password: str = ""


class _Stored(Wire):
    user: str = ""
    password: str | None = None


@reads(GetSession)
def get_session(tx: Transaction, _: GetSession) -> Session:
    user = users.by_name(tx, tx.actor) if tx.actor else None
    return Session(authentication=users.exist(tx), user=user.entity if user else None)


def state(store: Store) -> State:
    return store.read(_state, Request())


def by_password(store: Store, name: str, password: str) -> Known:
    """The user of that name and password; takes some 30 ms of one processor, also if there is none.

    Raises:
        WrongCredentials: there is no such user, the password is another, or the user is disabled.
    """
    found = store.read(_stored, _Named(user=name))
    if not passwords.matches(found.password, password):
        raise WrongCredentials
    return Known(user=found.user)


def by_token(store: Store, token: str) -> Known:
    """Whose token it is; notes that it was used.

    Raises:
        WrongCredentials: it is nobody's, has expired, or its user is disabled.
    """
    request = _Secret(hashed=secrets.hashed(token))
    known = store.read(_held, request)
    store.write(_touch, request)
    return known


def by_cookie(store: Store, cookie: str) -> Known:
    """Who has signed in.

    Raises:
        WrongCredentials: nobody, or too long ago.
    """
    return store.read(_signed_in, _Secret(hashed=secrets.hashed(cookie)))


def sign_in(store: Store, name: str, password: str) -> SignedIn:
    """Make a sign-in; errors as ``by_password``."""
    found = store.read(_stored, _Named(user=name))
    if not passwords.matches(found.password, password):
        raise WrongCredentials
    cookie = secrets.new_cookie()
    assert found.password is not None
    request = _Named(user=found.user, password=found.password, hashed=secrets.hashed(cookie))
    return SignedIn(store.write(_sign_in, request).user, cookie)


def sign_out(store: Store, cookie: str) -> None:
    store.write(_sign_out, _Secret(hashed=secrets.hashed(cookie)))


def _state(tx: Transaction, _: Request[State]) -> State:
    return State(users=users.exist(tx), version=users.changes(tx))


def _stored(tx: Transaction, request: _Named) -> _Stored:
    user = users.by_name(tx, request.user)
    if user is None or user.disabled:
        return _Stored()
    return _Stored(user=user.name, password=user.password)


def _held(tx: Transaction, request: _Secret) -> Known:
    return _known(tokens.holder(tx, request.hashed, tx.now()))


def _touch(tx: Transaction, request: _Secret) -> Empty:
    tokens.touch(tx, request.hashed, tx.now())
    return Empty()


def _signed_in(tx: Transaction, request: _Secret) -> Known:
    return _known(tokens.signed_in(tx, request.hashed, tx.now()))


def _sign_in(tx: Transaction, request: _Named) -> Known:
    user = users.by_name(tx, request.user)
    if user is None or user.disabled or user.password != request.password:  # it changed while it was compared
        raise WrongCredentials
    now = tx.now()
    tokens.sign_in(tx, user.id, request.hashed, now, now + SIGN_IN_MS, MOST_SIGN_INS)
    return Known(user=user.name)


def _sign_out(tx: Transaction, request: _Secret) -> Empty:
    tokens.sign_out(tx, request.hashed)
    return Empty()


def _known(holder: Holder | None) -> Known:
    if holder is None:
        raise WrongCredentials
    return Known(user=holder.user, expires=holder.expires)
