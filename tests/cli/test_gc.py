"""``solvent gc`` as a process."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import click
import pytest

from solvent.backend.resolve import open_embedded
from solvent.cli.gc import seconds
from solvent.wire.runs import CreateRun, DeleteRun
from tests.cli.conftest import Solvent


def deleted_run(work: Path) -> str:
    backend = open_embedded(str(work / ".solvent"))
    run_id = backend.call(CreateRun(experiment_id="0")).run.info.run_id
    (work / "note.txt").write_text("hello")
    backend.artifacts(f"mlflow-artifacts:/0/{run_id}/artifacts").write_file("note.txt", work / "note.txt")
    backend.call(DeleteRun(run_id=run_id))
    backend.close()
    return run_id


def test_what_would_go_and_what_went(solvent: Solvent, work: Path) -> None:
    run_id = deleted_run(work)
    answer = solvent("gc", "--dry-run")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "Would remove 1 run with 1 files (5 bytes).\n", "")
    answer = solvent("gc", "--older-than", "30d", "--json")
    assert json.loads(answer.stdout)["runs"] == 0
    answer = solvent("gc", "--run-ids", run_id, "--json")
    report = json.loads(answer.stdout)
    assert (report["runs"], report["files"], report["freed_bytes"], report["kept"]) == (1, 1, 5, [])
    assert not (work / ".solvent/artifacts/0" / run_id).exists()
    assert solvent("gc").stdout == "Nothing in the trash to remove.\n"


def test_mlflows_flags_are_taken(solvent: Solvent, work: Path) -> None:
    deleted_run(work)
    store = f"sqlite:///{work}/.solvent/solvent.db"
    answer = solvent("gc", "--backend-store-uri", store, "--artifacts-destination", ".solvent/artifacts", "--jobs")
    assert (answer.returncode, answer.stdout) == (
        0,
        "Removed 1 run with 1 files (5 bytes).\nRemoved 1 names and 0 data sets that nothing used.\n",
    )
    assert answer.stderr == "--jobs changes nothing: a Solvent store has no such thing\n"


def test_wrong_requests_are_one_line(solvent: Solvent) -> None:
    answer = solvent("gc", "--run-ids", "nothing")
    assert (answer.returncode, answer.stderr) == (
        1,
        "Error: Run with id=nothing not found: it may have been removed already\n",
    )
    assert solvent("gc", "--older-than", "yesterday").returncode == 2
    assert solvent("gc", "--run-ids", " , ").returncode == 2


def test_the_cache_is_pruned_without_a_look_at_the_store(solvent: Solvent, work: Path, tmp_path: Path) -> None:
    run_id = deleted_run(work)
    cache = tmp_path / "pruned"
    environment = cache / "environments" / "abc"
    environment.mkdir(parents=True)
    (environment / "module.py").write_text("x" * 1000)
    old = time.time() - 40 * 86_400
    os.utime(environment, (old, old))
    told = "1 environment, not used for 30d (1.0 kB).\n"
    assert (
        solvent("gc", "--cache", "60d", SOLVENT_CACHE=str(cache)).stdout
        == "Nothing in the cache is unused for 60d or longer.\n"
    )
    assert solvent("gc", "--cache", "30d", "--dry-run", SOLVENT_CACHE=str(cache)).stdout == f"Would remove {told}"
    answer = solvent("gc", "--cache", "30d", "--dry-run", "--json", SOLVENT_CACHE=str(cache))
    report = json.loads(answer.stdout)
    assert (report["freed_bytes"], report["removed"][0]["kind"], report["dry_run"]) == (1000, "environment", True)
    assert environment.exists()
    assert solvent("gc", "--cache", "30d", SOLVENT_CACHE=str(cache)).stdout == f"Removed {told}"
    assert not list((cache / "environments").iterdir())
    assert json.loads(solvent("gc", "--run-ids", run_id, "--dry-run", "--json").stdout)["runs"] == 1


def test_the_cache_goes_with_nothing_of_a_store(solvent: Solvent) -> None:
    for others in (["--vacuum"], ["--run-ids", "a"], ["--older-than", "1d"]):
        answer = solvent("gc", "--cache", "30d", *others)
        assert (answer.returncode, "--cache removes nothing from a store" in answer.stderr) == (2, True)
    assert "--cache 'old' is no time span" in solvent("gc", "--cache", "old").stderr


def test_spans_of_time() -> None:
    assert seconds("1d2h3m4s") == 86_400 + 2 * 3_600 + 3 * 60 + 4
    assert seconds("1.2d3h") == pytest.approx(1.2 * 86_400 + 3 * 3_600)
    for wrong in ("", "d", "30", "3s2d", "-1d"):
        with pytest.raises(click.UsageError):
            seconds(wrong)
