"""``solvent datasets``, as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.cli import datasets
from solvent.wire.datasets import Dataset, DatasetInput, DatasetVersion
from solvent.wire.experiments import Tag
from solvent.wire.runs import CreateRun, LogInputs
from tests.cli.conftest import Solvent


def log(work: Path, digest: str, columns: dict[str, str], rows: int) -> str:
    """A run that read a version of the data set 'train'."""
    backend = open_embedded(str(work / ".solvent"))
    try:
        run_id = backend.call(CreateRun(experiment_id="0", run_name=f"run of {digest}", start_time=1)).run.info.run_id
        schema = json.dumps({"mlflow_colspec": [{"name": name, "type": kind} for name, kind in columns.items()]})
        profile = json.dumps({"num_rows": rows, "solvent": {"version": 1}})
        data = Dataset(name="train", digest=digest, source_type="local", source="x\x1b", schema=schema, profile=profile)
        given = DatasetInput(dataset=data, tags=[Tag(key="mlflow.data.context", value="training")])
        backend.call(LogInputs(run_id=run_id, datasets=[given]))
    finally:
        backend.close()
    return run_id


@pytest.fixture
def runs(work: Path) -> list[str]:
    return [log(work, "aaaa", {"age": "long", "city": "string"}, 10), log(work, "bbbb", {"age": "double"}, 12_000)]


def test_data_sets_are_listed(solvent: Solvent, runs: list[str]) -> None:
    lines = solvent("datasets", "list").stdout.splitlines()
    assert lines[0].split() == ["Name", "Versions", "Newest", "Since"]
    assert lines[2].split()[:3] == ["train", "2", "bbbb"]
    (one,) = json.loads(solvent("datasets", "list", "--json").stdout)
    assert (one["name"], one["versions"]) == ("train", 2)


def test_the_history_names_what_changed(solvent: Solvent, runs: list[str]) -> None:
    header, _, newest, oldest = solvent("datasets", "history", "train").stdout.splitlines()
    assert header.split() == ["Digest", "Since", "Rows", "Runs", "Contract", "Columns"]
    assert newest.split()[0] == "bbbb"
    assert " 12,000 " in newest
    assert newest.endswith("-city, age: long -> double")
    assert oldest.split()[0] == "aaaa"
    found = json.loads(solvent("datasets", "history", "train", "--json").stdout)
    assert [(one["digest"], one["runs"]) for one in found] == [("bbbb", 1), ("aaaa", 1)]


def test_one_version_is_shown_with_its_runs(solvent: Solvent, runs: list[str]) -> None:
    shown = solvent("datasets", "show", "train", "-d", "a").stdout
    assert "Digest      : aaaa\n" in shown
    assert "Source      : local x\\x1b\n" in shown
    assert "Columns     : age (long), city (string)\n" in shown
    assert runs[0] in shown
    assert runs[1] not in shown
    assert "training" in shown
    found = json.loads(solvent("datasets", "show", "train", "--json").stdout)
    assert (found["version"]["digest"], found["uses"][0]["run_id"]) == ("bbbb", runs[1])
    assert json.loads(found["version"]["profile"])["solvent"] == {"version": 1}


def test_a_name_that_is_nearly_right_is_named(solvent: Solvent, runs: list[str]) -> None:
    for command in ("show", "history"):
        for name in ("trian", "TRAIN", "rain"):
            assert "did you mean 'train'?" in solvent("datasets", command, name).stderr
    other = solvent("datasets", "show", "train", "-d", "zz").stderr
    assert (
        "no version of 'train' has a digest that begins with 'zz'; the newest is bbbb, and 'solvent datasets" in other
    )


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{}", "code"),
        ('{"uri": "/a b/c.csv"}', "code /a b/c.csv"),
        ('{"path": "imdb", "data_files": null}', "code imdb"),
        ('{"a": 1, "b": [2]}', "code a: 1, b: [2]"),
        (
            '{"tags": {"mlflow.user": "ada", "mlflow.source.name": "a.py"}}',
            "code mlflow.user: ada, mlflow.source.name: a.py",
        ),
        ("s3://bucket/a.csv", "code s3://bucket/a.csv"),
    ],
)
def test_sources_are_shown_without_their_json(source: str, shown: str) -> None:
    assert datasets._source(DatasetVersion(name="a", digest="b", source_type="code", source=source)) == shown


def test_what_is_not_there_is_said_on_one_line(solvent: Solvent) -> None:
    assert "Record one in a run" in solvent("datasets", "list").stderr
    for arguments in (["show", "nope"], ["history", "nope"], ["show", "nope", "-d", "a"]):
        answer = solvent("datasets", *arguments)
        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
        assert "no data set 'nope'" in answer.stderr
