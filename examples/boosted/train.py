"""Gradient boosted trees on the diabetes data: how far the disease has come a year after ten measures were taken.

    solvent run examples/boosted -P leaves=31

442 patients (Efron, Hastie, Johnstone and Tibshirani, 2004). The data ships with scikit-learn.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

import solvent

SPLIT_SEED = 2004
"""The split is part of the data set, so it has a seed of its own."""


def train(settings: argparse.Namespace) -> None:
    """Train and record in one run."""
    features, progression = load_diabetes(return_X_y=True, as_frame=True)
    train_x, test_x, train_y, test_y = train_test_split(features, progression, test_size=0.25, random_state=SPLIT_SEED)
    parameters = {
        "objective": "regression",
        "num_leaves": settings.leaves,
        "learning_rate": settings.learning_rate,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "seed": settings.seed,
        "deterministic": True,  # the same trees, however many threads there are
        "force_row_wise": True,  # else it measures which way is faster, and sums in another order
        "verbosity": -1,
    }
    with solvent.start_run():
        solvent.log_input(features, context="training", name="diabetes")
        data = lightgbm.Dataset(train_x, train_y)
        booster = lightgbm.train(parameters, data, num_boost_round=settings.rounds)
        error = test_y - booster.predict(test_x)
        solvent.log_metrics({"test_rmse": float(np.sqrt(np.mean(error**2))), "test_mae": float(np.mean(np.abs(error)))})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.txt"
            booster.save_model(path)
            solvent.log_artifact(str(path), "model")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train boosted trees on the diabetes data.")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--leaves", type=int, default=15)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=7)
    train(parser.parse_args())
