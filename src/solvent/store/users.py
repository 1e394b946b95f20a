"""SQL of users."""

from __future__ import annotations

from typing import NamedTuple

from solvent.store.transaction import Row, Transaction
from solvent.wire.accounts import User

ROLES = ("none", "reader", "writer", "admin")
"""By their number."""

_COLUMNS = "id, name, password, admin, role, disabled, created, updated"


class UserRow(NamedTuple):
    """A row of ``users``. ``password`` is its argon2 hash; times are milliseconds since 1970 (UTC)."""

    id: int
    name: str
    password: str
    admin: bool
    role: int
    disabled: bool
    created: int
    updated: int

    @property
    def entity(self) -> User:
        return User(
            name=self.name,
            role=ROLES[self.role],
            admin=self.admin,
            disabled=self.disabled,
            created=self.created,
            updated=self.updated,
        )


def by_name(tx: Transaction, name: str) -> UserRow | None:
    """The user of that name, in whatever case it is written; remembered while nobody changes any."""
    known: dict[str, UserRow] = tx.cache.setdefault("users", {})
    user = known.get(name)
    if user is None:
        row = tx.one(f"SELECT {_COLUMNS} FROM users WHERE name = ?", (name,))
        if row is None:
            return None
        user = known[name] = _user(row)
    return user


def load_all(tx: Transaction) -> list[UserRow]:
    """All users by name."""
    return [_user(row) for row in tx.all(f"SELECT {_COLUMNS} FROM users ORDER BY name")]


def exist(tx: Transaction) -> bool:
    return tx.one("SELECT 1 FROM users LIMIT 1") is not None


def count_admins(tx: Transaction) -> int:
    """How many can look after users."""
    row = tx.one("SELECT count(*) FROM users WHERE admin = 1 AND disabled = 0")
    return int(row[0]) if row else 0


def insert(tx: Transaction, name: str, password: str, *, admin: bool, role: int, now: int) -> None:
    tx.execute(
        "INSERT INTO users (name, password, admin, role, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
        (name, password, admin, role, now, now),
    )
    _forget(tx)


def update(tx: Transaction, user: UserRow, now: int) -> None:
    """Keep the row's rights as they are in ``user``."""
    sql = "UPDATE users SET admin = ?, role = ?, disabled = ?, updated = ? WHERE id = ?"
    tx.execute(sql, (user.admin, user.role, user.disabled, now, user.id))
    _forget(tx)


def set_password(tx: Transaction, user: UserRow, password: str, now: int) -> None:
    """A new hash; all sign-ins end."""
    tx.execute("UPDATE users SET password = ?, updated = ? WHERE id = ?", (password, now, user.id))
    tx.execute("DELETE FROM sign_ins WHERE user_id = ?", (user.id,))
    _forget(tx)


def delete(tx: Transaction, user: UserRow) -> None:
    """With tokens, sign-ins and grants."""
    tx.execute("DELETE FROM users WHERE id = ?", (user.id,))
    _forget(tx)


def changes(tx: Transaction) -> int:
    """A number that grows whenever somebody's access may have ended."""
    row = tx.one("SELECT version FROM account_changes")
    return int(row[0]) if row else 0


def _forget(tx: Transaction) -> None:
    tx.cache.pop("users", None)


def _user(row: Row) -> UserRow:
    return UserRow(row[0], row[1], row[2], bool(row[3]), row[4], bool(row[5]), row[6], row[7])
