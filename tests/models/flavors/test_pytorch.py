"""PyTorch's modules: what is saved and loaded, and what is refused.

Where torch is not installed (it brings gigabytes), these are skipped; where mlflow is beside it, models cross.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from solvent.errors import InvalidInput
from solvent.models.errors import BadInput, LoadFailed, ModelFileMissing, NotAModel, UnsafeModel
from solvent.models.flavors import pytorch as flavor
from solvent.models.load import load_folder, load_pyfunc
from solvent.models.mlmodel import read_mlmodel, write_mlmodel
from solvent.models.save import save_model

torch: Any = pytest.importorskip("torch")

pytestmark = pytest.mark.filterwarnings("ignore")  # torch says of its own parts that they are deprecated

DATA = pd.DataFrame(np.random.default_rng(1).normal(size=(5, 3)).astype("float32"), columns=["a", "b", "c"])


def net() -> Any:
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))


def expected() -> Any:
    return net()(torch.tensor(DATA.to_numpy())).detach().numpy()


def saved(kind: str, folder: Path) -> Any:
    if kind == "torchscript":
        return save_model("pytorch", torch.jit.trace(net(), torch.zeros(2, 3)), folder)
    options: dict[str, Any] = {"pt2": {"example": DATA.to_numpy()}}.get(kind, {})
    return save_model("pytorch", net(), folder, serialization_format=kind, **options)


@pytest.mark.parametrize("kind", ["pt2", "torchscript", "pickle"])
def test_saved_and_loaded_if_it_is_trusted(kind: str, tmp_path: Path) -> None:
    saved(kind, tmp_path / "m")
    with pytest.raises(UnsafeModel, match="runs what is in 'data/model"):
        load_folder(tmp_path / "m")
    model = load_pyfunc(tmp_path / "m", trust_pickle=True)
    np.testing.assert_allclose(model.predict(DATA), expected(), rtol=1e-5)
    np.testing.assert_allclose(model.predict(DATA.to_numpy()[:1]), expected()[:1], rtol=1e-5)
    assert model.predict(DATA.set_axis(range(7, 12))).index.tolist() == list(range(7, 12))
    assert isinstance(load_folder(tmp_path / "m", trust_pickle=True), torch.nn.Module)


@pytest.mark.parametrize("kind", ["pt2", "torchscript", "pickle"])
def test_mlflow_loads_it(kind: str, tmp_path: Path) -> None:
    mlflow = pytest.importorskip("mlflow")
    saved(kind, tmp_path / "m")
    np.testing.assert_allclose(mlflow.pyfunc.load_model(str(tmp_path / "m")).predict(DATA), expected(), rtol=1e-5)


@pytest.mark.parametrize("kind", ["pt2", "pickle"])
def test_mlflows_are_loaded(kind: str, tmp_path: Path) -> None:
    mlflow = pytest.importorskip("mlflow")
    options = {"pt2": {"input_example": DATA.to_numpy()}}.get(kind, {})
    mlflow.pytorch.save_model(net(), str(tmp_path / "m"), serialization_format=kind, pip_requirements=[], **options)
    model = load_pyfunc(tmp_path / "m", trust_pickle=True)
    np.testing.assert_allclose(model.predict(DATA.to_numpy()), expected(), rtol=1e-5)


def test_weights_alone_run_no_code(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    layer = torch.nn.Linear(3, 1)
    options = {"serialization_format": "safetensors", "init": {"in_features": 3, "out_features": 1}}
    said = save_model("pytorch", layer, tmp_path / "m", **options)
    assert flavor.unsafe(said.flavors["pytorch"]) == []
    assert torch.equal(load_folder(tmp_path / "m").weight, layer.weight)
    rewritten(tmp_path / "m", model_class="os:abort")
    with pytest.raises(UnsafeModel):
        load_folder(tmp_path / "m")
    with pytest.raises(NotAModel, match=r"no torch\.nn\.Module"):
        load_folder(tmp_path / "m", trust_pickle=True)


def rewritten(folder: Path, **conf: Any) -> None:
    said = read_mlmodel((folder / "MLmodel").read_bytes())
    said.flavors["pytorch"].update(conf)
    (folder / "MLmodel").write_bytes(write_mlmodel(said))


class Two(torch.nn.Module):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        return x, x


class Branch(torch.nn.Module):  # type: ignore[misc]
    """What no graph holds: it depends on values."""

    def forward(self, x: Any) -> Any:
        return x if float(x.sum()) > 0 else -x


def test_what_is_not_saved(tmp_path: Path) -> None:
    script = torch.jit.trace(net(), torch.zeros(2, 3))
    for model, options, why in (
        (object(), {}, r"expected a torch\.nn\.Module, came builtins\.object"),
        (net(), {}, "needs an example of what it is called with"),
        (net(), {"example": "x"}, "example: expected arrays or tensors, came str"),
        (net(), {"serialization_format": "torchscript"}, "is saved as pt2, safetensors or pickle"),
        (script, {"serialization_format": "pickle"}, "is saved as torchscript"),
        (net(), {"serialization_format": "onnx"}, "expected one of pt2, torchscript, safetensors, pickle"),
        (net(), {"z": 1}, "have no option 'z'"),
        (Branch(), {"example": np.ones((2, 3), "float32")}, "can't be exported as a graph"),
    ):
        with pytest.raises(InvalidInput, match=why):
            save_model("pytorch", model, tmp_path / "m", **options)
        assert not (tmp_path / "m").exists()


def test_what_it_can_not_be_fed_with(tmp_path: Path) -> None:
    saved("pickle", tmp_path / "m")
    with pytest.raises(BadInput, match="takes a frame or an array, got list"):
        load_pyfunc(tmp_path / "m", trust_pickle=True).predict([1.0])
    save_model("pytorch", Two(), tmp_path / "two", serialization_format="pickle")
    with pytest.raises(BadInput, match="answers with tuple"):
        load_pyfunc(tmp_path / "two", trust_pickle=True).predict(DATA)


@pytest.mark.parametrize("kind", ["pt2", "torchscript", "pickle"])
def test_corrupted_and_missing_files(kind: str, tmp_path: Path) -> None:
    saved(kind, tmp_path / "m")
    file = next((tmp_path / "m" / "data").glob("model.*"))
    file.write_bytes(b"x" * 100)
    with pytest.raises(LoadFailed, match="pytorch could not load the model"):
        load_folder(tmp_path / "m", trust_pickle=True)
    file.unlink()
    with pytest.raises(ModelFileMissing, match=r"neither model\.pt2 nor model\.pth"):
        load_folder(tmp_path / "m", trust_pickle=True)
