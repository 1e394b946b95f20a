"""Every broken link on the way to a model has an error of its own; nothing is never an answer."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from solvent.models import load as loading
from solvent.models.errors import (
    DependencyMissing,
    LoadFailed,
    ModelFileChanged,
    ModelFileMissing,
    NotAModel,
    UnknownFlavor,
    UnsafeModel,
)
from solvent.models.files import hash_folder
from solvent.models.load import load_folder, load_pyfunc
from solvent.models.save import save_model

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="session")
def fitted() -> Any:
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])


@pytest.fixture
def safe(tmp_path: Path, fitted: Any) -> Path:
    save_model("sklearn", fitted, tmp_path / "safe")
    return tmp_path / "safe"


@pytest.fixture
def pickled(tmp_path: Path, fitted: Any) -> Path:
    save_model("sklearn", fitted, tmp_path / "pickled", serialization_format="pickle")
    return tmp_path / "pickled"


def change(folder: Path, how: Change) -> None:
    said = yaml.safe_load((folder / "MLmodel").read_text())
    how(said["flavors"])
    (folder / "MLmodel").write_text(yaml.safe_dump(said))


def in_conf(flavor: str, **values: Any) -> Change:
    return lambda flavors: flavors[flavor].update(values)


def test_a_safe_model_needs_no_word_of_trust(safe: Path) -> None:
    assert load_folder(safe).predict([[3.0]]) == pytest.approx([7.0])
    model = load_pyfunc(safe)
    assert model.predict(np.array([[3.0]])) == pytest.approx([7.0])
    assert type(model.unwrap()).__name__ == "LinearRegression"
    assert repr(model) == "<PyFuncModel sklearn>"
    assert model.signature is None
    assert model.metadata.model_uuid


def test_a_pickle_is_loaded_if_it_was_recorded_or_is_trusted(pickled: Path) -> None:
    for load in (load_folder, load_pyfunc):
        with pytest.raises(UnsafeModel, match=r"'model.pkl' .*trust_pickle=True"):
            load(pickled)
        assert load(pickled, trust_pickle=True) is not None
        assert load(pickled, files=hash_folder(pickled)) is not None


def test_a_changed_pickle_is_not_loaded_even_by_who_trusts_pickles(pickled: Path, tmp_path: Path) -> None:
    recorded = hash_folder(pickled)
    (pickled / "model.pkl").write_bytes(pickle.dumps(_Touches(tmp_path / "ran")))
    with pytest.raises(ModelFileChanged, match=r"'model.pkl'"):
        load_folder(pickled, files=recorded, trust_pickle=True)
    assert not (tmp_path / "ran").exists()


class _Touches:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_that_is_called_a_skops_file_does_not_run(safe: Path, tmp_path: Path) -> None:
    (safe / "model.skops").write_bytes(pickle.dumps(_Touches(tmp_path / "ran")))
    with pytest.raises(LoadFailed, match="sklearn could not load the model"):
        load_folder(safe)
    assert not (tmp_path / "ran").exists()


def test_types_that_a_model_trusts_by_itself_are_not_trusted(safe: Path) -> None:
    change(safe, in_conf("sklearn", skops_trusted_types=["os.system"]))
    with pytest.raises(UnsafeModel):
        load_folder(safe)


def test_there_is_no_folder_or_no_mlmodel_file(tmp_path: Path) -> None:
    with pytest.raises(NotAModel, match="there is no folder"):
        load_folder(tmp_path / "nowhere")
    with pytest.raises(NotAModel, match="holds no file MLmodel"):
        load_folder(tmp_path)
    (tmp_path / "MLmodel").write_text("a: [")
    with pytest.raises(NotAModel, match="not valid YAML"):
        load_folder(tmp_path)


def test_a_missing_file(safe: Path) -> None:
    recorded = hash_folder(safe)
    (safe / "model.skops").unlink()
    with pytest.raises(ModelFileMissing, match=r"'model.skops' of the model is missing"):
        load_folder(safe)
    with pytest.raises(ModelFileMissing, match=r"'model.skops' of the model is missing"):
        load_folder(safe, files=recorded)


def test_a_damaged_file(safe: Path) -> None:
    recorded = hash_folder(safe)
    content = (safe / "model.skops").read_bytes()
    (safe / "model.skops").write_bytes(content[: len(content) // 2])
    with pytest.raises(LoadFailed, match=r"sklearn could not load the model .* its files may be damaged"):
        load_folder(safe)
    with pytest.raises(ModelFileChanged):
        load_folder(safe, files=recorded)


@pytest.mark.parametrize("said", ["../../secret.pkl", "/etc/passwd", None, 3, ""])
def test_paths_of_the_mlmodel_file_stay_in_the_folder(safe: Path, said: object) -> None:
    (safe.parent.parent / "secret.pkl").write_bytes(pickle.dumps(3))
    change(safe, in_conf("sklearn", pickled_model=said))
    with pytest.raises(NotAModel, match="the MLmodel file names"):
        load_folder(safe)


def test_code_outside_of_the_folder_is_not_imported(pickled: Path) -> None:
    change(pickled, in_conf("sklearn", code="../.."))
    before = list(sys.path)
    with pytest.raises(NotAModel, match="outside of the model's folder"):
        load_folder(pickled, trust_pickle=True)
    assert sys.path == before


def test_links_are_not_followed(safe: Path, tmp_path: Path) -> None:
    (safe / "model.skops").rename(tmp_path / "elsewhere")
    (safe / "model.skops").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotAModel, match="link"):
        load_folder(safe)


def test_a_flavour_that_the_model_does_not_have(safe: Path) -> None:
    change(safe, lambda flavors: flavors.pop("python_function"))
    with pytest.raises(UnknownFlavor, match="has no flavour 'python_function': it has sklearn"):
        load_pyfunc(safe)
    with pytest.raises(UnknownFlavor, match="'spark' is not known here"):
        load_folder(safe, "spark")
    change(safe, lambda flavors: flavors.update(spark=flavors.pop("sklearn")))
    with pytest.raises(UnknownFlavor, match=r"none of the model's flavours \(spark\) is known here"):
        load_folder(safe)


def test_another_major_version_of_the_library(safe: Path) -> None:
    change(safe, in_conf("sklearn", sklearn_version="0.24.2"))
    with pytest.raises(
        DependencyMissing, match=r"saved with scikit-learn 0.24.2, here is .* install scikit-learn==0.24.2"
    ):
        load_folder(safe)
    with pytest.warns(UserWarning, match="its answers may differ"):
        assert load_folder(safe, ignore_versions=True) is not None


def test_another_minor_version_is_a_warning(safe: Path) -> None:
    import sklearn

    change(safe, in_conf("sklearn", sklearn_version=f"{sklearn.__version__.partition('.')[0]}.999.1"))
    with pytest.warns(UserWarning, match="999.1, here is"):
        assert load_folder(safe) is not None


def test_a_library_that_is_not_installed(pickled: Path) -> None:
    (pickled / "model.pkl").write_bytes(b"cnot_installed_here.thing\nThing\n.")
    (pickled / "requirements.txt").write_text("not_installed-here==1.2.3\n")
    expected = r"needs the Python module 'not_installed_here', .*pip install 'not_installed_here==1.2.3'"
    with pytest.raises(DependencyMissing, match=expected):
        load_folder(pickled, trust_pickle=True)


def test_what_is_loaded_is_never_nothing(pickled: Path) -> None:
    (pickled / "model.pkl").write_bytes(pickle.dumps(None))
    with pytest.raises(LoadFailed, match="has made nothing"):
        load_folder(pickled, trust_pickle=True)
    with pytest.raises(LoadFailed):
        load_pyfunc(pickled, trust_pickle=True)


def test_loader_modules_that_are_not_known_read_whatever_they_like(safe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(safe, in_conf("python_function", loader_module="mlflow.catboost"))
    with pytest.raises(UnsafeModel, match="'MLmodel' and 4 more"):
        load_pyfunc(safe)
    with pytest.raises(DependencyMissing, match=r"loaded by the Python module 'mlflow.catboost'"):
        load_pyfunc(safe, trust_pickle=True)
    change(safe, in_conf("python_function", loader_module="loader_of_somebody"))
    monkeypatch.setitem(sys.modules, "loader_of_somebody", _Loader())
    assert load_pyfunc(safe, trust_pickle=True).predict(3) == (str(safe), 3)


class _Loader:
    def _load_pyfunc(self, path: str) -> Any:
        class Wrapper:
            def predict(self, data: Any) -> Any:
                return path, data

        return Wrapper()


def test_modules_of_two_models_are_not_mixed_up(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "helper_of_both.py").write_text(f"NAME = '{name}'\n")
        save_model("pyfunc", said_by_helper, tmp_path / f"m-{name}", code_paths=[tmp_path / name / "helper_of_both.py"])
    assert load_pyfunc(tmp_path / "m-one", trust_pickle=True).predict(0) == "one"
    with pytest.raises(LoadFailed, match="'helper_of_both', and another one of that name is imported already"):
        load_pyfunc(tmp_path / "m-two", trust_pickle=True)


def said_by_helper(_: Any) -> Any:
    from helper_of_both import NAME  # type: ignore[import-not-found]

    return NAME


def test_compiled_files_between_recorded_sources_are_not_run(tmp_path: Path) -> None:
    (tmp_path / "helper_with_cache.py").write_text("NAME = 'source'\n")
    save_model("pyfunc", said_by_cached, tmp_path / "m", code_paths=[tmp_path / "helper_with_cache.py"])
    recorded = hash_folder(tmp_path / "m")
    cache = tmp_path / "m" / "code" / "__pycache__"
    cache.mkdir()
    (cache / f"helper_with_cache.{sys.implementation.cache_tag}.pyc").write_bytes(b"evil")
    assert load_pyfunc(tmp_path / "m", files=recorded).predict(0) == "source"


def said_by_cached(_: Any) -> Any:
    from helper_with_cache import NAME  # type: ignore[import-not-found]

    return NAME


def test_all_errors_are_one_line(safe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise ValueError("first\nsecond")

    monkeypatch.setattr("solvent.models.flavors.sklearn.load", fail)
    with pytest.raises(LoadFailed, match="ValueError: first second") as raised:
        loading.load_folder(safe)
    assert "\n" not in str(raised.value)
