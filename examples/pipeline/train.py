"""Choose the features that tell the growers apart best, and keep which they are: the model asks its nearest neighbours."""

from __future__ import annotations

import argparse
import tempfile

import pandas as pd
from sklearn.feature_selection import f_classif
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

import solvent

MOST_FEATURES = 8


def train(prepared: str, neighbours: int) -> None:
    """Train on what the run ``prepared`` keeps, and record."""
    with solvent.start_run(), tempfile.TemporaryDirectory() as folder:
        path = solvent.Client().download_artifacts(prepared, "prepared/train.csv", folder)
        data = pd.read_csv(path)
        solvent.log_input(data, context="training", name="wine")
        measures, grower = data.drop(columns="target"), data["target"]
        scores = pd.Series(f_classif(measures, grower)[0], measures.columns)
        chosen = sorted(scores.nlargest(MOST_FEATURES).index)
        quality = cross_val_score(KNeighborsClassifier(neighbours), measures[chosen], grower, cv=5)
        solvent.log_metric("validation_accuracy", float(quality.mean()))
        solvent.log_dict({"features": chosen, "neighbours": neighbours}, "model.json")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train on prepared data.")
    parser.add_argument("prepared", help="id of the run that prepared the data")
    parser.add_argument("--neighbours", type=int, default=5)
    arguments = parser.parse_args()
    train(arguments.prepared, arguments.neighbours)
