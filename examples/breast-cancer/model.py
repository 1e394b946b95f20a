"""The classifier: standardised features and a logistic regression with an elastic-net penalty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import skops.io
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score, log_loss, recall_score, roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from data import Part


@dataclass(frozen=True)
class Settings:
    """``alpha``: strength of the penalty; ``l1_ratio``: its L1 share, 0 to 1; ``seed``: order of the rows."""

    alpha: float = 0.01
    l1_ratio: float = 0.15
    epochs: int = 40
    seed: int = 7


def fit(part: Part, settings: Settings) -> Iterator[Pipeline]:
    """Yield the model after each pass over ``part``; it is one object that learns on, not a copy."""
    scale = StandardScaler().set_output(transform="pandas")
    scaled = scale.fit_transform(part.features)
    classify = SGDClassifier(
        loss="log_loss",
        penalty="elasticnet",
        alpha=settings.alpha,
        learning_rate="constant",
        eta0=0.002,
        l1_ratio=settings.l1_ratio,
        random_state=settings.seed,
    )
    model = Pipeline([("scale", scale), ("classify", classify)])
    for _ in range(settings.epochs):
        classify.partial_fit(scaled, part.malignant, classes=[False, True])
        yield model


def measure(model: Pipeline, part: Part) -> dict[str, float]:
    """Quality on ``part``. Sensitivity is the share of malignant tumours that are found."""
    risk = model.predict_proba(part.features)[:, 1]
    found = risk >= 0.5
    return {
        "log_loss": float(log_loss(part.malignant, risk)),
        "roc_auc": float(roc_auc_score(part.malignant, risk)),
        "accuracy": float(accuracy_score(part.malignant, found)),
        "sensitivity": float(recall_score(part.malignant, found)),
        "specificity": float(recall_score(part.malignant, found, pos_label=False)),
    }


def coefficients(model: Pipeline) -> pd.DataFrame:
    """What each feature adds to the log-odds of malignancy per standard deviation, the largest first."""
    table = pd.DataFrame({"feature": model["scale"].feature_names_in_, "coefficient": model["classify"].coef_[0]})
    return table.sort_values("coefficient", key=abs, ascending=False, ignore_index=True)


def save(model: Pipeline, path: Path) -> None:
    """Write the model with skops: a zip of arrays and a description, no pickle."""
    skops.io.dump(model, path)


def load(path: Path) -> Pipeline:
    """Read a model back. Only types that skops knows to be harmless are accepted.

    Raises:
        skops.io.exceptions.UntrustedTypesFoundException: the file holds any other type.
    """
    return skops.io.load(path, trusted=[])
