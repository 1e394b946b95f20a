"""Zips as strangers make them."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from solvent.projects.errors import InvalidProject
from solvent.projects.source.unpack import unpack


def make(path: Path, *entries: tuple[str, bytes, int]) -> Path:
    """A zip of entries with a name, a content and a file mode."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def unpacked(tmp_path: Path, *entries: tuple[str, bytes, int], **limits: int) -> Path:
    folder = tmp_path / "deep" / "into"
    folder.mkdir(parents=True)
    unpack(make(tmp_path / "a.zip", *entries), folder, **limits)
    return folder


def test_a_name_with_an_end_in_it_is_refused(tmp_path: Path) -> None:
    archive = make(tmp_path / "a.zip", ("one_two", b"x", FILE))
    archive.write_bytes(archive.read_bytes().replace(b"one_two", b"one\0two"))
    (tmp_path / "into").mkdir()
    with pytest.raises(InvalidProject, match="it is not used"):
        unpack(archive, tmp_path / "into")


LINK = stat.S_IFLNK | 0o777
FILE = stat.S_IFREG | 0o644


def test_files_folders_rights_and_links_within(tmp_path: Path) -> None:
    folder = unpacked(
        tmp_path,
        ("a/link", b"../b/file", LINK),
        ("a/", b"", stat.S_IFDIR | 0o755),
        ("b/file", b"hello", FILE),
        ("run.sh", b"#!/bin/sh", stat.S_IFREG | stat.S_ISUID | 0o777),
        ("plain", b"", 0),
    )
    assert (folder / "a" / "link").read_bytes() == b"hello"
    assert (folder / "run.sh").stat().st_mode & 0o7777 == 0o755
    assert (folder / "b" / "file").stat().st_mode & 0o7777 == 0o644
    assert (folder / "plain").is_file()


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a/../../x", "..", "a\\..\\..\\x", "C:/x", "C:\\x", "a\nb", "a\x1b[2Jb"]
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidProject, match=r"a\.zip (holds|can't be unpacked).*it is not used"):
        unpacked(tmp_path, ("first", b"", FILE), (name, b"x", FILE))
    assert not list(tmp_path.rglob("x"))


@pytest.mark.parametrize(
    "entries",
    [
        [("out", b"/etc", LINK)],
        [("out", b"../..", LINK)],
        [("a", b"/tmp", LINK), ("a/b", b"x", LINK)],
        [("a", b"..", LINK), ("a/b", b"x", FILE)],
        [("d/b/c", b"", FILE), ("a", b"d/up/../../x", LINK), ("d/up", b"..", LINK)],
        [("loop", b"loop", LINK), ("out", b"loop/../../..", LINK)],
        [("long", b"a" * 2000, LINK)],
        [("nul", b"a\0b", LINK)],
        [("bytes", b"\xff\xfe", LINK)],
    ],
)
def test_links_that_lead_out_are_refused(tmp_path: Path, entries: list[tuple[str, bytes, int]]) -> None:
    with pytest.raises(InvalidProject, match="it is not used"):
        unpacked(tmp_path, *entries)
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "deep"}


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: int) -> None:
    with pytest.raises(InvalidProject, match="is no file, folder or link"):
        unpacked(tmp_path, ("odd", b"", kind | 0o600))


def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), pytest.raises(InvalidProject, match="twice"):
        unpacked(tmp_path, ("a", b"1", FILE), ("a", b"2", FILE))


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    with pytest.raises(InvalidProject, match="would be 20,000,000 bytes unpacked, at most 10,000,000 are"):
        unpacked(tmp_path, ("big", bytes(20_000_000), FILE), max_bytes=10_000_000)
    assert not list((tmp_path / "deep" / "into").iterdir())


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidProject, match="holds 11 files, at most 10 are unpacked"):
        unpacked(tmp_path, *((str(number), b"", FILE) for number in range(11)), max_files=10)


def test_a_size_that_lies_does_not_help(tmp_path: Path) -> None:
    """The directory says 10 bytes, the content is a million: no more than 10 are ever written."""
    archive = make(tmp_path / "b.zip", ("big", bytes(1_000_000), FILE))
    content = archive.read_bytes().replace(struct.pack("<L", 1_000_000), struct.pack("<L", 10))
    archive.write_bytes(content)
    folder = tmp_path / "into"
    folder.mkdir()
    with pytest.raises(InvalidProject, match="can't be unpacked"):
        unpack(archive, folder, max_bytes=100)
    assert sum(path.stat().st_size for path in folder.rglob("*")) <= 10


def test_a_directory_without_end_is_not_read(tmp_path: Path) -> None:
    archive = make(tmp_path / "c.zip", ("a", b"", FILE))
    content = bytearray(archive.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    padding = bytes(9 * 1024 * 1024)
    struct.pack_into("<L", content, end + 12, len(padding))
    archive.write_bytes(padding + bytes(content[end:]))
    (tmp_path / "into").mkdir()
    with pytest.raises(InvalidProject, match="its directory is larger than"):
        unpack(archive, tmp_path / "into")


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100, b"PK\x05\x06" + bytes(18) + b"x"])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "d.zip").write_bytes(content)
    (tmp_path / "into").mkdir()
    if content.startswith(b"PK\x05\x06"):  # an empty zip with a comment is one
        return unpack(tmp_path / "d.zip", tmp_path / "into")
    with pytest.raises(InvalidProject, match="can't be unpacked"):
        unpack(tmp_path / "d.zip", tmp_path / "into")
    return None


def test_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidProject, match=r"e\.zip is not there"):
        unpack(tmp_path / "e.zip", tmp_path)
