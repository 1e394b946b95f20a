"""Power cuts while files are written: an acknowledged upload is there whole, a torn one is not; the spool keeps its word."""

from __future__ import annotations

import io
import json
import os
import random
import threading
from pathlib import Path

import pytest

import solvent.disk as disk_module
from solvent.artifacts import local
from solvent.artifacts.local import LocalArtifacts
from solvent.client.spool.spool import Spool, spool_folder
from tests.faults.power_files import FileDisk
from tests.faults.rounds import ROUNDS, SEED, dice

pytestmark = pytest.mark.faults


def cut(disk: FileDisk, place: Path, throw: random.Random) -> Path:
    disk.cut(place, throw)
    return place


def check_uploads(place: Path, begun: dict[str, bytes], acknowledged: dict[str, bytes]) -> None:
    """``begun`` is what was being sent, by path; an overwritten file may be the new or the old one."""
    files = LocalArtifacts(place)
    for path, content in acknowledged.items():
        assert b"".join(files.read(path)) in (content, begun.get(path, content)), f"{path} was acknowledged"
    listed = [info.path for folder in ("", "a", "a/b", "c") for info in files.list(folder) if not info.is_dir]
    for path in listed:
        assert b"".join(files.read(path)) in (begun.get(path), acknowledged.get(path)), f"{path} is torn"


def test_an_acknowledged_upload_survives_and_a_torn_one_is_not_listed(tmp_path: Path) -> None:
    throw = dice("power cut files")
    for number in range(ROUNDS):
        root = tmp_path / f"{number}"
        root.mkdir()
        disk = FileDisk(root)
        files = LocalArtifacts(root)
        acknowledged: dict[str, bytes] = {}
        places = [f"{folder}{name}" for folder in ("", "a/", "a/b/", "c/") for name in ("x", "y")]
        with disk.watching():
            for count in range(6):
                path, content = throw.choice(places), throw.randbytes(throw.choice([0, 10, 5_000]))
                begun = {path: content}
                upload = files.upload(path)
                upload.write(content)
                check_uploads(cut(disk, tmp_path / f"{number}-{count}-early", throw), begun, acknowledged)
                upload.finish()
                acknowledged[path] = content
                try:
                    check_uploads(cut(disk, tmp_path / f"{number}-{count}", throw), {}, acknowledged)
                except Exception as error:
                    raise AssertionError(f"round {number}, SOLVENT_FAULT_SEED={SEED}: {error!r}") from None


def test_the_same_cuts_catch_an_upload_that_is_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (local, disk_module):
        monkeypatch.setattr(module, "sync_folder", lambda folder: None)
    throw, lost = random.Random(4), 0
    for number in range(20):
        root = tmp_path / f"{number}"
        root.mkdir()
        disk = FileDisk(root)
        with disk.watching():
            LocalArtifacts(root).write("a/x", io.BytesIO(b"content"))
        lost += not (cut(disk, tmp_path / f"{number}-cut", throw) / "a/x").exists()
    assert lost > 5


def test_an_upload_into_a_folder_that_another_one_is_making_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One upload has made the folder, and not synced it yet, when the other one finds it there."""
    root = tmp_path / "root"
    root.mkdir()
    disk = FileDisk(root)
    made, go_on = threading.Event(), threading.Event()
    mkdir, slow = os.mkdir, "slow upload"

    def slow_mkdir(*args: object, **options: object) -> None:
        mkdir(*args, **options)  # type: ignore[arg-type]
        if threading.current_thread().name == slow:
            made.set()
            go_on.wait(60)

    with disk.watching():
        monkeypatch.setattr(os, "mkdir", slow_mkdir)
        files = LocalArtifacts(root)
        first = threading.Thread(target=files.write, args=("new/first", io.BytesIO(b"1")), name=slow)
        first.start()
        assert made.wait(60)
        files.write("new/second", io.BytesIO(b"2"))  # acknowledged
        for number in range(20):
            left = cut(disk, tmp_path / f"cut-{number}", random.Random(number))
            assert b"".join(LocalArtifacts(left).read("new/second")) == b"2"
        go_on.set()
        first.join()


def test_what_the_spool_has_synced_survives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    throw = dice("power cut spool")
    for number in range(ROUNDS):
        root = tmp_path / f"{number}"
        root.mkdir()
        monkeypatch.setenv("SOLVENT_HOME", str(root / "project" / ".solvent"))
        (root / "project").mkdir()
        disk = FileDisk(root)
        with disk.watching():
            spool = Spool(spool_folder(), "http://127.0.0.1:1")
            lines = [json.dumps({"n": n}).encode() + b"\n" for n in range(20)]
            synced = throw.randrange(20)
            for line in lines[: synced + 1]:
                spool.append(line)
            spool.sync()
            for line in lines[synced + 1 :]:
                spool.append(line)
            left = cut(disk, tmp_path / f"{number}-cut", throw)
            spool.close()
        found = left / spool.path.relative_to(root)
        assert found.read_bytes().split(b"\n", 1)[1].startswith(b"".join(lines[: synced + 1])), (number, SEED)
