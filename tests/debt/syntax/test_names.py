"""Names are what imports and assignments make them."""

from __future__ import annotations

import pytest

from tests.debt.helpers import module_of


def names(source: str, path: str = "pkg/train.py") -> list[str]:
    return [call.name for call in module_of(source, path).calls]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import pandas as pd\npd.read_csv('a')", "pandas.read_csv"),
        ("import os.path\nos.path.join('a')", "os.path.join"),
        (
            "from sklearn.model_selection import train_test_split as split\nsplit(X)",
            "sklearn.model_selection.train_test_split",
        ),
        ("from . import data\ndata.load()", "pkg.data.load"),
        ("from .data import load\nload()", "pkg.data.load"),
        ("from ..shared import load\nload()", "shared.load"),
        ("print('a')", "print"),
        ("Model()", "Model"),
        ("def load(): pass\nload()", "pkg.train.load"),
        ("def f(load):\n    load()", "?"),
        ("def f(x):\n    x.fit(1)", "?.fit"),
        ("import numpy as np\ndef f(np):\n    np.array(1)", "?.array"),
        ("import pandas as pd\ndef f(df: pd.DataFrame):\n    df.dropna()", "pandas.DataFrame.dropna"),
    ],
)
def test_the_last_call_of_a_source_has_this_name(source: str, name: str) -> None:
    assert names(source)[-1] == name


def test_methods_are_those_of_what_the_variable_was_given() -> None:
    source = """
from sklearn.ensemble import RandomForestClassifier
import pandas as pd
class Trainer:
    def __init__(self):
        self.model = RandomForestClassifier()
    def run(self, path):
        frame = pd.read_csv(path)
        self.model.fit(frame[["a"]], frame["b"])
        frame["a"].fillna(0).mean()
Trainer().run("x")
"""
    found = names(source)

    assert "sklearn.ensemble.RandomForestClassifier.fit" in found
    assert "pandas.Series.fillna" in found
    assert "pandas.Series.mean" in found
    assert found[-2:] == ["pkg.train.Trainer.run", "pkg.train.Trainer"]


def test_a_variable_of_two_types_has_none() -> None:
    source = "from a import One\nfrom b import Two\nx = One()\nx = Two()\nx.fit(1)"

    assert names(source)[-1] == "?.fit"


def test_a_variable_that_is_given_itself_ends() -> None:
    assert (
        names("import pandas as pd\nx = pd.read_csv('a')\nx = x.dropna()\nx = x\nx.sum()")[-1] == "pandas.DataFrame.sum"
    )
    assert names("x = x\nx.fit(1)")[-1] == "?.fit"


@pytest.mark.parametrize("mode", ["model.train()", "model.train(True)", "model.train(mode=False)"])
def test_a_network_set_to_training_is_not_trained(mode: str) -> None:
    module = module_of(f"model = Net()\n{mode}")

    assert list(module.calls_of("trains")) == []


def test_training_with_data_is() -> None:
    module = module_of("model = Model()\nmodel.train(data)")

    assert [call.name for call in module.calls_of("trains")] == ["Model.train"]
