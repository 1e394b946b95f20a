"""SQL of access tokens and of browsers' sign-ins: both are random texts of which only the hash is kept."""

from __future__ import annotations

from typing import NamedTuple

from solvent.store.transaction import Row, Transaction
from solvent.wire.accounts import Token

_COLUMNS = "t.id, t.name, u.name, t.created, t.expires, t.last_used FROM tokens t JOIN users u ON u.id = t.user_id"


class Holder(NamedTuple):
    """Whose a secret is, and until when (milliseconds since 1970, None: no end)."""

    user: str
    expires: int | None


def insert(tx: Transaction, user_id: int, name: str, hashed: bytes, now: int, expires: int | None) -> int:
    sql = "INSERT INTO tokens (user_id, name, hash, created, expires) VALUES (?, ?, ?, ?, ?)"
    return tx.insert(sql, (user_id, name, hashed, now, expires))


def load(tx: Transaction, token_id: int) -> Token | None:
    row = tx.one(f"SELECT {_COLUMNS} WHERE t.id = ?", (token_id,))
    return _token(row) if row else None


def of_user(tx: Transaction, user_id: int) -> list[Token]:
    """A user's tokens, oldest first."""
    return [_token(row) for row in tx.all(f"SELECT {_COLUMNS} WHERE t.user_id = ? ORDER BY t.id", (user_id,))]


def all_tokens(tx: Transaction) -> list[Token]:
    return [_token(row) for row in tx.all(f"SELECT {_COLUMNS} ORDER BY t.id")]


def delete(tx: Transaction, token_id: int) -> bool:
    """Whether the token was there."""
    return tx.execute("DELETE FROM tokens WHERE id = ?", (token_id,)).rowcount > 0


def holder(tx: Transaction, hashed: bytes, now: int) -> Holder | None:
    """Who holds a token that is still good; a disabled user holds none."""
    sql = (
        "SELECT u.name, t.expires FROM tokens t JOIN users u ON u.id = t.user_id"
        " WHERE t.hash = ? AND u.disabled = 0 AND (t.expires IS NULL OR t.expires > ?)"
    )
    row = tx.one(sql, (hashed, now))
    return Holder(*row) if row else None


def touch(tx: Transaction, hashed: bytes, now: int) -> None:
    """The token was used."""
    tx.execute("UPDATE tokens SET last_used = ? WHERE hash = ?", (now, hashed))


def sign_in(tx: Transaction, user_id: int, hashed: bytes, now: int, expires: int, most: int) -> None:
    """A new sign-in; those that are over go, and the oldest beyond ``most``."""
    tx.execute("DELETE FROM sign_ins WHERE expires <= ?", (now,))
    tx.execute(
        "DELETE FROM sign_ins WHERE hash IN"
        " (SELECT hash FROM sign_ins WHERE user_id = ? ORDER BY created DESC LIMIT -1 OFFSET ?)",
        (user_id, most - 1),
    )
    tx.execute(
        "INSERT INTO sign_ins (hash, user_id, created, expires) VALUES (?, ?, ?, ?)", (hashed, user_id, now, expires)
    )


def sign_out(tx: Transaction, hashed: bytes) -> None:
    tx.execute("DELETE FROM sign_ins WHERE hash = ?", (hashed,))


def signed_in(tx: Transaction, hashed: bytes, now: int) -> Holder | None:
    """Whose a sign-in is, if it is still good."""
    sql = (
        "SELECT u.name, s.expires FROM sign_ins s JOIN users u ON u.id = s.user_id"
        " WHERE s.hash = ? AND u.disabled = 0 AND s.expires > ?"
    )
    row = tx.one(sql, (hashed, now))
    return Holder(*row) if row else None


def _token(row: Row) -> Token:
    token_id, name, user, created, expires, last_used = row
    return Token(token_id=str(token_id), name=name, user=user, created=created, expires=expires, last_used=last_used)
