"""MLmodel files say the same to the real MLflow and to us, whoever has written them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from solvent.models.mlmodel import MLmodel, read_mlmodel, write_mlmodel
from tests.oracle import environments
from tests.oracle.models import mlmodels
from tests.oracle.models.crossing import CLIENTS
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]


def let_mlflow(what: str, version: str, folder: Path) -> None:
    command = [str(part) for part in (environments.executable(CLIENTS[version]), mlmodels.__file__, what, folder)]
    ended = subprocess.run(command, env=bare_environment(), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]


OURS = {
    "least": MLmodel(flavors={"sklearn": {"pickled_model": "model.pkl"}}, model_uuid="0" * 32, utc_time_created="1"),
    "odd": MLmodel(
        flavors={"python_function": {"loader_module": "a.b", "n": None, "deep": [{"a": [1.5, "1.10", "no", "ö\n"]}]}},
        model_uuid="1" * 32,
        utc_time_created="2026-11-24 20:53:05.673454",
        run_id="1e3",
        model_id="m-0",
        signature={"inputs": '[{"type": "long", "name": "a", "required": false}]', "outputs": None, "params": None},
        saved_input_example_info={"artifact_path": "input_example.json", "type": "ndarray", "format": "tf-serving"},
        metadata={"yes": "yes", "date": "2024-01-02", "number": 12345678901234567890},
    ),
}


@pytest.mark.parametrize("version", list(CLIENTS))
def test_both_read_what_either_writes(version: str, tmp_path: Path) -> None:
    let_mlflow("write", version, tmp_path)
    for name, model in OURS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "MLmodel").write_bytes(write_mlmodel(model))
    for folder in list(tmp_path.iterdir()):
        (folder / "again").mkdir()
        (folder / "again" / "MLmodel").write_bytes(write_mlmodel(read_mlmodel((folder / "MLmodel").read_bytes())))
    let_mlflow("same", version, tmp_path)
    told = json.loads((tmp_path / "same.json").read_text())
    assert len(told) == 6
    for name, (first, again) in told.items():
        assert first == again, name
    for name, model in OURS.items():
        assert read_mlmodel((tmp_path / name / "MLmodel").read_bytes()) == model
        assert told[name][0]["flavors"] == model.flavors
        assert told[name][0].get("metadata") == model.metadata
