"""SQL of data sets across experiments: names, versions (one digest each), and what is known of them.

A row of ``datasets`` is one version in one experiment. Shown are those of experiments that are not in the trash and
that whoever asks may read.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence

from solvent.search.sql import Sql
from solvent.store import datasets_details, grants
from solvent.store.datasets_details import Kept
from solvent.store.transaction import Row, Transaction
from solvent.wire.datasets import DatasetVersion, RegisteredDataset

_FROM = "datasets d JOIN experiments e ON e.id = d.experiment_id AND e.deleted = 0"


def names(tx: Transaction, after: str, limit: int) -> list[RegisteredDataset]:
    """Data sets by name, behind ``after``. The digest is that of the row with the largest time, as SQLite has it."""
    may = _readable(tx)
    rows = tx.all(
        f"SELECT d.name, count(DISTINCT d.digest), d.digest, max(d.created) FROM {_FROM}"
        f" WHERE d.name > ? AND {may.text} GROUP BY d.name ORDER BY d.name LIMIT ?",
        (after, *may.args, limit),
    )
    return [
        RegisteredDataset(name=name, versions=versions, digest=digest, last_update_time=created)
        for name, versions, digest, created in rows
    ]


def digests(tx: Transaction, name: str, after: tuple[int, str] | None, limit: int) -> list[tuple[int, str]]:
    """(when first used, digest) of the versions of a data set, newest first, behind ``after``."""
    may = _readable(tx)
    beyond = Sql("HAVING (first, digest) < (?, ?)", after) if after else Sql("")
    return tx.all(
        f"SELECT min(d.created) AS first, d.digest FROM {_FROM} WHERE d.name = ? AND {may.text}"
        f" GROUP BY d.digest {beyond.text} ORDER BY first DESC, d.digest DESC LIMIT ?",
        (name, *may.args, *beyond.args, limit),
    )


def beginning(tx: Transaction, name: str, prefix: str, limit: int) -> list[str]:
    """The digests of a data set that begin so."""
    may = _readable(tx)
    rows = tx.all(
        f"SELECT DISTINCT d.digest FROM {_FROM} WHERE d.name = ? AND substr(d.digest, 1, ?) = ? AND {may.text}"
        " ORDER BY d.digest LIMIT ?",
        (name, len(prefix), prefix, *may.args, limit),
    )
    return [digest for (digest,) in rows]


def row_ids(tx: Transaction, name: str, digest: str) -> list[int]:
    """The rows of one version, oldest first."""
    may = _readable(tx)
    sql = f"SELECT d.id FROM {_FROM} WHERE d.name = ? AND d.digest = ? AND {may.text} ORDER BY d.id"
    return [row_id for (row_id,) in tx.all(sql, (name, digest, *may.args))]


def load(tx: Transaction, name: str, digests: Sequence[str], *, with_details: bool = False) -> list[DatasetVersion]:
    """The versions of these digests, in this order; those that are not there are left out."""
    may = _readable(tx)
    details = "d.details" if with_details else "NULL"
    rows = tx.all(
        "SELECT d.digest, d.id, d.experiment_id, d.created, d.contract, d.source_type, d.source, d.schema, d.profile,"
        f" {details} FROM {_FROM} WHERE d.name = ? AND d.digest IN (SELECT value FROM json_each(?)) AND {may.text}"
        " ORDER BY d.id",
        (name, json.dumps(list(digests)), *may.args),
    )
    runs = _runs(tx, [row[1] for row in rows])
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row[1:])
    return [_version(name, digest, found[digest], runs) for digest in digests if digest in found]


def _version(name: str, digest: str, rows: Sequence[Row], runs: Counter[int]) -> DatasetVersion:
    """One version from its rows in several experiments: the newest one counts where they differ."""
    ids, experiments, created, contracts, types, sources, schemas, profiles, details = zip(*rows, strict=True)
    kept = Kept(_last(profiles), _last(details))
    return DatasetVersion(
        name=name,
        digest=digest,
        source_type=types[-1],
        source=sources[-1],
        schema=_last(schemas),
        profile=datasets_details.join(kept),
        contract=_last(contracts),
        creation_time=min(created),
        experiment_ids=[str(experiment) for experiment in experiments],
        runs=sum(runs[row_id] for row_id in ids),
    )


def _last(values: Sequence[str | None]) -> str | None:
    return next((value for value in reversed(values) if value is not None), None)


def _runs(tx: Transaction, row_ids: Sequence[int]) -> Counter[int]:
    """How many runs that are not in the trash used each row."""
    rows = tx.all(
        "SELECT i.dataset_id, count(DISTINCT i.run_id) FROM run_datasets i JOIN runs r ON r.id = i.run_id"
        " WHERE i.dataset_id IN (SELECT value FROM json_each(?)) AND r.deleted = 0 GROUP BY i.dataset_id",
        (json.dumps(row_ids),),
    )
    return Counter(dict(rows))


def _readable(tx: Transaction) -> Sql:
    return grants.readable(tx, "experiment", "d.experiment_id")
