"""Starting and ending runs: alone, nested, taken up again, of the environment, in threads."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import solvent
from solvent.errors import InvalidInput, NotFound


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


def test_an_active_run_shows_what_it_is(home: Path) -> None:
    with solvent.start_run(run_name="first") as run:
        assert "run_name='first'" in repr(run)
        assert repr(run).startswith("<ActiveRun: ")
