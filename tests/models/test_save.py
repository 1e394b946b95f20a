from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from solvent.errors import AlreadyExists, InvalidInput
from solvent.models.errors import UnknownFlavor
from solvent.models.load import load_folder, load_pyfunc
from solvent.models.mlmodel import read_mlmodel
from solvent.models.save import save_model


def doubled(data: Any) -> Any:
    return [value * 2 for value in data]


class Signature:
    def to_dict(self) -> dict[str, str | None]:
        return {"inputs": '[{"type": "long", "required": true}]', "outputs": None, "params": None}


class Example:
    def save(self, folder: Path) -> dict[str, Any]:
        (folder / "input_example.json").write_text("[1, 2]")
        return {"artifact_path": "input_example.json", "type": "json_object"}


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_folder_holds_the_model_and_what_it_needs(tmp_path: Path) -> None:
    said = save_model(
        "pyfunc", doubled, tmp_path / "a" / "m", signature=Signature(), input_example=Example(), metadata={"owner": "me"},
        run_id="r1", model_id="m-1", artifact_path="model",
    )  # fmt: skip
    folder = tmp_path / "a" / "m"
    files = {"MLmodel", "conda.yaml", "input_example.json", "python_env.yaml", "python_model.pkl", "requirements.txt"}
    assert names(folder) == files
    assert read_mlmodel((folder / "MLmodel").read_bytes()) == said
    assert (said.run_id, said.model_id, said.artifact_path, said.metadata) == ("r1", "m-1", "model", {"owner": "me"})
    assert said.signature is not None
    assert said.saved_input_example_info == {"artifact_path": "input_example.json", "type": "json_object"}
    assert said.model_size_bytes == sum(file.stat().st_size for file in folder.iterdir() if file.name != "MLmodel")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["m"]


def test_the_requirements_are_those_that_the_files_name_with_their_versions(tmp_path: Path) -> None:
    save_model("pyfunc", doubled, tmp_path / "m")
    lines = (tmp_path / "m" / "requirements.txt").read_text().splitlines()
    assert [line.partition("==")[0] for line in lines] == ["cloudpickle"]
    conda = yaml.safe_load((tmp_path / "m" / "conda.yaml").read_text())
    assert conda["dependencies"][-1] == {"pip": lines}
    python = yaml.safe_load((tmp_path / "m" / "python_env.yaml").read_text())
    assert python["dependencies"] == ["-r requirements.txt"]


def test_requirements_may_be_given(tmp_path: Path) -> None:
    save_model("pyfunc", doubled, tmp_path / "m", requirements=["numpy>=2", "mine @ file:///x"])
    assert (tmp_path / "m" / "requirements.txt").read_text() == "numpy>=2\nmine @ file:///x\n"
    for wrong in ("numpy", ["a\nb"], [""], [3]):
        with pytest.raises(InvalidInput, match="requirement"):
            save_model("pyfunc", doubled, tmp_path / "other", requirements=wrong)  # type: ignore[arg-type]
    assert names(tmp_path) == {"m"}


def test_a_folder_that_holds_something_is_refused_and_an_empty_one_is_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    save_model("pyfunc", doubled, tmp_path / "empty")
    before = (tmp_path / "empty" / "MLmodel").read_bytes()
    with pytest.raises(AlreadyExists, match="is not empty"):
        save_model("pyfunc", doubled, tmp_path / "empty")
    assert (tmp_path / "empty" / "MLmodel").read_bytes() == before
    (tmp_path / "file").write_text("")
    with pytest.raises(AlreadyExists):
        save_model("pyfunc", doubled, tmp_path / "file")


def test_nothing_is_left_of_a_save_that_fails(tmp_path: Path) -> None:
    class Broken:
        def save(self, folder: Path) -> dict[str, Any]:
            (folder / "half").write_text("")
            raise RuntimeError("disk")

    with pytest.raises(RuntimeError):
        save_model("pyfunc", doubled, tmp_path / "m", input_example=Broken())
    with pytest.raises(InvalidInput, match="plain data"):
        save_model("pyfunc", doubled, tmp_path / "m", metadata={"a": object()})
    assert names(tmp_path) == set()


def test_unknown_flavours_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownFlavor, match="'catboost' is not known here: sklearn"):
        save_model("catboost", doubled, tmp_path / "m")


def test_code_goes_with_the_model(tmp_path: Path) -> None:
    (tmp_path / "helpers_of_m").mkdir()
    (tmp_path / "helpers_of_m" / "__init__.py").write_text("FACTOR = 3\n")
    (tmp_path / "helpers_of_m" / "__pycache__").mkdir()
    (tmp_path / "helpers_of_m" / "__pycache__" / "x.pyc").write_text("")
    said = save_model("pyfunc", tripled, tmp_path / "m", code_paths=[tmp_path / "helpers_of_m"])
    assert said.flavors["python_function"]["code"] == "code"
    assert names(tmp_path / "m" / "code" / "helpers_of_m") == {"__init__.py"}
    assert load_pyfunc(tmp_path / "m", trust_pickle=True).predict(2) == 6
    assert names(tmp_path / "m" / "code" / "helpers_of_m") == {"__init__.py"}
    with pytest.raises(InvalidInput, match="'nowhere' is to be part of the model, but is not there"):
        save_model("pyfunc", tripled, tmp_path / "other", code_paths=["nowhere"])


def tripled(data: Any) -> Any:
    import sys

    sys.dont_write_bytecode = True
    from helpers_of_m import FACTOR  # type: ignore[import-not-found]

    return data * FACTOR


def test_the_model_comes_back(tmp_path: Path) -> None:
    save_model("pyfunc", doubled, tmp_path / "m")
    model = load_folder(tmp_path / "m", trust_pickle=True)
    assert model.predict([1, 2]) == [2, 4]
