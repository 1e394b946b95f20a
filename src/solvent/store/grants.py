"""SQL of grants: which role a user has in one experiment or one registered model."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from solvent.search.sql import TRUE, Sql
from solvent.store import users
from solvent.store.transaction import Row, Transaction
from solvent.store.users import ROLES, UserRow
from solvent.wire.accounts import Grant

NONE, READER, WRITER, ADMIN = range(len(ROLES))
Kind = Literal["experiment", "model"]
_KINDS: dict[Kind, int] = {"experiment": 1, "model": 2}


class Choice(NamedTuple):
    """Which grants are meant: None where it does not matter. ``resource_id`` is a row's."""

    user_id: int | None = None
    kind: Kind | None = None
    resource_id: int | None = None


def role_in(tx: Transaction, user: UserRow, kind: Kind, resource_id: int | None) -> int:
    """The user's role there: what a grant says, else the user's own; of what is not there, the latter."""
    if resource_id is None:
        return user.role
    sql = "SELECT role FROM grants WHERE user_id = ? AND kind = ? AND resource_id = ?"
    row = tx.one(sql, (user.id, _KINDS[kind], resource_id))
    return int(row[0]) if row else user.role


def roles_of(tx: Transaction, user: UserRow, kind: Kind) -> dict[int, int]:
    """All that grants say of a user, by resource."""
    sql = "SELECT resource_id, role FROM grants WHERE user_id = ? AND kind = ?"
    return {row[0]: row[1] for row in tx.all(sql, (user.id, _KINDS[kind]))}


def readable(tx: Transaction, kind: Kind, column: str) -> Sql:
    """The condition that whoever asks may read what ``column`` (its row id) names.

    Nobody is asked who they are if the transaction knows no actor: then all may be read.
    """
    if not tx.actor:
        return TRUE
    user = users.by_name(tx, tx.actor)
    if user is None:
        return Sql("0")
    if user.admin:
        return TRUE
    granted = f"(SELECT resource_id FROM grants WHERE user_id = ? AND kind = ? AND role {{}} {NONE})"
    args = (user.id, _KINDS[kind])
    if user.role >= READER:
        return Sql(f"{column} NOT IN {granted.format('=')}", args)
    return Sql(f"{column} IN {granted.format('>')}", args)


def readable_experiments(tx: Transaction, experiment_ids: Collection[int]) -> set[int]:
    """Those of the experiments that whoever asks may read."""
    if not tx.actor:
        return set(experiment_ids)
    may = readable(tx, "experiment", "x.id")
    sql = f"SELECT x.id FROM experiments x WHERE x.id IN (SELECT value FROM json_each(?)) AND {may.text}"
    return {row[0] for row in tx.all(sql, (json.dumps(list(experiment_ids)), *may.args))}


def put(tx: Transaction, user: UserRow, kind: Kind, resource_id: int, role: int) -> None:
    tx.execute(
        "INSERT INTO grants (user_id, kind, resource_id, role) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (user_id, kind, resource_id) DO UPDATE SET role = excluded.role",
        (user.id, _KINDS[kind], resource_id, role),
    )


def own(tx: Transaction, kind: Kind, resource_id: int) -> None:
    """Who makes an experiment or a registered model is its admin."""
    if tx.actor and (user := users.by_name(tx, tx.actor)) is not None:
        put(tx, user, kind, resource_id, ADMIN)


def delete(tx: Transaction, user: UserRow, kind: Kind, resource_id: int) -> bool:
    """Whether the grant was there."""
    sql = "DELETE FROM grants WHERE user_id = ? AND kind = ? AND resource_id = ?"
    return tx.execute(sql, (user.id, _KINDS[kind], resource_id)).rowcount > 0


def load(tx: Transaction, choice: Choice) -> list[Grant]:
    """The chosen grants by user, experiments before models."""
    conditions = [("g.user_id", choice.user_id), ("g.resource_id", choice.resource_id)]
    conditions.append(("g.kind", _KINDS[choice.kind] if choice.kind else None))
    given = [(column, value) for column, value in conditions if value is not None]
    where = " AND ".join(f"{column} = ?" for column, _ in given) or "1"
    rows = tx.all(
        "SELECT u.name, g.role, g.kind, g.resource_id, m.name FROM grants g JOIN users u ON u.id = g.user_id"
        f" LEFT JOIN registered_models m ON g.kind = 2 AND m.id = g.resource_id WHERE {where}"
        " ORDER BY u.name, g.kind, g.resource_id",
        [value for _, value in given],
    )
    return list(_grants(rows))


def _grants(rows: Iterable[Row]) -> Iterable[Grant]:
    for user, role, kind, resource_id, model in rows:
        if kind == _KINDS["experiment"]:
            yield Grant(user=user, role=ROLES[role], experiment_id=str(resource_id))
        else:
            yield Grant(user=user, role=ROLES[role], model=model)
