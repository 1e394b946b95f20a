"""A store whose files may be read but not written: the server says so in one line, and serves what it can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3

from solvent.backend.resolve import open_embedded
from solvent.wire.runs import CreateRun
from tests.faults.server import KilledServer
from tests.faults.writers import API, TIME, post
from tests.processes import PLAIN_USER, bare_environment

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs file permissions")]


def set_modes(folder: Path, *, writable: bool) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod((0o755 if writable else 0o555) if path.is_dir() else (0o644 if writable else 0o444))


def test_a_server_refuses_a_store_that_it_may_not_write(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path / "store"))
    backend.call(CreateRun(experiment_id="0"))
    backend.close()
    set_modes(tmp_path / "store", writable=False)
    try:
        command = [*PLAIN_USER, str(Path(sys.executable).with_name("solvent")), "server", "--port", "0"]
        ended = subprocess.run(
            [*command, "--backend-store-uri", str(tmp_path / "store")],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
            env=bare_environment(),
        )
    finally:
        set_modes(tmp_path / "store", writable=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Error: {tmp_path / 'store' / 'solvent.db'} can't be ")
    assert ended.stderr.count("\n") == 1


def test_artifacts_that_may_not_be_written_are_refused_while_the_rest_goes_on(tmp_path: Path) -> None:
    server = KilledServer(tmp_path)
    server.prefix = PLAIN_USER
    server.start()
    http, files = urllib3.PoolManager(retries=False, timeout=60), f"{server.url}{API}-artifacts/artifacts"
    try:
        assert http.request("PUT", f"{files}/a/kept", body=b"kept").status == 200
        set_modes(tmp_path / "artifacts", writable=False)
        for path in ("a/new", "b/new", "a/kept"):
            answer = http.request("PUT", f"{files}/{path}", body=b"new")
            assert answer.status == 503, answer.data
            assert "check the permissions of the artifact folder" in answer.json()["message"]
        assert http.request("DELETE", f"{files}/a/kept").status == 503
        assert http.request("GET", f"{files}/a/kept").data == b"kept"
        post(http, server.url, "runs/create", {"experiment_id": "0", "start_time": TIME})
        set_modes(tmp_path / "artifacts", writable=True)
        assert http.request("PUT", f"{files}/a/new", body=b"new").status == 200
    finally:
        server.kill()
        set_modes(tmp_path / "artifacts", writable=True)
