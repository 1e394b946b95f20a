"""The cache of loaded models: whole or not there, never a changed file, within its bounds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solvent.client.models import cache as cached
from solvent.client.models.cache_entry import _held, models_folder, remove, use_of
from solvent.client.models.pruning import DRAFT, prune
from solvent.errors import InvalidInput
from solvent.models.errors import ModelFileChanged
from solvent.models.files import digest, hash_folder, sha256
from solvent.wire.model_files import ModelFile

MLMODEL = "flavors:\n  python_function: {loader_module: mlflow.pyfunc.model, python_model: python_model.pkl}\n"


class Source:
    """A folder to fill from, and how often that was done."""

    def __init__(self, folder: Path, content: bytes = b"model") -> None:
        folder.mkdir()
        (folder / "MLmodel").write_text(MLMODEL)
        (folder / "python_model.pkl").write_bytes(content)
        (folder / "more").mkdir()
        (folder / "more" / "table.csv").write_bytes(b"a,b\n")
        self.folder = folder
        self.fills = 0
        self.files: list[ModelFile] = hash_folder(folder)

    def fill(self, target: Path) -> None:
        self.fills += 1
        for file in self.files:
            (target / file.path).parent.mkdir(parents=True, exist_ok=True)
            (target / file.path).write_bytes((self.folder / file.path).read_bytes())

    def obtain(self) -> Path:
        return cached.obtain(self.files, self.fill)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "source")


def rewrite(file: Path, content: bytes) -> None:
    file.chmod(0o644)
    file.write_bytes(content)


def test_it_is_filled_once(source: Source, cache: Path) -> None:
    folder = source.obtain()
    assert folder == cache / digest(source.files)
    assert hash_folder(folder) == source.files
    assert source.obtain() == folder
    assert source.fills == 1


def test_nobody_writes_there(source: Source) -> None:
    folder = source.obtain()
    modes = {path.stat().st_mode & 0o222 for path in (folder, folder / "more", *folder.rglob("*"))}
    assert modes == {0}


@pytest.mark.parametrize("path", ["MLmodel", "python_model.pkl", "more/table.csv"])
def test_a_changed_file_is_never_served(source: Source, path: str) -> None:
    folder = source.obtain()
    rewrite(folder / path, (folder / path).read_bytes()[:-1] + b"X")
    source.obtain()
    assert source.fills == 2
    assert hash_folder(folder) == source.files


def test_a_changed_file_whose_time_was_set_back_is_found(source: Source) -> None:
    folder = source.obtain()
    for path in ("more/table.csv", "python_model.pkl"):
        before = (folder / path).stat()
        rewrite(folder / path, b"x" * before.st_size)
        os.utime(folder / path, ns=(before.st_atime_ns, before.st_mtime_ns))
        source.obtain()
        assert hash_folder(folder) == source.files


def test_what_runs_code_is_hashed_each_time(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = source.obtain()
    hashed: list[str] = []

    def noting(file: Path) -> str:
        hashed.append(file.relative_to(folder).as_posix())
        return sha256(file)

    monkeypatch.setattr("solvent.client.models.cache.sha256", noting)
    source.obtain()
    assert hashed == ["python_model.pkl"]


def test_what_was_touched_is_read_again_and_kept(source: Source) -> None:
    folder = source.obtain()
    (folder / "MLmodel").chmod(0o644)
    os.utime(folder / "MLmodel")
    source.obtain()
    assert source.fills == 1


def test_what_is_missing_or_was_added_makes_it_anew(source: Source) -> None:
    folder = source.obtain()
    for parent in (folder, folder / "more"):
        parent.chmod(0o755)
    (folder / "more" / "table.csv").unlink()
    source.obtain()
    folder.chmod(0o755)
    (folder / "evil.py").write_text("raise SystemExit")
    source.obtain()
    assert source.fills == 3
    assert hash_folder(folder) == source.files


def test_a_link_in_the_place_of_a_file_makes_it_anew(source: Source, tmp_path: Path) -> None:
    folder = source.obtain()
    folder.chmod(0o755)
    (tmp_path / "other").write_bytes(b"model")
    (folder / "python_model.pkl").unlink()
    (folder / "python_model.pkl").symlink_to(tmp_path / "other")
    source.obtain()
    assert source.fills == 2
    assert not (folder / "python_model.pkl").is_symlink()


def test_a_stamp_that_can_not_be_read_makes_it_anew(source: Source) -> None:
    folder = source.obtain()
    folder.with_name(f"{folder.name}.json").write_text("[")
    source.obtain()
    assert source.fills == 2


def test_other_files_than_the_recorded_are_not_kept(source: Source, cache: Path) -> None:
    (source.folder / "python_model.pkl").write_bytes(b"MODEL")
    with pytest.raises(ModelFileChanged, match=r"python_model\.pkl"):
        source.obtain()
    assert [entry.name for entry in cache.iterdir()] == [".locks"]


FILLER = """
import sys, time
from pathlib import Path
from solvent.client.models.cache import obtain
from solvent.models.files import hash_folder
source, log, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
def fill(target):
    target.mkdir(parents=True)
    for file in files:
        (target / file.path).parent.mkdir(exist_ok=True)
        (target / file.path).write_bytes((source / file.path).read_bytes())
        with log.open("a") as out:
            out.write("file\\n")
        time.sleep(pause)
files = hash_folder(source)
print(obtain(files, fill))
"""


def begin(source: Source, log: Path, pause: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", FILLER, str(source.folder), str(log), str(pause)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_fill_it_once(source: Source, tmp_path: Path) -> None:
    log = tmp_path / "log"
    processes = [begin(source, log, 0.2) for _ in range(3)]
    folders = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert len(folders) == 1
    assert log.read_text().count("file") == len(source.files)
    assert hash_folder(Path(folders.pop())) == source.files


def test_a_process_that_is_killed_while_it_fills(source: Source, tmp_path: Path, cache: Path) -> None:
    log = tmp_path / "log"
    process = begin(source, log, 60.0)
    deadline = time.monotonic() + 30
    while not log.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (cache / digest(source.files)).exists()
    folder = source.obtain()
    assert hash_folder(folder) == source.files
    assert not [entry for entry in cache.iterdir() if entry.name.startswith(f".{folder.name}")]


def forget(source: Source) -> None:
    """As if the process that has loaded it had ended."""
    os.close(_held.pop(use_of(models_folder(), digest(source.files))))


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, cache: Path) -> None:
    sources = [Source(tmp_path / str(number), b"x" * 1000 + bytes([number])) for number in range(3)]
    folders = [source.obtain() for source in sources]
    for age, (source, folder) in enumerate(zip(sources, folders, strict=True)):
        forget(source)
        os.utime(folder.with_name(f"{folder.name}.json"), (1000 + age, 1000 + age))
    sources[0].obtain()
    forget(sources[0])
    size = sum(file.size for file in sources[0].files)
    assert prune(cache, 2 * size) == size
    assert [folder.exists() for folder in folders] == [True, False, True]
    assert prune(cache, 0) == 2 * size
    assert [entry.name for entry in cache.iterdir()] == [".locks"]


def test_what_is_in_use_stays(source: Source, cache: Path) -> None:
    folder = source.obtain()
    assert prune(cache, 0) == 0
    code = (
        "from solvent.client.models.pruning import prune\n"
        "from solvent.client.models.cache_entry import models_folder\n"
        "print(prune(models_folder(), 0))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == "0"
    assert folder.exists()


def test_the_setting_bounds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Source(tmp_path / "1", b"1"), Source(tmp_path / "2", b"2")
    folder = first.obtain()
    forget(first)
    monkeypatch.setenv("SOLVENT_MODELS_CACHE_BYTES", "10")
    assert second.obtain().exists()
    assert not folder.exists()
    monkeypatch.setenv("SOLVENT_MODELS_CACHE_BYTES", "10 GB")
    with pytest.raises(InvalidInput, match="expected a number of bytes"):
        first.obtain()


def test_what_broken_off_downloads_left_goes_after_a_day(source: Source, cache: Path) -> None:
    source.obtain()
    old, new = cache / f"{DRAFT}old", cache / f"{DRAFT}new"
    for left in (old, new):
        left.mkdir()
    os.utime(old, (1000, 1000))
    prune(models_folder())
    assert (old.exists(), new.exists()) == (False, True)
    remove(new)
