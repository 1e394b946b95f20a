"""Runs with inputs that an earlier Solvent recorded, after the upgrade: data sets, digests, schemas, profiles and uses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.store.database import APPLICATION_ID, migrations
from solvent.store.store import Store
from solvent.tracking.datasets import get_dataset_version, list_dataset_uses, list_dataset_versions, list_datasets
from solvent.tracking.histories import search_datasets
from solvent.tracking.inputs import log_inputs
from solvent.tracking.runs import get_run
from solvent.tracking.search_runs import search_runs
from solvent.wire.datasets import (
    Dataset,
    DatasetInput,
    GetDatasetVersion,
    ListDatasets,
    ListDatasetUses,
    ListDatasetVersions,
    SearchDatasets,
)
from solvent.wire.runs import GetRun, LogInputs, Run, SearchRuns

SCHEMA = json.dumps({"mlflow_colspec": [{"type": "long", "name": "age", "required": True}]})
PROFILE = json.dumps({"num_rows": 3, "num_elements": 6})
OURS = json.dumps({"num_rows": 3, "solvent": {"version": 1, "rows": 3, "columns": []}})
SHORT, LONG = "7a63c8e8", "7a63c8e8" * 4


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "s.db"
    _version_6(path)
    opened = Store(path)
    yield opened
    opened.close()


def _version_6(path: Path) -> None:
    """Two experiments, three runs and their inputs, as they lie in a database of version 6."""
    connection = sqlite3.connect(path)
    for script in migrations()[:6]:
        connection.executescript(script)
    connection.execute("PRAGMA user_version = 6")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(
        "INSERT INTO experiments (id, name, artifact_location, created, updated) VALUES (7, 'other', 'x', 1, 1)"
    )
    connection.executemany(
        "INSERT INTO runs (id, uuid, experiment_id, name, status, start_time) VALUES (?, ?, ?, ?, 3, ?)",
        [(1, "a" * 32, 0, "first", 100), (2, "b" * 32, 0, "second", 200), (3, "c" * 32, 7, "third", 300)],
    )
    connection.executemany(
        "INSERT INTO datasets (id, experiment_id, name, digest, source_type, source, schema, profile)"
        " VALUES (?, ?, ?, ?, 'local', ?, ?, ?)",
        [
            (1, 0, "people", SHORT, '{"uri": "people.csv"}', SCHEMA, PROFILE),
            (2, 0, "people", LONG, '{"uri": "people.csv"}', None, None),
            (3, 7, "people", SHORT, '{"uri": "copy.csv"}', SCHEMA, OURS),
        ],
    )
    training, testing = (json.dumps({"mlflow.data.context": what}) for what in ("training", "testing"))
    connection.executemany(
        "INSERT INTO run_datasets (run_id, dataset_id, tags) VALUES (?, ?, ?)",
        [(1, 1, training), (1, 1, testing), (2, 1, "{}"), (2, 2, training), (3, 3, training)],
    )
    connection.commit()
    connection.close()


def inputs(run: Run) -> list[tuple[str, str, str | None, str | None, dict[str, str]]]:
    found = run.inputs.dataset_inputs if run.inputs else []
    datasets = [(one.dataset or Dataset(), {tag.key: tag.value for tag in one.tags}) for one in found]
    return [(one.name, one.digest, one.schema, one.profile, tags) for one, tags in datasets]


def test_runs_have_their_inputs(store: Store) -> None:
    first, second, third = (inputs(store.read(get_run, GetRun(run_id=letter * 32)).run) for letter in ("a", "b", "c"))
    context = "mlflow.data.context"
    assert sorted(first, key=str) == [
        ("people", SHORT, SCHEMA, PROFILE, {context: "testing"}),
        ("people", SHORT, SCHEMA, PROFILE, {context: "training"}),
    ]
    assert second == [("people", SHORT, SCHEMA, PROFILE, {}), ("people", LONG, None, None, {context: "training"})]
    assert [(name, digest) for name, digest, *_ in third] == [("people", SHORT)]
    assert json.loads(third[0][3] or "") == json.loads(OURS)
    found = store.read(search_runs, SearchRuns(experiment_ids=["0"], filter=f"dataset.digest = '{LONG}'"))
    assert [run.info.run_name for run in found.runs] == ["second"]


def test_data_sets_are_listed_with_their_versions_profiles_and_uses(store: Store) -> None:
    (people,) = store.read(list_datasets, ListDatasets()).datasets
    assert (people.name, people.versions, people.last_update_time) == ("people", 2, 300)
    versions = store.read(list_dataset_versions, ListDatasetVersions(name="people")).versions
    assert [(one.digest, one.creation_time, one.runs, one.experiment_ids) for one in versions] == [
        (LONG, 200, 1, ["0"]),
        (SHORT, 100, 3, ["0", "7"]),
    ]
    version = store.read(get_dataset_version, GetDatasetVersion(name="people", digest=SHORT)).version
    assert (version.schema, version.source) == (SCHEMA, '{"uri": "copy.csv"}')
    assert json.loads(version.profile or "") == json.loads(OURS)
    uses = store.read(list_dataset_uses, ListDatasetUses(name="people", digest=SHORT)).uses
    assert [(use.run_name, use.contexts) for use in uses] == [
        ("third", ["training"]),
        ("second", []),
        ("first", ["testing", "training"]),
    ]
    summaries = store.read(search_datasets, SearchDatasets(experiment_ids=["0", "7"])).dataset_summaries
    assert len(summaries) == 5


def test_the_same_data_is_the_same_data_set_and_gets_the_profile_that_it_lacked(store: Store) -> None:
    again = Dataset(name="people", digest=LONG, source_type="local", source="x", profile=OURS)
    store.write(log_inputs, LogInputs(run_id="a" * 32, datasets=[DatasetInput(dataset=again)]))
    version = store.read(get_dataset_version, GetDatasetVersion(name="people", digest=LONG)).version
    assert (version.runs, version.creation_time) == (2, 200)
    assert json.loads(version.profile or "")["solvent"] == json.loads(OURS)["solvent"]
    assert store.snapshot(lambda tx: tx.all("PRAGMA integrity_check")) == [("ok",)]
    assert store.snapshot(lambda tx: tx.all("PRAGMA foreign_key_check")) == []
