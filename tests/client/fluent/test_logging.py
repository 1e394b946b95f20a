"""Logging to the embedded store: what goes in comes out, what can't be kept is refused at once."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

import solvent
from solvent.errors import InvalidInput


def test_a_run_keeps_what_was_logged(home: Path) -> None:
    with solvent.start_run(run_name="first", tags={"team": "a"}, description="**try**") as run:
        solvent.log_param("alpha", 0.5)
        solvent.log_params({"depth": 3, "kind": "tree"})
        solvent.log_metric("loss", 1.5, step=1)
        solvent.log_metric("loss", 0.5, step=2)
        solvent.log_metrics({"accuracy": 0.9, "f1": 0.8}, step=2)
        solvent.set_tag("stage", "try")
        solvent.set_tags({"a": 1, "gone": "x"})
        solvent.delete_tag("gone")
    found = solvent.get_run(run.info.run_id)
    assert (found.info.status, found.info.run_name, found.info.experiment_id) == ("FINISHED", "first", "0")
    assert found.info.end_time is not None
    assert found.data.params == {"alpha": "0.5", "depth": "3", "kind": "tree"}
    assert found.data.metrics == {"loss": 0.5, "accuracy": 0.9, "f1": 0.8}
    expected = {"team": "a", "stage": "try", "a": "1", "mlflow.note.content": "**try**", "mlflow.runName": "first"}
    assert expected.items() <= found.data.tags.items()
    assert "gone" not in found.data.tags
    history = solvent.Client().get_metric_history(run.info.run_id, "loss")
    assert [(point.step, point.value) for point in history] == [(1, 1.5), (2, 0.5)]


def test_a_value_is_kept_to_the_last_digit_and_so_is_what_is_no_number(home: Path) -> None:
    values = [0.1 + 0.2, 1e308, 5e-324, math.inf, -math.inf, math.nan, 7, True]
    with solvent.start_run() as run:
        for step, value in enumerate(values):
            solvent.log_metric("m", value, step=step)
    history = solvent.Client().get_metric_history(run.info.run_id, "m")
    assert [repr(point.value) for point in history] == [repr(float(value)) for value in values]


@pytest.mark.parametrize("value", ["1.0", None, b"1", "loss", [1.0, 2.0], object()])
def test_what_is_no_number_is_refused_at_once(home: Path, value: object) -> None:
    with solvent.start_run(), pytest.raises(InvalidInput, match="metric 'm' must be a number"):
        solvent.log_metric("m", value)


def test_other_bad_input_is_refused_at_once_and_nothing_of_it_is_kept(home: Path) -> None:
    with solvent.start_run() as run:
        with pytest.raises(InvalidInput, match=r"whole number, not 1\.5"):
            solvent.log_metric("m", 1.0, step=1.5)
        with pytest.raises(InvalidInput, match="Invalid metric name"):
            solvent.log_metric("a//b", 1.0)
        with pytest.raises(InvalidInput, match="Invalid metric name"):
            solvent.log_metrics({"good": 1.0, "bad\n": 1.0})
        solvent.log_param("p", 1)
        solvent.log_param("p", "1")
        with pytest.raises(InvalidInput, match="already logged with value='1'"):
            solvent.log_params({"q": 1, "p": 2})
        with pytest.raises(InvalidInput, match="6001 characters"):
            solvent.log_param("long", "x" * 6001)
        with pytest.raises(InvalidInput, match="8001 characters"):
            solvent.set_tags({"short": "x", "long": "x" * 8001})
        with pytest.raises(InvalidInput, match="Invalid artifact path"):
            solvent.log_text("x", "../escape.txt")
    found = solvent.get_run(run.info.run_id)
    assert (found.data.metrics, found.data.params) == ({}, {"p": "1"})
    assert "short" not in found.data.tags


def test_artifacts_of_all_kinds(home: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "deep" / "b.bin").write_bytes(b"\0\1")
    (tmp_path / "a.txt").write_text("a")
    with solvent.start_run() as run:
        solvent.log_artifact(tmp_path / "a.txt")
        solvent.log_artifact(tmp_path / "a.txt", "folder")
        solvent.log_artifacts(tmp_path / "data", "all")
        solvent.log_text("ä", "text.txt")
        solvent.log_dict({"a": [1, 2]}, "d.json")
        solvent.log_dict({"a": [1, 2]}, "d.yaml")
        solvent.log_table({"x": [1, 2], "y": ["a", "b"]}, "t.json")
        solvent.log_table({"x": 3, "z": None}, "t.json")
        with pytest.raises(InvalidInput, match="is not there"):
            solvent.log_artifact(tmp_path / "missing")
    client = solvent.Client()
    names = [(entry.path, entry.is_dir) for entry in client.list_artifacts(run.info.run_id)]
    assert names == [
        ("a.txt", False),
        ("all", True),
        ("d.json", False),
        ("d.yaml", False),
        ("folder", True),
        ("t.json", False),
        ("text.txt", False),
    ]
    copy = Path(client.download_artifacts(run.info.run_id, dst_path=str(tmp_path / "copy")))
    assert (copy / "all" / "deep" / "b.bin").read_bytes() == b"\0\1"
    assert (copy / "text.txt").read_text("utf-8") == "ä"
    assert json.loads((copy / "d.json").read_text()) == {"a": [1, 2]}
    assert (copy / "d.yaml").read_text() == "a:\n- 1\n- 2\n"
    table = json.loads((copy / "t.json").read_text())
    assert table == {"columns": ["x", "y", "z"], "data": [[1, "a", None], [2, "b", None], [3, None, None]]}
    tag = solvent.get_run(run.info.run_id).data.tags["mlflow.loggedArtifacts"]
    assert json.loads(tag) == [{"path": "t.json", "type": "table"}]


def test_inputs_of_runs(home: Path, tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("a,b\n1,2\n")
    with solvent.start_run() as run:
        solvent.log_input(tmp_path / "train.csv", context="training")
    (found,) = solvent.get_run(run.info.run_id).inputs.dataset_inputs
    assert (found.dataset.name, found.dataset.source_type) == ("train.csv", "local")
    assert found.tags == {"mlflow.data.context": "training"}
