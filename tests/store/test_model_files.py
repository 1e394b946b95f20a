"""What is kept of models' files."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.store import model_files
from solvent.store.model_files import FileRow
from solvent.store.store import Store
from solvent.wire.model_files import ModelFacts

FILES = [FileRow("MLmodel", 3, "aa", 7), FileRow("code/x.py", 5, "bb", None)]
FACTS = ModelFacts(flavors=["sklearn"], unsafe=["model.pkl"], bytes=8)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "solvent.db")


def kept(store: Store, owner: str) -> tuple[list[FileRow], ModelFacts | None]:
    return store.snapshot(lambda tx: (model_files.files(tx, owner), model_files.facts(tx, owner)))


def test_what_is_kept_replaces_what_was(store: Store) -> None:
    store.maintain(lambda tx: model_files.keep(tx, "1/1", [FileRow("old", 1, "cc")], ModelFacts(), 1))
    store.maintain(lambda tx: model_files.keep(tx, "1/1", FILES, FACTS, 2))
    assert kept(store, "1/1") == (FILES, FACTS)
    assert kept(store, "1/2") == ([], None)


def test_only_times_of_the_same_content_are_settled(store: Store) -> None:
    store.maintain(lambda tx: model_files.keep(tx, "1/1", FILES, FACTS, 1))
    settled = [FILES[1]._replace(modified=9), FILES[0]._replace(sha256="other", modified=9)]
    store.maintain(lambda tx: model_files.settle(tx, "1/1", settled))
    assert kept(store, "1/1")[0] == [FILES[0], FILES[1]._replace(modified=9)]


def test_the_versions_of_one_model_are_forgotten_and_no_others(store: Store) -> None:
    owners = ["1/1", "1/12", "11/1", "2/1", "10/1", "m-1"]
    for owner in owners:
        store.maintain(lambda tx, owner=owner: model_files.keep(tx, owner, FILES, FACTS, 1))  # type: ignore[misc]
    store.maintain(lambda tx: model_files.forget_versions(tx, 1))
    assert [owner for owner in owners if kept(store, owner)[1]] == ["11/1", "2/1", "10/1", "m-1"]
    store.maintain(lambda tx: model_files.forget(tx, ["m-1", "2/1"]))
    assert [owner for owner in owners if kept(store, owner)[0]] == ["11/1", "10/1"]
