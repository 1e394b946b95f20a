"""What trains a model, and what only sounds like it."""

from __future__ import annotations

import pytest

from solvent.debt.practice.saving import keeps_model
from solvent.debt.practice.training import training_calls
from tests.debt.helpers import module_of


@pytest.mark.parametrize(
    "source",
    [
        "from sklearn.svm import SVC\nSVC().fit(X, y)",
        "import xgboost as xgb\nxgb.train(params, data)",
        "model.fit(X, y)",
        "something.fit(X, y)",
        "model.train(data)",
        "for x in loader:\n    loss.backward()\n    optimizer.step()",
    ],
)
def test_these_train_a_model(source: str) -> None:
    assert len(training_calls(module_of(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(X)",
        "scaler.fit(X)",
        "something.fit(X)",
        "model.train()",
        "model.train(False)",
        "trainer.fit(model, loader)",
        "from scipy.stats import norm\nnorm.fit(x)",
        "from sklearn.model_selection import GridSearchCV\nGridSearchCV(model, grid).fit(X, y)",
        "loss.backward()",
    ],
)
def test_these_do_not(source: str) -> None:
    assert training_calls(module_of(source)) == []


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("import joblib\njoblib.dump(model, 'm')", True),
        ("import joblib\njoblib.dump(results, 'r')", True),
        ("import joblib\njoblib.dump(scaler, 's')", False),
        ("import pickle\npickle.dump(list(feature_columns), file)", False),
        ("import mlflow\nmlflow.log_artifact('roc.png')", False),
        ("import mlflow\nmlflow.log_artifact(path)", True),
        ("import mlflow\nmlflow.sklearn.autolog()", True),
        ("from keras.callbacks import ModelCheckpoint\nModelCheckpoint('best')", True),
        ("trainer.fit(net)", True),
        ("plt.savefig('a.png')", False),
        ("json.dump(metrics, file)", False),
    ],
)
def test_what_keeps_a_model(source: str, kept: bool) -> None:
    module = module_of(source)

    assert any(keeps_model(module, call) for call in module.calls) is kept
