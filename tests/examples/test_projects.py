"""The example projects, run as a person runs them, keep what their pages promise."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.backend.protocol import Backend
from solvent.backend.resolve import connect
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import GetRun, Run
from tests.processes import user_environment

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("examples")]

EXAMPLES = Path(__file__).parents[2] / "examples"
SOLVENT = Path(sys.executable).with_name("solvent")
EPOCHS = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the examples and a store in it."""
    folder = tmp_path_factory.mktemp("work")
    shutil.copytree(EXAMPLES, folder / "examples")
    return folder


@pytest.fixture(scope="module")
def backend(folder: Path) -> Iterator[Backend]:
    backend = connect(str(folder / ".solvent"))
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def trained(folder: Path) -> str:
    """The id of a run of the main entry point."""
    return run(folder, "examples/breast-cancer", "-P", "alpha=0.05", "-P", f"epochs={EPOCHS}")


def run(folder: Path, *arguments: str) -> str:
    """Run a project; the id of its run."""
    ended = run_to_its_end(folder, *arguments)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return id_of(ended, "succeeded")


def run_to_its_end(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [SOLVENT, "run", *arguments]
    return subprocess.run(
        command, cwd=folder, env=user_environment(folder.parent / "bytecode"), capture_output=True, text=True
    )


def id_of(ended: subprocess.CompletedProcess[str], how: str) -> str:
    found = re.fullmatch(rf"=== Run \(ID='(\w+)'\) {how} ===", ended.stdout.strip().splitlines()[-1])
    assert found, ended.stdout
    return found[1]


def read(backend: Backend, run_id: str) -> Run:
    return backend.call(GetRun(run_id=run_id)).run


def test_a_training_keeps_settings_quality_and_data(backend: Backend, folder: Path, trained: str) -> None:
    kept = read(backend, trained)
    assert kept.info.status == "FINISHED"
    params = {param.key: param.value for param in kept.data.params}
    data = str(folder / "examples" / "breast-cancer" / "data" / "tumours.csv")
    assert params == {"data": data, "alpha": "0.05", "l1_ratio": "0.15", "epochs": str(EPOCHS), "seed": "7"}
    history = backend.call(GetMetricHistory(run_id=trained, metric_key="validation_log_loss")).metrics
    assert [point.step or 0 for point in history] == list(range(EPOCHS))
    assert float(history[-1].value or 0) < float(history[0].value or 0)
    assert kept.inputs is not None
    tags = {
        item.dataset.name: {tag.key: tag.value for tag in item.tags}
        for item in kept.inputs.dataset_inputs
        if item.dataset
    }
    assert tags.keys() == {"tumours.csv", "breast-cancer"}
    assert tags["breast-cancer"]["mlflow.data.context"] == "training"
    assert tags["tumours.csv"]["solvent.contract"].startswith("breast-cancer-tumours@1.0.0#sha256:")
    assert all(item.dataset is not None and item.dataset.digest for item in kept.inputs.dataset_inputs)


def test_a_training_keeps_its_model_and_table(backend: Backend, trained: str) -> None:
    files = backend.artifacts(read(backend, trained).info.artifact_uri)
    assert files.size("model/model.skops") > 1000
    table = json.loads(b"".join(files.read("coefficients.json")))
    assert table["columns"] == ["feature", "coefficient"]
    assert len(table["data"]) == 31
    (feature,) = json.loads(b"".join(files.read("solvent/features.json")))["features"]
    assert (feature["name"], feature["inputs"]) == ("size_variation", ["mean_radius", "worst_radius"])


def test_bad_data_stops_a_run_before_training(backend: Backend, folder: Path) -> None:
    lines = (folder / "examples" / "breast-cancer" / "data" / "tumours.csv").read_text().splitlines()
    lines[3] = f"-1.5,{lines[3].partition(',')[2]}"
    (folder / "bad.csv").write_text("\n".join(lines) + "\n")
    ended = run_to_its_end(folder, "examples/breast-cancer", "-P", "data=bad.csv")
    assert ended.returncode == 1
    assert "mean_radius" in ended.stderr
    assert "row 2: -1.5" in ended.stderr
    kept = read(backend, id_of(ended, "failed"))
    assert (kept.info.status, kept.data.metrics) == ("FAILED", [])
    (report,) = json.loads(b"".join(backend.artifacts(kept.info.artifact_uri).read("solvent/contracts.json")))
    assert (report["contract"], report["verdict"]) == ("breast-cancer-tumours", "failed")


def test_an_evaluation_measures_the_trained_model_in_a_run_of_its_own(
    backend: Backend, folder: Path, trained: str
) -> None:
    kept = read(backend, run(folder, "examples/breast-cancer", "-e", "evaluate", "-P", f"run_id={trained}"))
    assert {tag.key: tag.value for tag in kept.data.tags}["trained_by"] == trained
    quality = {point.key: float(point.value or 0) for point in kept.data.metrics}
    assert quality["test_roc_auc"] > 0.95


def test_the_project_passes_its_own_tests(backend: Backend, folder: Path) -> None:
    kept = read(backend, run(folder, "examples/breast-cancer", "-e", "test"))
    assert kept.info.status == "FINISHED"


def test_a_script_that_imports_mlflow_is_recorded_unchanged(backend: Backend, folder: Path) -> None:
    script = (folder / "examples" / "breast-cancer-mlflow" / "train.py").read_text()
    assert "import solvent" not in script
    run_id = run(folder, "examples/breast-cancer-mlflow", "-P", f"epochs={EPOCHS}")
    kept = read(backend, run_id)
    assert {param.key: param.value for param in kept.data.params} == {"alpha": "0.01", "epochs": str(EPOCHS)}
    assert len(backend.call(GetMetricHistory(run_id=run_id, metric_key="roc_auc")).metrics) == EPOCHS
    assert kept.inputs is not None
    assert [item.dataset.name for item in kept.inputs.dataset_inputs if item.dataset] == ["breast-cancer"]
    assert backend.artifacts(kept.info.artifact_uri).size("model/model.skops") > 1000


@pytest.mark.parametrize(("example", "metrics"), [("breast-cancer", 10), ("boosted", 2), ("pipeline", 5)])
def test_examples_of_each_kind_reproduce(folder: Path, trained: str, example: str, metrics: int) -> None:
    """Their skops models too, which are other bytes each time: see ``contents_digest``."""
    run_id = trained if example == "breast-cancer" else run(folder, f"examples/{example}")
    command: list[str | Path] = [SOLVENT, "reproduce", run_id, "--json"]
    ended = subprocess.run(
        command, cwd=folder, env=user_environment(folder.parent / "bytecode"), capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    verdict = json.loads(ended.stdout)
    assert (verdict["outcome"], verdict["compared"]["metrics"], len(verdict["repetitions"])) == (
        "reproduced",
        metrics,
        1,
    )


def test_locks_hold_hashes_and_no_addresses() -> None:
    locks = list(EXAMPLES.glob("*/requirements.lock"))
    assert len(locks) == 4
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9-]+==[^ ]+", text, re.MULTILINE)
        assert len(pins) > 10
        assert text.count("--hash=sha256:") >= len(pins)
