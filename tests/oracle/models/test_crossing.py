"""A model that Solvent saves is loaded by the real MLflow, and the other way around; both predict the same."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import traceback
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solvent.models.errors import DependencyMissing
from solvent.models.load import load_folder, load_pyfunc
from solvent.models.save import save_model
from tests.oracle import environments
from tests.oracle.models import crossing
from tests.oracle.models.crossing import CLIENTS, KINDS
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

CROSSINGS = [
    pytest.param(version, name, id=f"{name}-{version}")
    for version in CLIENTS
    for name, kind in KINDS.items()
    if version in kind.versions
]
SOURCES = Path(importlib.util.find_spec("solvent").origin or "").parents[1]  # type: ignore[union-attr]


def kinds_of(version: str, flavor: str = "") -> list[str]:
    here = {name for name, kind in KINDS.items() if not missing(name)}
    return [name for name in KINDS if name in here and version in KINDS[name].versions and flavor in KINDS[name].flavor]


def missing(name: str) -> list[str]:
    return [module for module in KINDS[name].needs if importlib.util.find_spec(module) is None]


def skip_without_libraries(name: str) -> None:
    if needed := missing(name):
        pytest.skip(f"{', '.join(needed)} is not here")


def let_mlflow(what: str, version: str, folder: Path, names: list[str]) -> None:
    """MLflow's half, for all kinds at once: importing it takes longer than the rest."""
    environment = bare_environment(
        GIT_PYTHON_REFRESH="quiet", MLFLOW_TRACKING_URI=f"file://{folder}/mlruns", PYTHONPATH=str(SOURCES)
    )
    python = environments.executable(CLIENTS[version])
    command = [str(part) for part in (python, crossing.__file__, what, folder, *names)]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]


def told(folder: Path, file: str) -> Any:
    said = json.loads((folder / file).read_text())
    assert "failed" not in said, said["failed"]
    return said["predicted"]


def assert_same(left: Any, right: Any) -> None:
    if isinstance(right, dict):
        assert isinstance(left, dict)
        assert left.keys() == right.keys()
        for name in right:
            assert_same(left[name], right[name])
        return
    ours, theirs = np.asarray(left), np.asarray(right)
    assert ours.shape == theirs.shape
    assert theirs.size
    if theirs.dtype.kind in "OUS":
        assert left == right
    else:
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@cache
def saved_by_mlflow(version: str, folder: Path) -> Path:
    let_mlflow("save", version, folder, kinds_of(version))
    let_mlflow("ours", version, folder, kinds_of(version, "pyfunc"))
    return folder


@cache
def saved_here(version: str, folder: Path) -> Path:
    for name in kinds_of(version):
        try:
            model, _ = KINDS[name].make()
            save_model(KINDS[name].flavor, model, folder / name / "model", **KINDS[name].ours)
        except Exception:  # one kind that fails is one test that fails
            (folder / name).mkdir(exist_ok=True)
            (folder / name / "failed").write_text(traceback.format_exc())
    let_mlflow("load", version, folder, kinds_of(version))
    return folder


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {f"{who}-{one}": tmp_path_factory.mktemp(f"{who}-{one}") for who in ("ours", "theirs") for one in CLIENTS}


@pytest.mark.parametrize(("version", "name"), CROSSINGS)
def test_mlflow_loads_what_we_save(version: str, name: str, places: dict[str, Path]) -> None:
    skip_without_libraries(name)
    folder = saved_here(version, places[f"ours-{version}"]) / name
    assert not (folder / "failed").exists(), (folder / "failed").read_text()
    _, data = KINDS[name].make()
    here = crossing.plain(load_pyfunc(folder / "model", trust_pickle=True).predict(data))
    assert_same(told(folder, "loaded.json"), here)


@pytest.mark.parametrize(("version", "name"), CROSSINGS)
@pytest.mark.filterwarnings("ignore:the model was")
def test_we_load_what_mlflow_saves(version: str, name: str, places: dict[str, Path]) -> None:
    skip_without_libraries(name)
    folder = saved_by_mlflow(version, places[f"theirs-{version}"]) / name
    there = told(folder, "told.json")
    if KINDS[name].flavor == "pyfunc":  # a class of MLflow's, which has to be there
        with pytest.raises(DependencyMissing, match="needs the Python module 'mlflow'"):
            load_pyfunc(folder / "model", trust_pickle=True)
        assert_same(told(folder, "ours.json"), there)
        return
    _, data = KINDS[name].make()
    assert_same(crossing.plain(load_pyfunc(folder / "model", trust_pickle=True).predict(data)), there)
    assert load_folder(folder / "model", trust_pickle=True) is not None
