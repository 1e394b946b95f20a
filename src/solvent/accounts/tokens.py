"""Use cases of access tokens."""

from __future__ import annotations

from solvent.accounts import lookup, secrets
from solvent.errors import AlreadyExists, InvalidInput, NotFound
from solvent.store import events, tokens
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.validation import check_integer, check_length, required
from solvent.wire.accounts import (
    CreateToken,
    CreateTokenResponse,
    ListTokens,
    ListTokensResponse,
    RevokeToken,
    Token,
)
from solvent.wire.base import Empty

MAX_TOKENS = 100
"""Of one user."""
MAX_NAME = 100
DAYS = 90
_MAX_DAYS = 36_500
_DAY = 24 * 60 * 60 * 1000
_MAX_ID = 2**63 - 1


@writes(CreateToken)
def create_token(tx: Transaction, request: CreateToken) -> CreateTokenResponse:
    user = lookup.user(tx, request.user or tx.actor or None, "user")
    name = check_length("name", required(request.name, "name"), MAX_NAME)
    days = DAYS if request.days is None else check_integer(request.days, "days", least=0)
    if days > _MAX_DAYS:
        raise InvalidInput(f"'days' must be at most {_MAX_DAYS}, or 0 for a token that never expires")
    existing = tokens.of_user(tx, user.id)
    if any(token.name == name for token in existing):
        raise AlreadyExists(f"{user.name} has a token '{name}' already: revoke it, or choose another name")
    if len(existing) >= MAX_TOKENS:
        raise InvalidInput(f"{user.name} has {MAX_TOKENS} tokens already: revoke one that is not used any more")
    now, secret = tx.now(), secrets.new_token()
    token_id = tokens.insert(tx, user.id, name, secrets.hashed(secret), now, now + days * _DAY if days else None)
    events.append(tx, "token.created", f"user/{user.id}", {"name": name, "token_id": token_id}, now, tx.actor)
    return CreateTokenResponse(token=find(tx, str(token_id)), secret=secret)


@reads(ListTokens)
def list_tokens(tx: Transaction, request: ListTokens) -> ListTokensResponse:
    name = request.user or tx.actor
    if not name:
        return ListTokensResponse(tokens=tokens.all_tokens(tx))
    return ListTokensResponse(tokens=tokens.of_user(tx, lookup.user(tx, name, "user").id))


@writes(RevokeToken)
def revoke_token(tx: Transaction, request: RevokeToken) -> Empty:
    token = find(tx, request.token_id)
    tokens.delete(tx, int(token.token_id))
    subject = f"user/{lookup.user(tx, token.user).id}"
    events.append(
        tx, "token.revoked", subject, {"name": token.name, "token_id": int(token.token_id)}, tx.now(), tx.actor
    )
    return Empty()


def find(tx: Transaction, token_id: str | None) -> Token:
    """The token of that id.

    Raises:
        NotFound: there is none.
    """
    given = required(token_id, "token_id")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) <= 19 else 0
    found = tokens.load(tx, number) if number <= _MAX_ID else None
    if found is None:
        raise NotFound(f"there is no token {given[:100]}: 'solvent tokens list' shows those there are")
    return found
