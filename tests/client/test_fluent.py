"""The fluent API on the embedded store: what goes in comes out."""

from __future__ import annotations

import json
import math
import socket
import threading
from pathlib import Path

import pytest

import solvent
from solvent.errors import InvalidInput, NotFound
from tests.client.conftest import Script, spools


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


def test_logging_without_a_run_starts_one(home: Path) -> None:
    solvent.log_metric("m", 1.0)
    run = solvent.active_run()
    assert run is not None
    solvent.end_run()
    assert solvent.active_run() is None
    last = solvent.last_active_run()
    assert last is not None
    assert (last.info.run_id, last.info.status) == (run.info.run_id, "FINISHED")


def test_a_nested_run_knows_its_parent(home: Path) -> None:
    with solvent.start_run() as parent:
        with pytest.raises(InvalidInput, match="already active"):
            solvent.start_run()
        with solvent.start_run(nested=True) as child:
            solvent.log_param("p", 1)
        assert solvent.active_run() is parent
    assert solvent.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    found = solvent.get_parent_run(child.info.run_id)
    assert found is not None
    assert found.info.run_id == parent.info.run_id


@pytest.mark.parametrize(
    ("error", "status"),
    [(ValueError(), "FAILED"), (KeyboardInterrupt(), "KILLED"), (SystemExit(0), "FINISHED"), (SystemExit(1), "FAILED")],
)
def test_a_run_ends_as_its_block_ends(home: Path, error: BaseException, status: str) -> None:
    with pytest.raises(type(error)), solvent.start_run() as run:
        raise error
    assert solvent.get_run(run.info.run_id).info.status == status


def test_a_run_is_taken_up_again(home: Path) -> None:
    with solvent.start_run(run_name="a") as run:
        solvent.log_param("p", 1)
    with solvent.start_run(run_id=run.info.run_id, tags={"again": "yes"}) as again:
        assert solvent.get_run(run.info.run_id).info.status == "RUNNING"
        solvent.log_metric("m", 1.0)
    assert again.info.run_id == run.info.run_id
    found = solvent.get_run(run.info.run_id)
    assert (found.info.status, found.info.run_name, found.data.params) == ("FINISHED", "a", {"p": "1"})
    assert (found.data.metrics, found.data.tags["again"]) == ({"m": 1.0}, "yes")
    with pytest.raises(NotFound):
        solvent.start_run(run_id="0" * 32)
    solvent.delete_run(run.info.run_id)
    with pytest.raises(InvalidInput, match="deleted"):
        solvent.start_run(run_id=run.info.run_id)


def test_a_run_of_the_environment_is_joined_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = solvent.Client().create_run("0", run_name="by the parent")
    monkeypatch.setenv("SOLVENT_RUN_ID", opened.info.run_id)
    monkeypatch.setenv("MLFLOW_RUN_ID", opened.info.run_id)
    with solvent.start_run() as run:
        solvent.log_metric("m", 1.0)
    assert run.info.run_id == opened.info.run_id
    found = solvent.get_run(run.info.run_id)
    assert (found.info.run_name, found.data.metrics) == ("by the parent", {"m": 1.0})
    with solvent.start_run() as other:
        assert other.info.run_id != opened.info.run_id


def test_threads_have_their_own_runs(home: Path) -> None:
    seen: dict[str, str] = {}

    def work(name: str) -> None:
        assert solvent.active_run() is None
        with solvent.start_run(run_name=name) as run:
            for step in range(100):
                solvent.log_metric("m", step, step=step)
            seen[name] = run.info.run_id

    with solvent.start_run():
        threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for run_id in seen.values():
        assert len(solvent.Client().get_metric_history(run_id, "m")) == 100


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


def test_experiments(home: Path) -> None:
    experiment = solvent.set_experiment("mine")
    assert solvent.set_experiment("mine") == experiment
    with solvent.start_run() as run:
        solvent.log_metric("m", 1.0)
    assert run.info.experiment_id == experiment.experiment_id
    assert [found.info.run_id for found in solvent.search_runs(output_format="list")] == [run.info.run_id]
    frame = solvent.search_runs(experiment_names=["mine"])
    assert frame["metrics.m"].tolist() == [1.0]
    assert frame["run_id"].tolist() == [run.info.run_id]
    assert {entry.name for entry in solvent.search_experiments()} == {"mine", "Default"}
    solvent.delete_experiment(experiment.experiment_id)
    with pytest.raises(InvalidInput, match="deleted experiment 'mine'"):
        solvent.set_experiment("mine")


def test_an_experiment_of_the_environment_is_made_on_delivery(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "from outside")
    with solvent.start_run() as run:
        pass
    found = solvent.get_experiment_by_name("from outside")
    assert found is not None
    assert solvent.get_run(run.info.run_id).info.experiment_id == found.experiment_id


def test_the_tracking_uri_is_shown_without_credentials(home: Path) -> None:
    assert solvent.get_tracking_uri() == str(home)
    solvent.set_tracking_uri("https://me:secret@example.org:5000/")
    assert solvent.get_tracking_uri() == "https://example.org:5000"
    with pytest.raises(InvalidInput, match="can't be used"):
        solvent.set_tracking_uri("postgresql://me:secret@host/db")
    solvent.set_tracking_uri("")
    assert solvent.get_tracking_uri() == str(home)


def test_a_delivered_spool_is_gone_when_the_process_ends(home: Path, script: Script) -> None:
    script("import solvent\nfor i in range(1000): solvent.log_metric('m', i, step=i)\nsolvent.log_text('x', 'a.txt')")
    assert spools(home) == []
    (run,) = solvent.search_runs(output_format="list")
    assert run.info.status == "FINISHED"
    assert len(solvent.Client().get_metric_history(run.info.run_id, "m")) == 1000


@pytest.mark.parametrize(
    ("end", "code", "status"),
    [("raise ValueError('no')", 1, "FAILED"), ("raise KeyboardInterrupt", 1, "KILLED"), ("exit(0)", 0, "FINISHED")],
)
def test_a_run_that_is_open_ends_as_the_program_ends(
    home: Path, script: Script, end: str, code: int, status: str
) -> None:
    done = script(f"import solvent\nsolvent.log_metric('m', 1)\n{end}", check=False)
    assert done.returncode == code
    (run,) = solvent.search_runs(output_format="list")
    assert run.info.status == status


def test_a_server_that_never_answers_is_not_waited_for_long(home: Path, script: Script) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code = """
import solvent
from solvent.client import shutdown
shutdown.HANG_SECONDS = 1.0
solvent.log_metric('m', 1)
"""
        done = script(code, SOLVENT_TRACKING_URI=f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert "what was logged for" in done.stderr
    assert [file.suffix for file in spools(home)] == [".jsonl"]


def test_a_forked_child_logs_for_itself(home: Path, script: Script) -> None:
    code = """
import os, solvent
with solvent.start_run(run_name="parent") as run:
    solvent.log_metric("m", 1)
    child = os.fork()
    if child == 0:
        assert solvent.active_run() is None
        solvent.log_metric("from the child", 2, run_id=run.info.run_id)
        with solvent.start_run(run_name="child"):
            solvent.log_metric("m", 3)
        solvent.flush()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    solvent.log_metric("m", 2, step=1)
"""
    script(code)
    runs = {run.info.run_name: run for run in solvent.search_runs(output_format="list")}
    assert runs["parent"].data.metrics == {"m": 2.0, "from the child": 2.0}
    assert runs["parent"].info.status == "FINISHED"
    assert runs["child"].data.metrics == {"m": 3.0}
