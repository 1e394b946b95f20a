"""Folders that can't be written: real processes without the power to write everywhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.runs import SearchRuns
from tests.client.server import serving
from tests.processes import PLAIN_USER, bare_environment, free_port

COMMAND = ("-c", "from solvent.cli.main import main; main()")
LOG = "import solvent\nsolvent.log_metric('m', 1.5)\n"
LOG_AND_DIE = f"{LOG}import os\nos._exit(0)\n"


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A working folder in which nothing can be made."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def plain(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PLAIN_USER, sys.executable, *command],
        cwd=folder,
        env=bare_environment(SOLVENT_PROVENANCE="false", SOLVENT_SYSTEM_METRICS="false", **variables),
        capture_output=True,
        text=True,
        timeout=120,
    )


def metrics(store: Path) -> list[float]:
    backend = open_embedded(str(store))
    found = backend.call(SearchRuns(experiment_ids=["0"])).runs
    backend.close()
    return [float(point.value or "nan") for run in found for point in run.data.metrics]


def test_a_named_store_takes_the_spool_of_a_read_only_folder(read_only: Path, cache: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    done = plain(read_only, "-c", LOG, SOLVENT_TRACKING_URI=str(store), SOLVENT_CACHE=str(cache))
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f"solvent: {read_only}/.solvent can't be written: what is logged waits for its delivery in {store}/spool"
    ]
    assert metrics(store) == [1.5]
    assert not cache.exists()


def test_the_users_cache_takes_the_spool_for_a_server(read_only: Path, cache: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path / "server", port):
        url = f"http://127.0.0.1:{port}"
        done = plain(read_only, "-c", LOG, SOLVENT_TRACKING_URI=url, SOLVENT_CACHE=str(cache))
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1)
    assert metrics(tmp_path / "server") == [1.5]


def test_sync_in_any_folder_looks_into_the_cache(read_only: Path, cache: Path, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    assert plain(read_only, "-c", LOG_AND_DIE, SOLVENT_TRACKING_URI=url, SOLVENT_CACHE=str(cache)).returncode == 0
    with serving(tmp_path / "server", port):
        done = plain(tmp_path, *COMMAND, "sync", SOLVENT_CACHE=str(cache))
    assert done.returncode == 0, done.stderr
    assert metrics(tmp_path / "server") == [1.5]


def test_the_default_store_in_a_read_only_folder_is_refused_with_one_line(read_only: Path, cache: Path) -> None:
    done = plain(read_only, "-c", LOG, SOLVENT_CACHE=str(cache))
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 1
    last = done.stderr.splitlines()[-1]
    assert f"runs are kept in {read_only}/.solvent by default" in last
    assert "Permission denied" in last
    assert "SOLVENT_TRACKING_URI" in last


def test_a_file_in_the_place_of_the_home_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / ".solvent").write_text("")
    done = plain(tmp_path, "-c", LOG, SOLVENT_CACHE=str(tmp_path / "cache"))
    assert "a file is where a folder is expected" in done.stderr.splitlines()[-1]
    assert done.stderr.count("Traceback") == 1


def test_a_read_only_project_runs(read_only: Path, cache: Path, tmp_path: Path) -> None:
    read_only.chmod(0o755)
    (read_only / "MLproject").write_text('name: p\nentry_points:\n  main:\n    command: "python train.py"\n')
    (read_only / "train.py").write_text(LOG)
    read_only.chmod(0o555)
    variables = {"SOLVENT_TRACKING_URI": str(tmp_path / "store"), "SOLVENT_CACHE": str(cache)}
    done = plain(read_only, *COMMAND, "run", ".", "--env-manager", "local", **variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert metrics(tmp_path / "store") == [1.5]
