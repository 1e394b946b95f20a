"""What is captured and sampled beside a run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

import solvent
from solvent.client.process import background
from solvent.client.process.system_metrics import Sampler, parse_cards
from tests.client.conftest import Script


@pytest.fixture
def capturing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOLVENT_PROVENANCE")


@pytest.mark.usefixtures("capturing")
def test_a_short_script_is_captured_too(home: Path, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import solvent\nsolvent.log_metric('m', 1)\n")
    subprocess.run([sys.executable, "train.py", "--token", "abc"], check=True, timeout=60)
    (run,) = solvent.search_runs(output_format="list")
    assert run.data.tags["solvent.code"] == "unversioned"
    assert run.data.tags["mlflow.source.name"].endswith("train.py")
    assert "abc" not in run.data.tags["solvent.command"]
    files = {file.path for file in solvent.Client().list_artifacts(run.info.run_id, "solvent")}
    names = ("environment.lock", "packages.txt", "provenance.json", "untracked.diff")
    assert files == {f"solvent/{name}" for name in names}


@pytest.mark.usefixtures("capturing")
def test_a_joined_run_keeps_the_capture_of_whoever_opened_it(home: Path, script: Script) -> None:
    opened = solvent.Client().create_run("0", tags={"solvent.code": "versioned"})
    script("import solvent\nsolvent.log_metric('m', 1)", MLFLOW_RUN_ID=opened.info.run_id)
    found = solvent.get_run(opened.info.run_id)
    assert found.data.tags["solvent.code"] == "versioned"
    assert "solvent.python" in found.data.tags
    files = [file.path for file in solvent.Client().list_artifacts(opened.info.run_id, "solvent")]
    assert files == ["solvent/packages.txt"]


def test_samples_are_taken_while_a_run_is_open(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_SAMPLE_SECONDS", 0.5)
    monkeypatch.setattr(background, "SAMPLE_SECONDS", 0.1)
    with solvent.start_run(log_system_metrics=True) as run:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not solvent.get_run(run.info.run_id).data.metrics:
            time.sleep(0.05)
    metrics = solvent.get_run(run.info.run_id).data.metrics
    assert {"system/cpu_utilization_percentage", "system/system_memory_usage_megabytes"} <= metrics.keys()
    (first, *_) = solvent.Client().get_metric_history(run.info.run_id, "system/cpu_utilization_percentage")
    assert first.value > 0  # this test itself has looked at the store all the time
    assert solvent.Client().get_metric_history(run.info.run_id, "system/disk_usage_percentage")[0].step == 0


def test_a_sample_holds_plausible_values(tmp_path: Path) -> None:
    values = Sampler(tmp_path).sample()
    assert 0 <= values["system/cpu_utilization_percentage"] <= 100
    assert 0 < values["system/system_memory_usage_percentage"] <= 100
    assert values["system/disk_available_megabytes"] >= 0


def test_cards_are_read_and_what_they_do_not_report_is_left_out() -> None:
    values = parse_cards("37, 1000, 4000, 70.5\n[N/A], 1, 2, [N/A]\nbroken\n")
    assert values["system/gpu_0_utilization_percentage"] == 37
    assert values["system/gpu_0_memory_usage_megabytes"] == 1048.576
    assert values["system/gpu_0_power_usage_watts"] == 70.5
    assert values["system/gpu_1_memory_usage_percentage"] == 50
    assert "system/gpu_1_power_usage_watts" not in values


def test_a_tool_for_cards_that_fails_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho x >> {calls}\nexit 9\n")
    tool.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(tool))
    sampler = Sampler(tmp_path)
    sampler.sample()
    assert "system/disk_usage_percentage" in sampler.sample()
    assert calls.read_text() == "x\n"


@pytest.mark.usefixtures("capturing")
def test_the_cells_of_a_notebook_are_kept_up_to_the_end_of_the_run(home: Path, tmp_path: Path, script: Script) -> None:
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import solvent; run = solvent.start_run()", store_history=True)
shell.run_cell("solvent.log_metric('m', 1)", store_history=True)
shell.run_cell("solvent.end_run()", store_history=True)
shell.run_cell("after = 1", store_history=True)
"""
    script(code, IPYTHONDIR=str(tmp_path / "ipython"))
    (run,) = solvent.search_runs(output_format="list")
    assert run.data.tags["mlflow.source.type"] == "NOTEBOOK"
    cells = Path(solvent.Client().download_artifacts(run.info.run_id, "solvent/cells.py")).read_text()
    assert cells.startswith("# In [1]\nimport solvent; run = solvent.start_run()\n")
    assert "# In [2]\nsolvent.log_metric('m', 1)\n" in cells
