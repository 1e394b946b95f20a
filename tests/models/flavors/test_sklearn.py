from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solvent.errors import InvalidInput
from solvent.models.errors import LoadFailed, NotAModel
from solvent.models.facts import unsafe_files
from solvent.models.files import file_paths
from solvent.models.flavors import serialized
from solvent.models.flavors import sklearn as flavor
from solvent.models.load import load_folder, load_pyfunc, read_folder
from solvent.models.save import save_model

X = np.random.default_rng(3).normal(size=(60, 3))
Y = (X[:, 0] > 0).astype(int)


def estimators() -> list[Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return [
        LogisticRegression(),
        RandomForestClassifier(n_estimators=3),
        HistGradientBoostingClassifier(max_iter=3),
        make_pipeline(StandardScaler(), SVC()),
        KNeighborsClassifier(),
        GridSearchCV(LogisticRegression(), {"C": [0.5, 1.0]}),
        MLPClassifier(hidden_layer_sizes=(3,), max_iter=400, tol=0.1),
    ]


@pytest.mark.parametrize("model", estimators(), ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("serialization_format", serialized.FORMATS)
def test_an_estimator_comes_back_and_says_the_same(model: Any, serialization_format: str, tmp_path: Path) -> None:
    model.fit(X, Y)
    save_model("sklearn", model, tmp_path / "m", serialization_format=serialization_format)
    safe = serialization_format == "skops"
    unsafe = unsafe_files(read_folder(tmp_path / "m"), file_paths(tmp_path / "m"))
    assert unsafe == ([] if safe else ["model.pkl"])
    loaded = load_folder(tmp_path / "m", trust_pickle=not safe)
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))


def test_requirements_name_what_the_file_needs(tmp_path: Path) -> None:
    save_model("sklearn", estimators()[0].fit(X, Y), tmp_path / "m")
    lines = (tmp_path / "m" / "requirements.txt").read_text().splitlines()
    assert [line.partition("==")[0] for line in lines] == ["numpy", "scikit-learn", "skops"]
    assert all("==" in line for line in lines)


def test_another_method_may_be_what_predicts(tmp_path: Path) -> None:
    model = estimators()[0].fit(X, Y)
    save_model("sklearn", model, tmp_path / "m", predict_fn="predict_proba")
    np.testing.assert_array_equal(load_pyfunc(tmp_path / "m").predict(X), model.predict_proba(X))


@pytest.mark.parametrize("said", ["__init__", "_repr_html_", "nothing", "coef_"])
def test_only_methods_predict(said: str, tmp_path: Path) -> None:
    save_model("sklearn", estimators()[0].fit(X, Y), tmp_path / "m")
    text = (tmp_path / "m" / "MLmodel").read_text()
    (tmp_path / "m" / "MLmodel").write_text(text.replace("predict_fn: predict", f"predict_fn: {said}"))
    with pytest.raises(LoadFailed, match=f"says that '{said}' predicts"):
        load_pyfunc(tmp_path / "m")


def test_what_does_not_predict_has_no_python_function(tmp_path: Path) -> None:
    from sklearn.preprocessing import StandardScaler

    said = save_model("sklearn", StandardScaler().fit(X), tmp_path / "m")
    assert list(said.flavors) == ["sklearn"]
    assert load_folder(tmp_path / "m").transform(X).shape == X.shape


def test_types_that_skops_does_not_know_have_to_be_named(tmp_path: Path) -> None:
    from sklearn.preprocessing import FunctionTransformer

    model = FunctionTransformer(halved)
    with pytest.raises(InvalidInput, match=r"types that skops does not know: .*halved") as raised:
        save_model("sklearn", model, tmp_path / "m")
    assert not (tmp_path / "m").exists()
    name = str(raised.value).split("know: ")[1].split(".")
    trusted = ".".join(name[: name.index("halved") + 1]) if "halved" in name else f"{halved.__module__}.halved"
    save_model("sklearn", model, tmp_path / "m", trusted_types=[trusted])
    assert unsafe_files(read_folder(tmp_path / "m"), file_paths(tmp_path / "m")) == ["model.skops"]
    np.testing.assert_array_equal(load_folder(tmp_path / "m", trust_pickle=True).transform(X), X / 2)


def test_own_classes_within_a_pipeline_go_with_the_pickle(tmp_path: Path) -> None:
    """Where the model is loaded, the project is not."""
    (tmp_path / "own_steps.py").write_text(
        "from sklearn.base import BaseEstimator, TransformerMixin\n"
        "import own_numbers\n"
        "class Times(BaseEstimator, TransformerMixin):\n"
        "    def fit(self, X, y=None):\n        self.fitted_ = True\n        return self\n"
        "    def transform(self, X): return own_numbers.times(X)\n"
    )
    (tmp_path / "own_numbers.py").write_text("FACTOR = 3\ndef times(X): return X * FACTOR\n")
    script = (
        "import sys, own_steps\n"
        "from sklearn.pipeline import make_pipeline\n"
        "from solvent.models.save import save_model\n"
        "model = make_pipeline(own_steps.Times()).fit([[1.0]])\n"
        "save_model('sklearn', model, sys.argv[1], serialization_format='cloudpickle')\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "m")], cwd=tmp_path, check=True)
    assert load_folder(tmp_path / "m", trust_pickle=True).transform(X) == pytest.approx(X * 3)


def halved(data: Any) -> Any:
    return data / 2


def test_what_can_not_be_held_is_said(tmp_path: Path) -> None:
    from sklearn.preprocessing import FunctionTransformer

    model = FunctionTransformer(lambda data: data)
    for form in ("skops", "pickle"):
        with pytest.raises(InvalidInput, match=r"can't hold|does not know: .*<lambda>"):
            save_model("sklearn", model, tmp_path / "m", serialization_format=form)
    save_model("sklearn", model, tmp_path / "m", serialization_format="cloudpickle")
    assert load_folder(tmp_path / "m", trust_pickle=True).transform(X) is not None


@pytest.mark.parametrize(
    ("model", "options", "expected"),
    [
        (None, {}, "expected an estimator of scikit-learn, came a NoneType"),
        (int, {}, "came a class"),
        (3, {"serialization_format": "joblib"}, "expected one of skops, cloudpickle, pickle"),
        (3, {"compress": 3}, "no option 'compress'"),
    ],
)
def test_bad_input(model: Any, options: dict[str, Any], expected: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=expected):
        save_model("sklearn", model, tmp_path / "m", **options)


def test_an_unknown_format_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(b"")
    with pytest.raises(NotAModel, match="names the format 'joblib'"):
        flavor.load(tmp_path, {"pickled_model": "model.pkl", "serialization_format": "joblib"})
