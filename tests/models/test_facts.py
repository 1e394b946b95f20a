from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from solvent.models.facts import facts_of, unsafe_files
from solvent.models.flavors.known import KNOWN
from solvent.models.mlmodel import MLmodel

PATHS = ["MLmodel", "model.pkl", "model.skops", "model.cb", "code/mine.py", "data/model.pth", "data/info.txt"]
PYFUNC = {"loader_module": "mlflow.sklearn", "model_path": "model.pkl"}


def of(**flavors: dict[str, Any]) -> list[str]:
    return unsafe_files(MLmodel(flavors=flavors), PATHS)


def test_a_skops_file_whose_types_are_known_is_safe() -> None:
    conf = {"pickled_model": "model.skops", "serialization_format": "skops"}
    assert of(sklearn=conf, python_function=PYFUNC) == []
    assert of(sklearn=conf | {"skops_trusted_types": ["numpy.dtype"]}) == []


@pytest.mark.parametrize("trusted", [["builtins.eval"], ["numpy.dtype", "os.system"], "numpy.dtype", {"a": 1}])
def test_a_skops_file_for_which_other_types_are_trusted_is_not(trusted: object) -> None:
    conf = {"pickled_model": "model.skops", "serialization_format": "skops", "skops_trusted_types": trusted}
    assert of(sklearn=conf) == ["model.skops"]


@pytest.mark.parametrize("said", [{}, {"serialization_format": "pickle"}, {"serialization_format": "cloudpickle"}])
def test_pickled_estimators_are_unsafe(said: dict[str, Any]) -> None:
    assert of(sklearn={"pickled_model": "model.pkl"} | said, python_function=PYFUNC) == ["model.pkl"]


@pytest.mark.parametrize("path", ["./model.pkl", "data/../model.pkl", "model.pkl/"])
def test_a_path_may_be_written_in_other_ways(path: str) -> None:
    assert of(sklearn={"pickled_model": path}) == ["model.pkl"]


@pytest.mark.parametrize("path", ["../model.pkl", "/model.pkl", None, ["model.pkl"], ""])
def test_of_a_path_that_leads_elsewhere_nothing_is_safe(path: object) -> None:
    assert of(sklearn={"pickled_model": path}) == sorted(PATHS)


def test_code_of_the_model_is_unsafe_whatever_the_flavour() -> None:
    conf = {"pickled_model": "model.skops", "serialization_format": "skops", "code": "code"}
    assert of(sklearn=conf) == ["code/mine.py"]


def test_python_objects_are_unsafe_and_so_is_what_an_unknown_loader_reads() -> None:
    assert of(python_function={"loader_module": "mlflow.pyfunc.model", "python_model": "model.pkl"}) == ["model.pkl"]
    assert of(python_function={"loader_module": "mine", "data": "data"}) == ["data/info.txt", "data/model.pth"]
    assert of(python_function={"loader_module": "mine"}) == sorted(PATHS)
    from_code = {"loader_module": "mlflow.pyfunc.loaders.code_model", "model_code_path": "/home/me/model.cb"}
    assert of(python_function=from_code) == ["model.cb"]


def test_of_unknown_flavours_suffixes_tell() -> None:
    suspects = ["code/mine.py", "data/model.pth", "model.pkl", "model.skops"]
    assert of(catboost={"data": "model.cb"}) == suspects
    assert of(python_function={"loader_module": "mlflow.spark"}) == suspects


def test_one_flavour_may_be_asked_for() -> None:
    model = MLmodel(
        flavors={
            "sklearn": {"pickled_model": "model.skops", "serialization_format": "skops"},
            "python_function": {"loader_module": "mlflow.pyfunc.model", "python_model": "model.pkl"},
        }
    )
    assert unsafe_files(model, PATHS) == ["model.pkl"]
    assert unsafe_files(model, PATHS, "sklearn") == []


def test_facts() -> None:
    model = MLmodel(
        flavors={"sklearn": {"pickled_model": "model.pkl"}, "python_function": PYFUNC},
        signature={"inputs": '[{"type": "double", "name": "a"}]', "outputs": None, "params": None},
        saved_input_example_info={"artifact_path": "input_example.json", "type": "dataframe"},
        model_size_bytes=77,
    )
    facts = facts_of(model, [*PATHS, "input_example.json"])
    assert facts.flavors == ["python_function", "sklearn"]
    assert (facts.signature, facts.input_example, facts.bytes, facts.unsafe) == ("inputs", True, 77, ["model.pkl"])
    assert facts_of(model, PATHS).input_example is False


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        (None, "none"),
        ({"inputs": None, "outputs": None, "params": None}, "none"),
        ({"inputs": "[]"}, "none"),
        ({"inputs": '[{"type": "long"}]', "outputs": '[{"type": "long"}]'}, "whole"),
        ({"inputs": None, "outputs": '[{"type": "long"}]'}, "none"),
    ],
)
def test_how_much_of_a_signature_there_is(signature: dict[str, str | None] | None, expected: str) -> None:
    assert facts_of(MLmodel(flavors={}, signature=signature), []).signature == expected


def test_a_signature_that_can_not_be_read_is_a_problem_and_no_error() -> None:
    facts = facts_of(MLmodel(flavors={}, signature={"inputs": "{"}), [])
    assert facts.signature == "none"
    assert facts.problem is not None
    assert "no JSON" in facts.problem


def test_what_is_in_a_model_is_told_without_any_library_of_models() -> None:
    """The server asks for each model that anybody registers."""
    flavors = {name: {"data": "x", "pickled_model": "x", "model_data": "x"} for name in KNOWN}
    script = (
        "import sys\n"
        "from solvent.models.facts import facts_of\n"
        "from solvent.models.mlmodel import MLmodel\n"
        f"facts_of(MLmodel(flavors={flavors!r}), ['x'])\n"
        "heavy = {'numpy', 'pandas', 'sklearn', 'skops', 'cloudpickle', 'xgboost', 'lightgbm', 'onnx', 'torch'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
