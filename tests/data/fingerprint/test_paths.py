"""Fingerprints of files and folders: what counts, what is read again, and what is refused."""

from __future__ import annotations

import hashlib
import itertools
import mmap
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from solvent.data.errors import UnreadableData
from solvent.data.fingerprint import content
from solvent.data.fingerprint.paths import of_path

OLD = time.time_ns() - 3_600_000_000_000
COMMAND = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "b").mkdir(parents=True)
    (data / "a.csv").write_text("1\n")
    (data / "b" / "ü c.csv").write_text("2\n")
    (data / "b" / "line\nand\\slash").write_text("3\n")
    (data / "b.csv").write_text("")
    return data


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from here on; ones that were just written count as settled."""
    read: list[str] = []
    real = content.read

    def noted(path: Path, shown: str) -> content.Content:
        read.append(path.name)
        return real(path, shown)._replace(began=time.time_ns() + 10 * content.RACY)

    monkeypatch.setattr(content, "read", noted)
    return read


def test_a_file_is_its_sha256(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 3_000_000)
    found = of_path(tmp_path / "a.csv")
    assert (found.kind, found.size, found.files) == ("file", 3_000_000, 1)
    assert found.digest == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert found.short == found.digest[:32]


def test_a_folder_is_what_sha256sum_says(folder: Path) -> None:
    said = subprocess.run(COMMAND, shell=True, cwd=folder, capture_output=True, text=True, check=True).stdout
    found = of_path(folder)
    assert found.digest == said.split()[0]
    assert (found.kind, found.size, found.files) == ("folder", 6, 4)


def test_a_folder_is_known_by_names_and_content_alone(folder: Path, tmp_path: Path) -> None:
    before = of_path(folder).digest
    copy = tmp_path / "copy"
    for file in sorted(folder.rglob("*"), reverse=True):  # another order of making them
        if file.is_file():
            (copy / file.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (copy / file.relative_to(folder)).write_bytes(file.read_bytes())
    (copy / "empty").mkdir()
    assert of_path(copy).digest == before
    (copy / "a.csv").rename(copy / "z.csv")
    assert of_path(copy).digest != before


def test_what_has_not_changed_is_not_read_again(folder: Path, reads: list[str]) -> None:
    before = of_path(folder)
    assert len(reads) == 4
    reads.clear()
    assert of_path(folder) == before
    assert reads == []
    (folder / "a.csv").write_text("9\n")
    (folder / "new").write_text("4")
    (folder / "b.csv").unlink()
    after = of_path(folder)
    assert sorted(reads) == ["a.csv", "new"]
    assert after.digest != before.digest


def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path, reads: list[str]) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    os.utime(file, ns=(OLD, OLD))
    before = of_path(file)
    file.write_text("2")
    os.utime(file, ns=(OLD, OLD))
    assert of_path(file) != before
    assert reads == ["a.csv", "a.csv"]


def test_a_file_that_was_just_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    just_now = content.read(file, "a")
    assert not just_now.settled
    assert just_now._replace(began=just_now.began + 2 * content.RACY).settled
    future = time.time_ns() + 3_600_000_000_000
    os.utime(file, ns=(future, future))
    assert not content.read(file, "a").settled


@pytest.mark.parametrize("damage", [b"", b"x", b"\x00" * 100])
def test_a_damaged_cache_is_passed_over(tmp_path: Path, cache: Path, reads: list[str], damage: bytes) -> None:
    (tmp_path / "a.csv").write_text("1")
    before = of_path(tmp_path / "a.csv")
    (kept,) = (cache / "fingerprints").iterdir()
    kept.write_bytes(damage)
    assert of_path(tmp_path / "a.csv") == before
    assert len(reads) == 2


def test_a_cache_that_can_not_be_written_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("1")
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "file"))
    assert of_path(tmp_path / "file").size == 1


def test_old_entries_are_forgotten(tmp_path: Path, cache: Path, reads: list[str]) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        of_path(tmp_path / name)
        for kept in (cache / "fingerprints").iterdir():
            os.utime(kept, (1, 1))
    (tmp_path / "c").write_text("c")
    of_path(tmp_path / "c")
    assert len(list((cache / "fingerprints").iterdir())) == 1


def test_links_count_by_where_they_lead(folder: Path) -> None:
    before = of_path(folder).digest
    (folder / "link").symlink_to("a.csv")
    (folder / "to b").symlink_to("b")
    (folder / "b" / "up").symlink_to("..")  # a circle
    linked = of_path(folder)
    assert linked.digest != before
    assert linked.files == 5
    (folder / "to b").unlink()
    (folder / "to b").symlink_to(".")
    assert of_path(folder).digest != linked.digest


def _outside(folder: Path) -> None:
    (folder.parent / "secret").write_text("s")
    (folder / "link").symlink_to("../secret")


def _round_about(folder: Path) -> None:
    (folder.parent / "data2").mkdir()
    (folder / "link").symlink_to(folder.parent / "data2")


def _broken(folder: Path) -> None:
    (folder / "link").symlink_to("nowhere")


def _circle(folder: Path) -> None:
    (folder / "link").symlink_to("link")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_outside, "'.*link' leads out of the folder, to '.*secret'"),
        (_round_about, "leads out of the folder"),
        (_broken, "leads nowhere"),
        (_circle, "leads nowhere"),
        (_pipe, "neither a file nor a folder"),
    ],
)
def test_what_is_no_data_of_the_folder_is_refused(folder: Path, spoil: Callable[[Path], None], message: str) -> None:
    spoil(folder)
    with pytest.raises(UnreadableData, match=message):
        of_path(folder)


def test_nothing_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "empty" / "more").mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe")
    for path, message in (("empty", "holds no files"), ("missing", "can't be read"), ("pipe", "neither a file")):
        with pytest.raises(UnreadableData, match=message):
            of_path(tmp_path / path)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    real = hashlib.file_digest

    def growing(*args: object) -> object:
        with file.open("a") as more:
            more.write("2")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "file_digest", growing)
    with pytest.raises(UnreadableData, match="was written to while it was read"):
        of_path(file)


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is written again right after it was written, while it is read."""
    file = tmp_path / "a.csv"
    real = hashlib.file_digest

    def meddled(*args: object) -> object:
        found = real(*args)  # type: ignore[arg-type]
        file.write_text("2")
        return found

    monkeypatch.setattr(hashlib, "file_digest", meddled)
    for _ in range(20):
        file.write_text("1")
        with pytest.raises(UnreadableData, match="was written to while it was read"):
            of_path(file)


def test_a_change_whose_time_is_set_back_while_the_file_is_read_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    os.utime(file, ns=(OLD, OLD))
    real = hashlib.file_digest
    changes = ["2", "3"]

    def meddled(*args: object) -> object:
        found = real(*args)  # type: ignore[arg-type]
        if changes:
            file.write_text(changes.pop(0))
            os.utime(file, ns=(OLD, OLD))
        return found

    monkeypatch.setattr(hashlib, "file_digest", meddled)
    assert of_path(file).digest == hashlib.sha256(b"3").hexdigest()
    changes += list("45678")
    with pytest.raises(UnreadableData, match="was written to while it was read"):
        of_path(file)


def test_what_is_written_through_memory_is_seen(tmp_path: Path) -> None:
    """Only the first write to a page that waits to be written out has a time."""
    file = tmp_path / "a.bin"
    file.write_bytes(b"0" * 4096)
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 4096) as memory:
        memory[0:1] = b"1"
        time.sleep(0.05)
        digests = {of_path(file).digest}
        for number in b"23456":
            memory[0] = number
            digests.add(of_path(file).digest)
    assert len(digests) == 6


def test_digests_are_never_stale_whoever_writes_at_the_same_time(tmp_path: Path) -> None:
    """Contents of one size, written without a pause; each fingerprint is that of what lay there at some moment of it."""
    file, over = tmp_path / "a.csv", threading.Event()
    contents = [bytes([65 + number]) * 50_000 for number in range(8)]
    file.write_bytes(contents[0])

    def write() -> None:
        draft = tmp_path / "draft"
        for number in itertools.cycle(range(8)):
            if over.is_set():
                return
            draft.write_bytes(contents[number])
            draft.replace(file)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(30):
            try:
                found = of_path(file)
            except UnreadableData:
                continue
            assert found.digest in {hashlib.sha256(content).hexdigest() for content in contents}
    finally:
        over.set()
        writer.join()
    assert of_path(file).digest == hashlib.sha256(file.read_bytes()).hexdigest()


def test_progress_is_told(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    of_path(folder, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (6, 6)
