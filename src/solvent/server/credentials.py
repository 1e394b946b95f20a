"""What a request says of who asks: the Authorization header, or the cookie of a sign-in."""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from solvent.accounts.errors import WrongCredentials
from solvent.server.asgi import Header, Scope, header

COOKIE = "solvent_session"
_LONGEST = 4_096
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_OWN_PAGE = (b"same-origin", b"none")


class Password(NamedTuple):
    user: str
    password: str


class Bearer(NamedTuple):
    token: str


class Cookie(NamedTuple):
    value: str


Credentials = Password | Bearer | Cookie


def given(scope: Scope) -> bytes | None:
    """What tells who asks, as it came; None if there is nothing.

    A cookie counts only from our own page: a browser sends it along with whatever another page of the
    same site makes it ask.
    """
    authorization = header(scope, b"authorization")
    if authorization is not None:
        return authorization[: _LONGEST + 1]
    cookie = cookie_of(scope)
    return b"Cookie " + cookie if cookie is not None and _from_own_page(scope) else None


def parse(text: bytes) -> Credentials:
    """The credentials of what ``given`` found.

    Raises:
        WrongCredentials: they are of a form that is not known, or far too long.
    """
    kind, _, value = text.partition(b" ")
    value = value.strip()
    if len(text) > _LONGEST or not value:
        raise WrongCredentials
    try:
        if kind.lower() == b"basic":
            user, colon, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
            if not colon:
                raise WrongCredentials
            return Password(user, password)
        if kind.lower() == b"bearer":
            return Bearer(value.decode("ascii"))
        if kind == b"Cookie":
            return Cookie(value.decode("ascii"))
    except (binascii.Error, UnicodeDecodeError):
        raise WrongCredentials from None
    raise WrongCredentials


def cookie_of(scope: Scope) -> bytes | None:
    """The value of our cookie."""
    name = COOKIE.encode("ascii")
    for key, value in scope["headers"]:
        if key == b"cookie":
            for part in value.split(b";"):
                if part.strip().partition(b"=")[0] == name:
                    found: bytes = part.strip().partition(b"=")[2][:_LONGEST]
                    return found
    return None


def set_cookie(value: str, seconds: int, *, secure: bool) -> Header:
    """The header that gives a browser the cookie, or with 0 ``seconds`` takes it away."""
    text = f"{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{'; Secure' if secure else ''}"
    return b"set-cookie", text.encode("ascii")


def challenge(scope: Scope) -> Header:
    """What a 401 asks for. A browser is not asked for a password: it would open a window of its own over the page."""
    in_browser = header(scope, b"sec-fetch-site") or header(scope, b"x-requested-with")
    return b"www-authenticate", b'Bearer realm="solvent"' if in_browser else b'Basic realm="solvent", charset="UTF-8"'


def _from_own_page(scope: Scope) -> bool:
    """Origins were checked before (``server.guard``); what changes something must name where it comes from."""
    site = header(scope, b"sec-fetch-site")
    if site is not None:
        return site in _OWN_PAGE
    return scope["method"] in _SAFE_METHODS or header(scope, b"origin") is not None
