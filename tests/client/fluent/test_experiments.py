"""Where runs are logged to: the experiment and the tracking URI."""

from __future__ import annotations

from pathlib import Path

import pytest

import solvent
from solvent.errors import InvalidInput


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
