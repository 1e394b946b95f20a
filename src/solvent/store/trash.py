"""SQL of the trash: what is in it, claiming it, and removing its rows in slices.

``deleted`` is 0 for what is alive, 1 in the trash, 2 once it is claimed for removal: then it can't
be restored any more, and its files may be gone already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solvent.store.transaction import Row, Transaction

SLICE_ROWS = 20_000
"""Points that are removed in one transaction: some 50 ms."""

_IDS = "(SELECT value FROM json_each(?))"
_RUN_DUE = "(r.deleted = 2 OR (r.deleted = 1 AND coalesce(r.deleted_time, 0) <= :before))"
_EXPERIMENT_DUE = f"""
(e.id > 0 AND (e.deleted = 2 OR e.deleted = 1 AND e.updated <= :before AND NOT EXISTS (
  SELECT 1 FROM runs r WHERE r.experiment_id = e.id AND NOT {_RUN_DUE})))
"""
_MODEL_DUE = f"""
(l.deleted = 2 OR (l.deleted = 1 AND coalesce(l.deleted_time, 0) <= :before) OR {_EXPERIMENT_DUE})
"""


class Choice(NamedTuple):
    """What was asked for: deleted at or before ``before`` (ms); None in all lists means everything in the trash."""

    before: int
    run_ids: Sequence[str] | None = None
    model_ids: Sequence[str] | None = None
    experiment_ids: Sequence[int] | None = None

    @property
    def everything(self) -> bool:
        return self.run_ids is None and self.model_ids is None and self.experiment_ids is None

    def values(self) -> dict[str, object]:
        return {
            "before": self.before,
            "everything": self.everything,
            "runs": json.dumps(list(self.run_ids or ())),
            "models": json.dumps(list(self.model_ids or ())),
            "experiments": json.dumps(list(self.experiment_ids or ())),
        }


def runs(tx: Transaction, choice: Choice, after: int, limit: int) -> list[Row]:
    """Rows (id, uuid, name, experiment, location, own address, deleted time, only by its experiment) behind row
    ``after``, by id."""
    return _select(
        tx,
        "SELECT r.id, r.uuid, r.name, e.id, e.artifact_location, r.artifact_uri, r.deleted_time, 0"
        f" FROM runs r JOIN experiments e ON e.id = r.experiment_id WHERE r.id > :after AND {_RUN_DUE}"
        " AND (:everything OR r.uuid IN (SELECT value FROM json_each(:runs))"
        " OR r.experiment_id IN (SELECT value FROM json_each(:experiments))) ORDER BY r.id LIMIT :limit",
        choice,
        after,
        limit,
    )


def logged_models(tx: Transaction, choice: Choice, after: int, limit: int) -> list[Row]:
    """As ``runs``. A model goes with its experiment, even if it was not deleted itself."""
    return _select(
        tx,
        "SELECT l.id, l.uuid, l.name, e.id, e.artifact_location, l.artifact_uri, coalesce(l.deleted_time, e.updated), l.deleted = 0"
        f" FROM logged_models l JOIN experiments e ON e.id = l.experiment_id WHERE l.id > :after AND {_MODEL_DUE}"
        " AND (:everything OR l.uuid IN (SELECT value FROM json_each(:models))"
        " OR l.experiment_id IN (SELECT value FROM json_each(:experiments))) ORDER BY l.id LIMIT :limit",
        choice,
        after,
        limit,
    )


def experiments(tx: Transaction, choice: Choice, after: int, limit: int) -> list[Row]:
    """As ``runs``. One with a run that is not in the trash, or not for long enough, is not due; the default one never."""
    return _select(
        tx,
        "SELECT e.id, e.id, e.name, e.id, e.artifact_location, NULL, e.updated, 0"
        f" FROM experiments e WHERE e.id > :after AND {_EXPERIMENT_DUE}"
        " AND (:everything OR e.id IN (SELECT value FROM json_each(:experiments))) ORDER BY e.id LIMIT :limit",
        choice,
        after,
        limit,
    )


def _select(tx: Transaction, sql: str, choice: Choice, after: int, limit: int) -> list[Row]:
    return tx.all(sql, {**choice.values(), "after": after, "limit": limit})


def active_run(tx: Transaction, experiment_id: int) -> str | None:
    """The id of some run of the experiment that is not in the trash."""
    row = tx.one("SELECT uuid FROM runs WHERE experiment_id = ? AND deleted = 0 LIMIT 1", (experiment_id,))
    return row[0] if row else None


def versions_of_runs(tx: Transaction, run_ids: Iterable[str]) -> list[Row]:
    """(run id, registered model, version, place of its files) of the versions that come from these runs."""
    return tx.all(_VERSIONS + f"v.run_uuid IN {_IDS}", (json.dumps(list(run_ids)),))


def versions_of_models(tx: Transaction, model_ids: Iterable[str]) -> list[Row]:
    """(logged model id, registered model, version, place) of the versions that were made from these models."""
    return tx.all(
        _VERSIONS.replace("v.run_uuid,", "v.logged_model,") + f"v.logged_model IN {_IDS}",
        (json.dumps(list(model_ids)),),
    )


_VERSIONS = (
    "SELECT v.run_uuid, m.name, v.version, v.storage_location"
    " FROM model_versions v JOIN registered_models m ON m.id = v.model_id WHERE "
)


def version_in_experiment(tx: Transaction, experiment_id: int) -> Row | None:
    """(registered model, version) of some version that comes from a run or a logged model of the experiment."""
    return tx.one(
        "SELECT m.name, v.version FROM model_versions v JOIN registered_models m ON m.id = v.model_id"
        " LEFT JOIN runs r ON r.uuid = v.run_uuid LEFT JOIN logged_models l ON l.uuid = v.logged_model"
        " WHERE r.experiment_id = ?1 OR l.experiment_id = ?1 LIMIT 1",
        (experiment_id,),
    )


def locations(tx: Transaction) -> list[Row]:
    """(id, address) of every experiment that chose or was given one."""
    return tx.all("SELECT id, artifact_location FROM experiments WHERE artifact_location <> ''")


def claim_runs(tx: Transaction, run_ids: Iterable[str]) -> None:
    tx.execute(f"UPDATE runs SET deleted = 2 WHERE deleted = 1 AND uuid IN {_IDS}", (json.dumps(list(run_ids)),))
    tx.cache.pop("runs", None)


def claim_models(tx: Transaction, model_ids: Iterable[str]) -> None:
    sql = f"UPDATE logged_models SET deleted = 2 WHERE deleted = 1 AND uuid IN {_IDS}"
    tx.execute(sql, (json.dumps(list(model_ids)),))


def claim_experiment(tx: Transaction, experiment_id: int) -> None:
    """Claim an experiment with all its runs and logged models."""
    tx.execute("UPDATE experiments SET deleted = 2 WHERE id = ?", (experiment_id,))
    for table in ("runs", "logged_models"):
        tx.execute(f"UPDATE {table} SET deleted = 2 WHERE experiment_id = ?", (experiment_id,))
    tx.cache.pop("runs", None)


def claimed_rows(tx: Transaction, table: str, ids: Iterable[str]) -> list[int]:
    """The rows of claimed ``runs``, ``logged_models`` or (with numbers as ids) ``experiments``."""
    column = "id" if table == "experiments" else "uuid"
    sql = f"SELECT id FROM {table} WHERE deleted = 2 AND {column} IN {_IDS} ORDER BY id"
    return [row[0] for row in tx.all(sql, (json.dumps(list(ids)),))]


def remove_points(tx: Transaction, run_rows: Sequence[int], limit: int) -> int:
    """Remove at most ``limit`` metric points of these runs; how many it were."""
    removed = 0
    for row in run_rows:
        if removed >= limit:
            break
        removed += tx.execute(
            "DELETE FROM metrics WHERE run_id = ?1 AND (key_id, step, timestamp, value, is_nan) IN ("
            "SELECT key_id, step, timestamp, value, is_nan FROM metrics WHERE run_id = ?1 LIMIT ?2)",
            (row, limit - removed),
        ).rowcount
    return removed


def remove(tx: Transaction, table: str, rows: Sequence[int]) -> int:
    """Remove these rows and all that hangs on them by a cascading reference; how many rows it were.

    The references are followed here, and not by SQLite, which would search whole tables once per row
    where a reference has no index. It is for transactions of ``Store.maintain``.
    """
    if not rows:
        return 0
    ids = json.dumps(list(rows))
    removed = 0
    for child, column in _referring(tx, table):
        if _referring(tx, child):
            below = [row[0] for row in tx.all(f"SELECT id FROM {child} WHERE {column} IN {_IDS}", (ids,))]
            removed += remove(tx, child, below)
        else:
            removed += tx.execute(f"DELETE FROM {child} WHERE {column} IN {_IDS}", (ids,)).rowcount
    return removed + tx.execute(f"DELETE FROM {table} WHERE id IN {_IDS}", (ids,)).rowcount


def _referring(tx: Transaction, table: str) -> list[Row]:
    """(table, column) of the references to a table whose rows go with the row that they point to."""
    return tx.all(
        'SELECT m.name, f."from" FROM sqlite_master m, pragma_foreign_key_list(m.name) f'
        " WHERE m.type = 'table' AND f.\"table\" = ? AND f.on_delete = 'CASCADE'",
        (table,),
    )


def has_runs_or_models(tx: Transaction, experiment_id: int) -> bool:
    return any(
        tx.one(f"SELECT 1 FROM {table} WHERE experiment_id = ? LIMIT 1", (experiment_id,))
        for table in ("runs", "logged_models")
    )


def remove_unused_datasets(tx: Transaction) -> int:
    sql = "DELETE FROM datasets WHERE NOT EXISTS (SELECT 1 FROM run_datasets WHERE dataset_id = datasets.id)"
    return tx.execute(sql).rowcount


_KEY_USERS = ("metric_summaries", "params", "tags")


def unused_keys(tx: Transaction) -> list[int]:
    """The keys that no run uses: one pass over everything, so it is for a reader's snapshot."""
    users = " UNION ".join(f"SELECT key_id FROM {table}" for table in (*_KEY_USERS, "logged_model_metrics"))
    return [row[0] for row in tx.all(f"SELECT id FROM keys WHERE id NOT IN ({users}) ORDER BY id")]


def remove_unused_keys(tx: Transaction, keys: Sequence[int]) -> int:
    """Remove those of ``keys`` that are still unused; how many. Their numbers are never given again."""
    ids = json.dumps(list(keys))
    by_experiment = " OR ".join(
        f"EXISTS (SELECT 1 FROM experiments e JOIN {table} u ON u.experiment_id = e.id AND u.key_id = keys.id)"
        for table in _KEY_USERS
    )
    return tx.execute(
        f"DELETE FROM keys WHERE id IN {_IDS} AND NOT ({by_experiment})"
        f" AND id NOT IN (SELECT key_id FROM logged_model_metrics WHERE key_id IN {_IDS})",
        (ids, ids),
    ).rowcount
