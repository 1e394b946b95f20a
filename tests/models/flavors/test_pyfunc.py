from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from solvent.errors import InvalidInput
from solvent.models.facts import unsafe_files
from solvent.models.files import file_paths
from solvent.models.load import load_folder, load_pyfunc, read_folder
from solvent.models.save import save_model


def doubled(data: Any) -> Any:
    return [value * 2 for value in data]


def scaled(data: Any, params: Any = None) -> Any:
    return [value * (params or {}).get("by", 1) for value in data]


class Plain:
    def __init__(self, by: int) -> None:
        self.by = by

    def predict(self, data: Any) -> Any:
        return [value * self.by for value in data]


class WithContext:
    """As a PythonModel of MLflow's."""

    def load_context(self, context: Any) -> None:
        self.added = int(Path(context.artifacts["offset"]).read_text())

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        return [value + self.added + context.model_config["more"] for value in model_input]


@pytest.mark.parametrize(("model", "expected"), [(doubled, [2, 4]), (Plain(3), [3, 6]), (lambda data: data, [1, 2])])
def test_functions_and_objects(model: Any, expected: list[int], tmp_path: Path) -> None:
    save_model("pyfunc", model, tmp_path / "m")
    loaded = load_pyfunc(tmp_path / "m", trust_pickle=True)
    assert loaded.predict([1, 2]) == expected
    assert load_folder(tmp_path / "m", trust_pickle=True).predict([1, 2]) == expected


def test_they_are_unsafe(tmp_path: Path) -> None:
    save_model("pyfunc", doubled, tmp_path / "m")
    assert unsafe_files(read_folder(tmp_path / "m"), file_paths(tmp_path / "m")) == ["python_model.pkl"]


def test_params_are_passed_to_who_takes_them(tmp_path: Path) -> None:
    save_model("pyfunc", scaled, tmp_path / "m")
    loaded = load_pyfunc(tmp_path / "m", trust_pickle=True)
    assert loaded.predict([1], params={"by": 5}) == [5]
    assert loaded.predict([1]) == [1]


def test_artifacts_and_configuration(tmp_path: Path) -> None:
    (tmp_path / "offset.txt").write_text("10")
    save_model(
        "pyfunc", WithContext(), tmp_path / "m", artifacts={"offset": tmp_path / "offset.txt"}, model_config={"more": 1}
    )
    (tmp_path / "offset.txt").unlink()
    loaded = load_pyfunc(tmp_path / "m", trust_pickle=True)
    assert loaded.predict([1]) == [12]
    assert loaded.unwrap().added == 10
    with pytest.raises(InvalidInput, match="is not there"):
        save_model("pyfunc", WithContext(), tmp_path / "n", artifacts={"offset": tmp_path / "offset.txt"})


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", ""])
def test_artifacts_stay_in_the_model(name: str, tmp_path: Path) -> None:
    (tmp_path / "offset.txt").write_text("10")
    with pytest.raises(InvalidInput, match="name of an artifact"):
        save_model("pyfunc", Plain(1), tmp_path / "m" / "n", artifacts={name: tmp_path / "offset.txt"})


def test_a_compressed_pickle_of_mlflow(tmp_path: Path) -> None:
    save_model("pyfunc", doubled, tmp_path / "m")
    pickled = (tmp_path / "m" / "python_model.pkl").read_bytes()
    (tmp_path / "m" / "python_model.pkl").write_bytes(gzip.compress(pickled))
    text = (tmp_path / "m" / "MLmodel").read_text()
    text = text.replace("    python_model:", "    python_model_compression: gzip\n    python_model:")
    (tmp_path / "m" / "MLmodel").write_text(text)
    assert load_pyfunc(tmp_path / "m", trust_pickle=True).predict([1]) == [2]


def test_modules_of_the_project_go_with_the_pickle(tmp_path: Path) -> None:
    """Where the model is loaded, neither the project nor Solvent has to be."""
    (tmp_path / "my_project.py").write_text("def tenfold(data):\n    return [HOW * one for one in data]\n\nHOW = 10\n")
    save = (
        "import sys, my_project\n"
        "from solvent.models.save import save_model\n"
        "save_model('pyfunc', my_project.tenfold, sys.argv[1])\n"
    )
    subprocess.run([sys.executable, "-c", save, tmp_path / "m"], cwd=tmp_path, check=True)
    (tmp_path / "my_project.py").unlink()
    load = "import sys, cloudpickle\nprint(cloudpickle.load(open(sys.argv[1], 'rb')).predict(None, [1, 2]))\n"
    command = [sys.executable, "-c", load, str(tmp_path / "m" / "python_model.pkl")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[10, 20]\n"


@pytest.mark.parametrize(
    ("model", "options", "expected"),
    [
        (3, {}, "came a int with neither"),
        (Plain, {}, "came the class Plain"),
        (doubled, {"loader": 1}, "no option 'loader'"),
    ],
)
def test_bad_input(model: Any, options: dict[str, Any], expected: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=expected):
        save_model("pyfunc", model, tmp_path / "m", **options)


def test_what_can_not_be_pickled(tmp_path: Path) -> None:
    model = Plain(1)
    model.lock = threading.Lock()  # type: ignore[attr-defined]
    with pytest.raises(InvalidInput, match=r"cloudpickle can't hold this PythonModel: .*lock"):
        save_model("pyfunc", model, tmp_path / "m")
    assert not (tmp_path / "m").exists()
