"""Users, tokens, grants and sign-ins: who may ask what. Times are milliseconds since 1970 (UTC)."""

from __future__ import annotations

from solvent.wire.base import Empty, Request, Wire, route


class User(Wire):
    """``role``: what the user may do where no grant says otherwise: none, reader, writer or admin.

    ``admin``: may do everything, and look after users.
    """

    name: str
    role: str
    admin: bool = False
    disabled: bool = False
    created: int = 0
    updated: int = 0


class UserResponse(Wire):
    user: User


@route("POST", "solvent/v1/users")
class CreateUser(Request[UserResponse]):
    """The first user of a store must be an ``admin``. ``role`` is reader unless told otherwise."""

    name: str | None = None
    password: str | None = None
    role: str | None = None
    admin: bool | None = None


class ListUsersResponse(Wire):
    users: list[User] = []


@route("GET", "solvent/v1/users")
class ListUsers(Request[ListUsersResponse]):
    pass


@route("PATCH", "solvent/v1/users/{name}")
class UpdateUser(Request[UserResponse]):
    """What is not given stays. A ``disabled`` user may ask nothing, and keeps tokens and grants."""

    name: str | None = None
    role: str | None = None
    admin: bool | None = None
    disabled: bool | None = None


@route("DELETE", "solvent/v1/users/{name}")
class DeleteUser(Request[Empty]):
    name: str | None = None


@route("POST", "solvent/v1/users/{name}/password")
class ChangePassword(Request[Empty]):
    """``current_password`` is needed by those who change their own. All sign-ins of the user end."""

    name: str | None = None
    password: str | None = None
    current_password: str | None = None


class Token(Wire):
    """``expires`` None: it lasts until it is revoked."""

    token_id: str
    name: str
    user: str
    created: int = 0
    expires: int | None = None
    last_used: int | None = None


class CreateTokenResponse(Wire):
    """``secret`` is the token itself. It is shown this once: only its hash is kept."""

    token: Token
    secret: str


@route("POST", "solvent/v1/tokens")
class CreateToken(Request[CreateTokenResponse]):
    """``user`` is who asks, unless told otherwise; ``days`` until it expires (default 90, 0 never)."""

    name: str | None = None
    user: str | None = None
    days: int | None = None


class ListTokensResponse(Wire):
    tokens: list[Token] = []


@route("GET", "solvent/v1/tokens")
class ListTokens(Request[ListTokensResponse]):
    """Those of ``user``, who is the one who asks unless told otherwise."""

    user: str | None = None


@route("DELETE", "solvent/v1/tokens/{token_id}")
class RevokeToken(Request[Empty]):
    token_id: str | None = None


class Grant(Wire):
    """The ``role`` of ``user`` in one experiment or one registered model."""

    user: str
    role: str
    experiment_id: str | None = None
    model: str | None = None


class GrantResponse(Wire):
    grant: Grant


@route("POST", "solvent/v1/grants")
class SetGrant(Request[GrantResponse]):
    """``role``: none, reader, writer or admin. Exactly one of ``experiment_id`` and ``model`` (its name)."""

    user: str | None = None
    role: str | None = None
    experiment_id: str | None = None
    model: str | None = None


class ListGrantsResponse(Wire):
    grants: list[Grant] = []


@route("GET", "solvent/v1/grants")
class ListGrants(Request[ListGrantsResponse]):
    """Those of a user, of an experiment or of a registered model; all of them if nothing is given."""

    user: str | None = None
    experiment_id: str | None = None
    model: str | None = None


@route("DELETE", "solvent/v1/grants")
class DeleteGrant(Request[Empty]):
    user: str | None = None
    experiment_id: str | None = None
    model: str | None = None


class Session(Wire):
    """``authentication``: whether people are asked who they are; ``user``: who asks, if that is known."""

    authentication: bool
    user: User | None = None


@route("GET", "solvent/v1/session")
class GetSession(Request[Session]):
    pass


@route("POST", "solvent/v1/session")
class SignIn(Request[Session]):
    """Sets the cookie of a browser."""

    name: str | None = None
    password: str | None = None


@route("DELETE", "solvent/v1/session")
class SignOut(Request[Session]):
    """Ends the sign-in whose cookie is sent."""
