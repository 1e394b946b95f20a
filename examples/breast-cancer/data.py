"""The Breast Cancer Wisconsin (Diagnostic) data set, split once and for all.

569 tumours, each described by 30 measures of the cell nuclei in a digitised image of a fine needle
aspirate (Street, Wolberg and Mangasarian, 1993). The file ships with scikit-learn: nothing is
downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

SPLIT_SEED = 1993
"""The split is part of the data set, so it has a seed of its own: a run's ``seed`` never moves rows
between the parts, and runs stay comparable."""


@dataclass(frozen=True)
class Part:
    """``features``: one row per tumour, 30 columns of floats. ``malignant``: the truth, one bool per row."""

    features: pd.DataFrame
    malignant: pd.Series

    def frame(self) -> pd.DataFrame:
        """Features and truth in one table."""
        return self.features.assign(malignant=self.malignant)


@dataclass(frozen=True)
class Parts:
    """``train`` fits the model, ``validation`` chooses its settings, ``test`` is for the chosen one alone."""

    train: Part
    validation: Part
    test: Part


def source() -> Path:
    """The file that the rows come from."""
    return Path(str(files("sklearn.datasets.data") / "breast_cancer.csv"))


def load() -> Parts:
    """Read and split: 60 % train, 20 % validation, 20 % test, with the same share of malignant tumours."""
    features, benign = load_breast_cancer(return_X_y=True, as_frame=True)
    features = features.rename(columns=lambda name: name.replace(" ", "_"))
    malignant = (benign == 0).rename("malignant")
    rest_x, test_x, rest_y, test_y = train_test_split(
        features, malignant, test_size=0.2, stratify=malignant, random_state=SPLIT_SEED
    )
    train_x, validation_x, train_y, validation_y = train_test_split(
        rest_x, rest_y, test_size=0.25, stratify=rest_y, random_state=SPLIT_SEED
    )
    return Parts(Part(train_x, train_y), Part(validation_x, validation_y), Part(test_x, test_y))
