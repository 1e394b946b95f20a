"""Input examples cross both ways: what we write, MLflow reads as what it writes itself; we read MLflow's the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from solvent.models.mlmodel import MLmodel, read_mlmodel, write_mlmodel
from solvent.models.signature.example import Example
from solvent.models.signature.example_read import read_example
from solvent.models.signature.infer import infer_signature
from solvent.models.signature.signature import Signature
from tests.oracle import environments
from tests.oracle.signatures.cases import EXAMPLES, told
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    ours, theirs = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("theirs")
    for number, (make, params) in enumerate(EXAMPLES.values()):
        folder = ours / str(number)
        folder.mkdir()
        info = Example(make(), params).save(folder)
        signature = infer_signature(make()).to_dict()
        model = MLmodel(flavors={}, signature=signature, saved_input_example_info=info)
        (folder / "MLmodel").write_bytes(write_mlmodel(model))
    command: list[str | Path] = [
        environments.executable("mlflow-3.17"),
        "-m",
        "tests.oracle.signatures.mlflow_examples",
        ours,
        theirs,
    ]
    ended = subprocess.run(command, cwd=ROOT, env=bare_environment(), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ours, theirs


def number(name: str) -> str:
    return str(list(EXAMPLES).index(name))


@pytest.mark.parametrize("name", EXAMPLES)
def test_mlflow_reads_ours_as_its_own(name: str, folders: tuple[Path, Path]) -> None:
    ours, theirs = json.loads((folders[0] / "told.json").read_text())[number(name)]
    assert ours == theirs


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_mlmodel_file_says_the_same(name: str, folders: tuple[Path, Path]) -> None:
    ours, theirs = ((one / number(name) / "MLmodel").read_bytes() for one in folders)
    assert read_mlmodel(ours).saved_input_example_info == read_mlmodel(theirs).saved_input_example_info


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_request_to_a_server_is_the_same(name: str, folders: tuple[Path, Path]) -> None:
    ours, theirs = (json.loads((one / number(name) / "serving_input_example.json").read_text()) for one in folders)
    assert ours == plain(theirs)


def plain(value: Any) -> Any:
    """MLflow writes NaN, which is no JSON."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return None if value != value else value


@pytest.mark.parametrize("name", EXAMPLES)
def test_both_are_read_as_they_were_given(name: str, folders: tuple[Path, Path]) -> None:
    make, params = EXAMPLES[name]
    for folder in folders:
        model = read_mlmodel((folder / number(name) / "MLmodel").read_bytes())
        assert model.signature is not None
        assert model.saved_input_example_info is not None
        data, told_params = read_example(
            folder / number(name), model.saved_input_example_info, Signature.from_dict(model.signature)
        )
        assert told_params == params
        expected = make().isoformat() if name == "date" else make()
        assert told(data) == told(expected)
