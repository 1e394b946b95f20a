"""The Breast Cancer Wisconsin (Diagnostic) data set, split once and for all.

569 tumours, each described by 30 measures of the cell nuclei in a digitised image of a fine needle
aspirate (Street, Wolberg and Mangasarian, 1993). tumours.odcs.yaml says what the file must be;
``solvent run`` holds it against that before anything of this project starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

from features import size_variation

FILE = Path(__file__).with_name("data") / "tumours.csv"
"""Written by write_data.py."""
SPLIT_SEED = 1993
"""The split is part of the data set, so it has a seed of its own: a run's ``seed`` never moves rows
between the parts, and runs stay comparable."""


@dataclass(frozen=True)
class Part:
    """``features``: one row per tumour, 31 columns of floats: the measures, and what features.py makes of them.

    ``malignant``: the truth, one bool per row.
    """

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


def load(file: Path = FILE) -> Parts:
    """Read and split: 60 % train, 20 % validation, 20 % test, with the same share of malignant tumours."""
    tumours = pd.read_csv(file)
    measures, malignant = tumours.drop(columns="malignant"), tumours["malignant"]
    features = measures.assign(size_variation=size_variation(measures))
    rest_x, test_x, rest_y, test_y = train_test_split(
        features, malignant, test_size=0.2, stratify=malignant, random_state=SPLIT_SEED
    )
    train_x, validation_x, train_y, validation_y = train_test_split(
        rest_x, rest_y, test_size=0.25, stratify=rest_y, random_state=SPLIT_SEED
    )
    return Parts(Part(train_x, train_y), Part(validation_x, validation_y), Part(test_x, test_y))
