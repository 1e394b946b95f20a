"""One suite for all places that keep files: a local folder, and a server's proxy."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvent.artifacts.http import HttpArtifacts
from solvent.artifacts.local import LocalArtifacts
from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.resolve import open_embedded
from solvent.errors import InvalidInput, NotFound
from solvent.http import HttpSession
from solvent.server.loopback import Loopback
from solvent.wire.artifacts import FileInfo

_numbers = itertools.count()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpSession]:
    backend = open_embedded(str(tmp_path_factory.mktemp("files")))
    with Loopback(backend) as loopback:
        session = HttpSession(loopback.url)
        yield session
        session.close()
    backend.close()


@pytest.fixture(params=["local", "http"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStore:
    if request.param == "local":
        return LocalArtifacts(tmp_path / "root")
    return HttpArtifacts(request.getfixturevalue("session"), f"1/run-{next(_numbers)}/artifacts")


def content(store: ArtifactStore, path: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(store.read(path, start, end))


def test_what_is_written_is_read(store: ArtifactStore) -> None:
    assert store.write("model/data ü?.csv", io.BytesIO(b"1,2\n")) == 4
    assert content(store, "model/data ü?.csv") == b"1,2\n"
    assert store.size("model/data ü?.csv") == 4


def test_an_empty_file_is_a_file(store: ArtifactStore) -> None:
    assert store.write("empty", io.BytesIO()) == 0
    assert content(store, "empty") == b""
    assert store.list("") == [FileInfo(path="empty", is_dir=False, file_size=0)]


def test_a_file_is_replaced_whole(store: ArtifactStore) -> None:
    store.write("a", io.BytesIO(b"long content"))
    store.write("a", io.BytesIO(b"short"))
    assert content(store, "a") == b"short"
    assert [info.path for info in store.list("")] == ["a"]


def test_a_listing_is_sorted_and_relative_to_the_root(store: ArtifactStore) -> None:
    for path in ("b.txt", "a/z.txt", "a/y/x.txt"):
        store.write(path, io.BytesIO(b"123"))
    folder, file = FileInfo(path="a", is_dir=True), FileInfo(path="b.txt", is_dir=False, file_size=3)
    assert store.list("") == [folder, file]
    assert [info.path for info in store.list("a/")] == ["a/y", "a/z.txt"]
    assert store.list("nothing") == []
    assert store.list("b.txt") == []


def test_what_is_not_there_is_said(store: ArtifactStore) -> None:
    store.write("folder/file", io.BytesIO(b""))
    for path in ("none", "folder/none", "folder"):
        with pytest.raises(NotFound, match=f"No such artifact: '.*{path.rpartition('/')[2]}'"):
            store.size(path)
        with pytest.raises(NotFound, match="No such artifact"):
            content(store, path)


def test_a_file_and_a_folder_cant_have_one_name(store: ArtifactStore) -> None:
    store.write("a", io.BytesIO(b""))
    store.write("folder/b", io.BytesIO(b""))
    for path in ("a/b", "folder"):
        with pytest.raises(InvalidInput, match="a file and a folder can't have the same name"):
            store.write(path, io.BytesIO(b""))


def test_files_and_folders_are_deleted(store: ArtifactStore) -> None:
    store.write("a", io.BytesIO(b""))
    store.write("folder/b/c", io.BytesIO(b""))
    store.delete("a")
    store.delete("folder")
    store.delete("folder")
    assert store.list("") == []


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/%2e%2e/%2e%2e/b", "a\\b", "a\x00", "C:/x", "", "a#b"])
def test_no_path_leads_out(store: ArtifactStore, path: str) -> None:
    for attempt in (
        lambda: store.write(path, io.BytesIO(b"x")),
        lambda: content(store, path),
        lambda: store.size(path),
        lambda: store.delete(path),
    ):
        with pytest.raises(InvalidInput, match="Invalid path"):
            attempt()


def test_a_local_file_is_copied(store: ArtifactStore, tmp_path: Path) -> None:
    file = tmp_path / "source"
    file.write_bytes(b"x" * 3_000_000)
    assert store.write_file("copy", file) == 3_000_000
    assert content(store, "copy") == file.read_bytes()
    with pytest.raises(InvalidInput, match="can't be read"):
        store.write_file("copy", tmp_path / "none")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, None, "0123456789"), (3, None, "3456789"), (3, 5, "34"), (0, 99, "0123456789"), (10, None, ""), (99, 100, ""), (5, 5, ""), (0, 0, "")],
)  # fmt: skip
def test_a_part_is_read(store: ArtifactStore, start: int, end: int | None, expected: str) -> None:
    store.write("digits", io.BytesIO(b"0123456789"))
    assert content(store, "digits", start, end).decode() == expected


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=st.binary(max_size=300), start=st.integers(0, 310), end=st.integers(0, 310) | st.none())
def test_parts_are_as_slices(store: ArtifactStore, whole: bytes, start: int, end: int | None) -> None:
    store.write("part", io.BytesIO(whole))
    assert content(store, "part", start, end) == whole[start:end]


class _Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the source broke")
        return super().read(10)


def test_a_broken_off_write_leaves_nothing(store: ArtifactStore) -> None:
    with pytest.raises(Exception, match="source broke"):
        store.write("a", _Broken(b"x" * 100))
    assert store.list("") == []
