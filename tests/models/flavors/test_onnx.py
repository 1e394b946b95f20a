"""ONNX models: what is saved and loaded, what they are fed with, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import TensorProto, helper

from solvent.errors import InvalidInput
from solvent.models.errors import BadInput, LoadFailed, ModelFileMissing, NotAModel, UnsafeModel
from solvent.models.flavors import onnx as flavor
from solvent.models.load import load_folder, load_pyfunc
from solvent.models.mlmodel import read_mlmodel, write_mlmodel
from solvent.models.save import save_model


def graph(names: list[str]) -> Any:
    """The inputs' sum, in 32 bits."""
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None]) for name in names]
    total = helper.make_tensor_value_info("total", TensorProto.FLOAT, [None])
    made = helper.make_graph([helper.make_node("Sum", names, ["total"])], "sum", inputs, [total])
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def linear() -> Any:
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, 2])
    total = helper.make_tensor_value_info("total", TensorProto.FLOAT, [None, 1])
    weights = helper.make_tensor("weights", TensorProto.FLOAT, [2, 1], [1.0, -2.0])
    node = helper.make_node("MatMul", ["features", "weights"], ["total"])
    made = helper.make_graph([node], "linear", [features], [total], [weights])
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def test_one_input_takes_a_frame_an_array_or_a_dict(tmp_path: Path) -> None:
    said = save_model("onnx", linear(), tmp_path / "m")
    assert flavor.unsafe(said.flavors["onnx"]) == []
    model = load_pyfunc(tmp_path / "m")
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    assert model.predict(frame)["total"].tolist() == [-5.0, -6.0]
    assert model.predict(frame.to_numpy())["total"].tolist() == [[-5.0], [-6.0]]
    assert model.predict({"features": frame.to_numpy(dtype="float32")})["total"].tolist() == [[-5.0], [-6.0]]
    with pytest.raises(BadInput, match=r"takes 1 input \(features\): expected a frame, a dict of arrays, or an array"):
        model.predict([1.0])


def test_several_inputs_are_taken_by_name(tmp_path: Path) -> None:
    save_model("onnx", graph(["x", "y"]), tmp_path / "m")
    model = load_pyfunc(tmp_path / "m")
    assert model.predict(pd.DataFrame({"y": [1.0], "x": [2.0], "z": [9.0]}))["total"].tolist() == [3.0]
    with pytest.raises(BadInput, match="the frame has no column 'y'"):
        model.predict(pd.DataFrame({"x": [2.0]}))
    with pytest.raises(BadInput, match=r"takes 2 inputs \(x, y\)"):
        model.predict(np.zeros(2))


def test_the_librarys_own_object(tmp_path: Path) -> None:
    save_model("onnx", linear(), tmp_path / "m")
    assert isinstance(load_folder(tmp_path / "m"), onnx.ModelProto)


def test_session_options(tmp_path: Path) -> None:
    options = {"intra_op_num_threads": 1, "execution_mode": "sequential", "graph_optimization_level": 99}
    save_model(
        "onnx",
        linear(),
        tmp_path / "m",
        onnx_session_options=options,
        onnx_execution_providers=["CPUExecutionProvider"],
    )
    assert load_pyfunc(tmp_path / "m").predict(np.zeros((1, 2)))["total"].shape == (1, 1)
    rewritten(tmp_path / "m", onnx_session_options={"execution_mode": "sideways"})
    with pytest.raises(NotAModel, match="sequential or parallel"):
        load_pyfunc(tmp_path / "m")


def rewritten(folder: Path, **conf: Any) -> None:
    said = read_mlmodel((folder / "MLmodel").read_bytes())
    said.flavors["onnx"].update(conf)
    (folder / "MLmodel").write_bytes(write_mlmodel(said))


def test_settings_that_may_name_libraries_are_unsafe(tmp_path: Path) -> None:
    save_model("onnx", linear(), tmp_path / "m")
    rewritten(tmp_path / "m", providers=[["CPUExecutionProvider", {"plugin": "evil.so"}]])
    with pytest.raises(UnsafeModel):
        load_pyfunc(tmp_path / "m")
    assert flavor.unsafe({"data": "model.onnx", "onnx_session_options": {"extra_session_config": {"a": "b"}}})


def test_what_is_not_saved(tmp_path: Path) -> None:
    broken = linear()
    broken.graph.node[0].op_type = "NoSuchOperator"
    for model, options, why in (
        (object(), {}, "expected an onnx.ModelProto, came builtins.object"),
        (broken, {}, "this is no valid ONNX model"),
        (linear(), {"z": 1}, "have no option 'z'"),
        (linear(), {"onnx_session_options": {"threads": 1}}, "onnx_session_options has no 'threads'"),
    ):
        with pytest.raises(InvalidInput, match=why):
            save_model("onnx", model, tmp_path / "m", **options)
        assert not (tmp_path / "m").exists()


def external(folder: Path, location: str) -> None:
    """The weights of a saved model, moved into a file of their own."""
    model = onnx.load(folder / "model.onnx")
    tensor = model.graph.initializer[0]
    tensor.raw_data = np.array([1.0, -2.0], "float32").tobytes()
    tensor.ClearField("float_data")
    onnx.external_data_helper.set_external_data(tensor, location)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.ClearField("raw_data")
    (folder / "model.onnx").write_bytes(model.SerializeToString())


@pytest.mark.parametrize("load", [load_folder, load_pyfunc])
def test_weights_outside_of_the_folder_are_not_read(load: Any, tmp_path: Path) -> None:
    for name in ("outside", "missing", "inside"):
        save_model("onnx", linear(), tmp_path / name)
    for file in (tmp_path / "weights", tmp_path / "inside" / "here"):
        file.write_bytes(np.array([1.0, -2.0], "float32").tobytes())
    external(tmp_path / "outside", "../weights")
    with pytest.raises(NotAModel, match="weights"):
        load(tmp_path / "outside")
    external(tmp_path / "missing", "gone")
    with pytest.raises(ModelFileMissing, match="'gone' of the model is missing"):
        load(tmp_path / "missing")
    external(tmp_path / "inside", "here")
    assert load(tmp_path / "inside") is not None
    assert load_pyfunc(tmp_path / "inside").predict(np.array([[1.0, 3.0]]))["total"].tolist() == [[-5.0]]


@pytest.mark.parametrize("text", [b"", b"x" * 100])
def test_a_corrupted_file(text: bytes, tmp_path: Path) -> None:
    save_model("onnx", linear(), tmp_path / "m")
    (tmp_path / "m" / "model.onnx").write_bytes(text)
    for load in (load_folder, load_pyfunc):
        with pytest.raises(LoadFailed, match="onnx could not load the model"):
            load(tmp_path / "m")
