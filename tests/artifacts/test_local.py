"""What only a local folder can do wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from solvent.artifacts.local import LocalArtifacts, local_folder
from solvent.errors import InvalidInput


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def test_a_link_that_leads_out_is_neither_read_nor_listed_nor_written_through(root: Path) -> None:
    (root / "file").symlink_to(root.parent / "secret")
    (root / "folder").symlink_to(root.parent)
    (root / "loop").symlink_to(root / "loop")
    store = LocalArtifacts(root)
    for path in ("file", "folder/secret", "loop"):
        with pytest.raises(InvalidInput):
            store.size(path)
    with pytest.raises(InvalidInput):
        store.write("folder/new", io.BytesIO(b"x"))
    with pytest.raises(InvalidInput):
        store.delete("folder/secret")
    assert [info.path for info in store.list("")] == []
    assert (root.parent / "secret").read_text() == "secret"
    assert not (root.parent / "new").exists()


def test_a_link_that_stays_below_the_root_is_followed(root: Path) -> None:
    (root / "real").write_text("content")
    (root / "link").symlink_to(root / "real")
    assert b"".join(LocalArtifacts(root).read("link")) == b"content"


def test_an_unfinished_upload_is_not_there(root: Path) -> None:
    store = LocalArtifacts(root)
    upload = store.upload("a/b")
    upload.write(b"half")
    assert store.list("a") == []
    with pytest.raises(InvalidInput, match="are ours"):
        store.size(next((root / "a").iterdir()).relative_to(root).as_posix())
    upload.abandon()
    assert list((root / "a").iterdir()) == []


def test_an_upload_appears_whole(root: Path) -> None:
    store = LocalArtifacts(root)
    upload = store.upload("a")
    upload.write(b"one")
    upload.write(memoryview(b"two"))
    assert upload.finish() == 6
    upload.abandon()
    assert b"".join(store.read("a")) == b"onetwo"


@pytest.mark.parametrize("uri", ["s3://bucket/x", "file://host/x", "", "http://h/x"])
def test_other_places_are_refused(uri: str) -> None:
    with pytest.raises(InvalidInput, match="can't be reached from here"):
        local_folder(uri)


def test_local_addresses(tmp_path: Path) -> None:
    assert local_folder(f"file://{tmp_path}/a%20b") == tmp_path / "a b"
    assert local_folder(str(tmp_path)) == tmp_path
