"""Declared features are recorded with runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import solvent
from solvent.client.process.session import session
from solvent.data.features.registered import registry
from tests.client.conftest import Script


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    registry.clear()
    yield
    registry.clear()


def recorded(run_id: str) -> list[dict[str, Any]]:
    path = solvent.Client().download_artifacts(run_id, "solvent/features.json")
    found: list[dict[str, Any]] = json.loads(Path(path).read_text())["features"]
    return found


def test_features_of_before_and_during_a_run_are_recorded(home: Path) -> None:
    @solvent.feature(owner="risk", inputs=["debt", "income"])
    def ratio() -> None:
        """Debt per income."""

    with solvent.start_run() as run:

        @solvent.feature
        def young() -> None:
            """Below 25."""

    session.flush()
    ratio_, young_ = recorded(run.info.run_id)
    assert (ratio_["name"], ratio_["owner"], ratio_["inputs"]) == ("ratio", "risk", ["debt", "income"])
    assert ratio_["source"].lstrip().startswith("@solvent.feature(owner=")
    assert (young_["name"], len(young_["version"])) == ("young", 16)
    assert len(solvent.get_run(run.info.run_id).data.tags["solvent.features"]) == 16


def test_nothing_is_recorded_of_none(home: Path) -> None:
    with solvent.start_run() as run:
        pass
    session.flush()
    assert "solvent.features" not in solvent.get_run(run.info.run_id).data.tags
    assert solvent.Client().list_artifacts(run.info.run_id) == []


def test_a_run_that_another_process_opened_gets_them_too(home: Path, script: Script) -> None:
    opened = solvent.Client().create_run("0")
    code = "import solvent\n@solvent.feature\ndef f(): ...\nsolvent.log_metric('m', 1)"
    script(code, MLFLOW_RUN_ID=opened.info.run_id)
    assert [each["name"] for each in recorded(opened.info.run_id)] == ["f"]


def test_a_feature_that_is_declared_later_is_there_when_the_process_is_killed(
    home: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import os, time
import solvent
from solvent.client.process import background
background.SAMPLE_SECONDS = 0.1
run = solvent.start_run()
solvent.log_metric('m', 1)
time.sleep(1)
@solvent.feature
def late(): ...
time.sleep(1)
os.kill(os.getpid(), 9)
"""
    done = script(code, check=False)
    assert done.returncode == -9
    script("import solvent.client.spool.sync as s; from solvent.settings import home; s.sync(home())")
    (run,) = solvent.search_runs(output_format="list")
    assert [each["name"] for each in recorded(run.info.run_id)] == ["late"]


def test_a_failure_is_not_that_of_the_run(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no way")

    monkeypatch.setattr("solvent.data.features.record.document_of", broken)
    solvent.feature(name="f")(lambda: 1)
    with solvent.start_run() as run:
        pass
    session.flush()
    assert solvent.get_run(run.info.run_id).info.status == "FINISHED"
    assert "recording the declared features failed, the run goes on: no way" in capsys.readouterr().err


def test_a_feature_of_a_notebook_is_recorded_with_what_its_cells_say(
    home: Path, tmp_path: Path, script: Script
) -> None:
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import solvent\\nLIMIT = LIMITS", store_history=True)
shell.run_cell("%time LIMIT = 25", store_history=True)
shell.run_cell("run = solvent.start_run()", store_history=True)
shell.run_cell("@solvent.feature\\ndef young(age):\\n    return age < 20", store_history=True)
shell.run_cell("@solvent.feature\\ndef young(age):\\n    return age < LIMIT", store_history=True)
shell.run_cell("solvent.end_run()", store_history=True)
"""
    script(code, IPYTHONDIR=str(tmp_path / "ipython"))
    (run,) = solvent.search_runs(output_format="list")
    (young,) = recorded(run.info.run_id)
    assert young["source"] == "@solvent.feature\ndef young(age):\n    return age < LIMIT\n"
    assert len(young["version"]) == 16
