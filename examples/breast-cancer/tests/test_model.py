"""The model learns, is the same for the same seed, and survives saving."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

import data
import model


@pytest.fixture(scope="module")
def parts() -> data.Parts:
    return data.load()


def last(parts: data.Parts, settings: model.Settings) -> Pipeline:
    *_, fitted = model.fit(parts.train, settings)
    return fitted


def test_it_is_good_on_rows_that_it_has_not_seen(parts: data.Parts) -> None:
    quality = model.measure(last(parts, model.Settings()), parts.validation)
    assert quality["roc_auc"] > 0.98
    assert quality["sensitivity"] > 0.9


def test_training_lowers_the_loss(parts: data.Parts) -> None:
    losses = [model.measure(fitted, parts.train)["log_loss"] for fitted in model.fit(parts.train, model.Settings())]
    assert losses[-1] < losses[0]


def test_the_same_seed_gives_the_same_model(parts: data.Parts) -> None:
    first, second = (last(parts, model.Settings(epochs=3)) for _ in range(2))
    assert np.array_equal(first["classify"].coef_, second["classify"].coef_)


def test_a_stronger_l1_penalty_drops_features(parts: data.Parts) -> None:
    sparse = model.coefficients(last(parts, model.Settings(alpha=0.1, l1_ratio=1.0)))
    assert (sparse["coefficient"] == 0).sum() > 10


def test_a_saved_model_predicts_the_same(parts: data.Parts, tmp_path: Path) -> None:
    fitted = last(parts, model.Settings(epochs=2))
    model.save(fitted, tmp_path / "model.skops")
    loaded = model.load(tmp_path / "model.skops")
    assert np.array_equal(loaded.predict_proba(parts.test.features), fitted.predict_proba(parts.test.features))
