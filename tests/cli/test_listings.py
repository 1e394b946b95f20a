"""Listings: tables and JSON, empty ones, and what changes what they show."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, LogBatch, Param, UpdateRun
from tests.cli.conftest import Solvent


def make_run(work: Path, alpha: str, auc: float, name: str) -> str:
    """A finished run of experiment 1."""
    backend = open_embedded(str(work / ".solvent"))
    try:
        request = CreateRun(experiment_id="1", run_name=name, start_time=1_700_000_000_000)
        run_id = backend.call(request).run.info.run_id
        metrics = [Metric(key="auc", value=auc, timestamp=1, step=0)]
        params = [Param(key="alpha", value=alpha), Param(key="seed", value="7")]
        tags = [Tag(key="stage", value="trial, 'first'\n\x1b[31m")]
        backend.call(LogBatch(run_id=run_id, metrics=metrics, params=params, tags=tags))
        backend.call(UpdateRun(run_id=run_id, status="FINISHED", end_time=1_700_000_065_000))
    finally:
        backend.close()
    return run_id


@pytest.fixture
def runs(solvent: Solvent, work: Path) -> list[str]:
    """Two runs in experiment 1, 'trials'."""
    solvent("experiments", "create", "-n", "trials")
    return [make_run(work, "0.1", 0.5, "first"), make_run(work, "0.2", float("nan"), "second")]


def test_experiments_are_listed(solvent: Solvent) -> None:
    for name in ("b", "a"):
        solvent("experiments", "create", "-n", name)
    lines = solvent("experiments", "search").stdout.splitlines()
    assert [line.split()[:2] for line in lines[2:]] == [["0", "Default"], ["1", "b"], ["2", "a"]]
    found = json.loads(solvent("experiments", "search", "--json", "--filter", "name = 'a'").stdout)
    assert [(one["experiment_id"], one["name"]) for one in found] == [("2", "a")]
    assert len(json.loads(solvent("experiments", "search", "--json", "--max-results", "1").stdout)) == 1
    assert solvent("experiments", "search", "--view", "some").returncode == 2


def test_an_experiment_is_renamed_deleted_and_restored(solvent: Solvent) -> None:
    solvent("experiments", "create", "-n", "a")
    answer = solvent("experiments", "rename", "--experiment-id", "1", "--new-name", "b")
    assert answer.stdout == "Experiment with id 1 has been renamed to 'b'.\n"
    assert solvent("experiments", "delete", "-x", "1").stdout == "Experiment with ID 1 has been deleted.\n"
    deleted = solvent("experiments", "search", "--view", "deleted_only", "--json").stdout
    assert [one["name"] for one in json.loads(deleted)] == ["b"]
    assert solvent("experiments", "restore", "-x", "1").stdout == "Experiment with id 1 has been restored.\n"
    shown = solvent("experiments", "get", "-n", "b").stdout
    assert "Lifecycle Stage    : active\n" in shown
    assert json.loads(solvent("experiments", "get", "-x", "1", "--output", "json").stdout)["name"] == "b"


def test_what_is_not_there_is_named(solvent: Solvent) -> None:
    for arguments in (
        ["experiments", "get", "-x", "99"],
        ["experiments", "delete", "-x", "99"],
        ["runs", "describe", "--run-id", "ab" * 16],
        ["runs", "list", "-n", "zzz"],
        ["runs", "list", "-x", "name"],
        ["artifacts", "list", "-r", "ab" * 16],
        ["experiments", "csv", "-x", "99"],
    ):
        answer = solvent(*arguments)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert answer.stderr.startswith("Error: ")
        assert answer.stderr.count("\n") == 1


def test_runs_are_listed_newest_first(solvent: Solvent, runs: list[str]) -> None:
    answer = solvent("runs", "list", "--experiment-id", "1")
    assert answer.stdout.splitlines()[0].split() == ["Date", "Name", "ID", "Status", "Duration"]
    assert {line.split()[3] for line in answer.stdout.splitlines()[2:]} == set(runs)
    assert "1m05s" in answer.stdout
    filtered = solvent("runs", "list", "-n", "trials", "--filter", "params.alpha = '0.1'", "--json")
    assert [run["info"]["run_id"] for run in json.loads(filtered.stdout)] == runs[:1]
    wrong = solvent("runs", "list", "-n", "trials", "--filter", "params.alpha ==== 1")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("Error: ")


def test_a_run_is_described_as_mlflow_does(solvent: Solvent, runs: list[str]) -> None:
    described = json.loads(solvent("runs", "describe", "--run-id", runs[0]).stdout)
    assert described["data"]["params"] == {"alpha": "0.1", "seed": "7"}
    assert described["data"]["metrics"] == {"auc": 0.5}
    assert described["info"]["status"] == "FINISHED"


def test_runs_are_deleted_and_restored(solvent: Solvent, runs: list[str]) -> None:
    assert solvent("runs", "delete", "--run-id", runs[0]).stdout == f"Run with ID {runs[0]} has been deleted.\n"
    assert runs[0] not in solvent("runs", "list", "-x", "1").stdout
    assert runs[0] in solvent("runs", "list", "-x", "1", "-v", "deleted_only").stdout
    assert solvent("runs", "restore", "--run-id", runs[0]).stdout == f"Run with id {runs[0]} has been restored.\n"


def test_differences_come_first(solvent: Solvent, runs: list[str]) -> None:
    answer = solvent("runs", "compare", *runs)
    lines = answer.stdout.splitlines()
    assert lines[0].split() == ["first", "second"]
    assert ["param", "alpha", "0.1", "0.2"] in [line.split() for line in lines]
    assert ["metric", "auc", "0.5", "NaN"] in [line.split() for line in lines]
    assert "seed" not in answer.stdout
    assert "more are equal in all runs, or were measured of the machine (--all shows them)" in answer.stderr
    assert "seed" in solvent("runs", "compare", "--experiment-name", "trials", "--all").stdout
    rows = json.loads(solvent("runs", "compare", *runs, "--json").stdout)["params"]
    assert [row["values"] for row in rows if row["key"] == "alpha"] == [["0.1", "0.2"]]
    assert solvent("runs", "compare", *runs * 11).returncode == 2
    assert runs[0] in answer.stdout  # whole, so that other commands take it


def test_without_a_name_it_is_the_experiment_of_unnamed_runs(solvent: Solvent, runs: list[str]) -> None:
    assert "No runs to compare" in solvent("runs", "compare").stderr
    assert json.loads(solvent("runs", "list", "--json").stdout) == []


def test_an_unknown_experiment_is_said_to_be_unknown(solvent: Solvent) -> None:
    answer = solvent("runs", "list", "-x", "99")
    assert (answer.returncode, answer.stderr) == (1, "Error: No Experiment with id=99 exists\n")


def test_a_filter_error_points_at_the_character(solvent: Solvent, runs: list[str]) -> None:
    answer = solvent("runs", "list", "-n", "trials", "--filter", "metrics.auc >")
    _, text, caret = answer.stderr.rstrip("\n").split("\n")
    assert text.rstrip() == "  metrics.auc >"
    assert caret.index("^") == len(text)


def test_values_can_not_steer_the_terminal(solvent: Solvent, runs: list[str]) -> None:
    shown = solvent("runs", "compare", *runs, "--all").stdout
    assert "\x1b" not in shown
    assert "\\x1b[31m" in shown


def test_all_runs_become_rows_of_csv(solvent: Solvent, runs: list[str], work: Path) -> None:
    answer = solvent("experiments", "csv", "-x", "1", "-o", "runs.csv")
    assert answer.stdout == "Experiment with ID 1 has been exported as a CSV to file: runs.csv.\n"
    rows = list(csv.DictReader(io.StringIO((work / "runs.csv").read_text())))
    assert {row["run_id"]: (row["params.alpha"], row["metrics.auc"]) for row in rows} == {
        runs[0]: ("0.1", "0.5"),
        runs[1]: ("0.2", "NaN"),
    }
    assert rows[0]["tags.stage"] == "trial, 'first'\n\x1b[31m"
    assert rows[0]["start_time"] == "2023-11-14 22:13:20.000+00:00"
    assert solvent("experiments", "csv", "-x", "1").stdout == (work / "runs.csv").read_text()
    failed = solvent("experiments", "csv", "-x", "1", "-o", "no/such/folder.csv")
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1


def test_empty_listings_say_what_to_do_next(solvent: Solvent, runs: list[str]) -> None:
    solvent("experiments", "create", "-n", "empty")
    for arguments, hint in (
        (["runs", "list", "-n", "empty"], "solvent run FOLDER"),
        (["runs", "compare", "-n", "empty"], "solvent run FOLDER"),
        (["experiments", "search", "-v", "deleted_only"], "solvent experiments create"),
        (["artifacts", "list", "-r", runs[0]], "solvent artifacts log"),
    ):
        answer = solvent(*arguments)
        assert (answer.returncode, answer.stdout) == (0, "")
        assert hint in answer.stderr


def test_artifacts_go_in_and_come_out(solvent: Solvent, runs: list[str], work: Path) -> None:
    (work / "model").mkdir()
    (work / "model" / "weights.bin").write_bytes(bytes(range(256)))
    (work / "note.txt").write_text("hello")
    run = runs[0]
    assert solvent("artifacts", "log", "-r", run, "model", "note.txt").returncode == 0
    assert solvent("artifacts", "log-artifact", "-l", "note.txt", "-r", run, "-a", "notes").returncode == 0
    assert solvent("artifacts", "log-artifacts", "-l", "model", "-r", run, "-a", "copy").returncode == 0
    listed = json.loads(solvent("artifacts", "list", "-r", run, "--json").stdout)
    assert [(one["path"], one.get("is_dir", False)) for one in listed] == [
        ("copy", True),
        ("model", True),
        ("note.txt", False),
        ("notes", True),
    ]
    table = solvent("artifacts", "list", "-r", run, "-a", "model").stdout
    assert table.splitlines()[-1].split() == ["model/weights.bin", "256"]
    answer = solvent("artifacts", "download", "-r", run, "-a", "model", "-d", "out")
    assert answer.stdout.strip() == str(work / "out" / "model")
    assert (work / "out" / "model" / "weights.bin").read_bytes() == bytes(range(256))
    everything = Path(solvent("artifacts", "download", "-r", run).stdout.strip())
    assert (everything / "copy" / "weights.bin").is_file()
    one = solvent("artifacts", "download", "-u", f"runs:/{run}/notes/note.txt", "-d", "out")
    assert Path(one.stdout.strip()).read_text() == "hello"


def test_artifacts_that_are_not_there(solvent: Solvent, runs: list[str]) -> None:
    for arguments in (["-a", "nope"], ["-a", "../../solvent.db"], []):
        answer = solvent("artifacts", "download", "-r", runs[0], "-d", "out", *arguments)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert answer.stderr.count("\n") == 1
    assert solvent("artifacts", "download").returncode == 2
    assert solvent("artifacts", "log", "-r", runs[0], "nope.txt").returncode == 2
