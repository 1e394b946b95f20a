"""A training script written for MLflow. It knows nothing of Solvent, and needs no change.

    solvent run examples/breast-cancer-mlflow -P alpha=0.05

MLflow's client finds the tracking server and the run in the environment, as it always does.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import mlflow
import mlflow.data
import skops.io
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

SEED = 7


def train(alpha: float, epochs: int) -> None:
    """Fit a logistic regression for ``epochs`` passes with a penalty of strength ``alpha``."""
    features, benign = load_breast_cancer(return_X_y=True, as_frame=True)
    malignant = (benign == 0).rename("malignant")
    train_x, test_x, train_y, test_y = train_test_split(
        features, malignant, test_size=0.25, stratify=malignant, random_state=SEED
    )
    scale = StandardScaler().set_output(transform="pandas").fit(train_x)
    classify = SGDClassifier(loss="log_loss", alpha=alpha, learning_rate="constant", eta0=0.002, random_state=SEED)
    fitted = Pipeline([("scale", scale), ("classify", classify)])

    with mlflow.start_run():
        mlflow.log_params({"alpha": alpha, "epochs": epochs})
        rows = mlflow.data.from_pandas(train_x.assign(malignant=train_y), name="breast-cancer", targets="malignant")
        mlflow.log_input(rows, context="training")

        for epoch in range(epochs):
            classify.partial_fit(scale.transform(train_x), train_y, classes=[False, True])
            risk = fitted.predict_proba(test_x)[:, 1]
            quality = {"log_loss": log_loss(test_y, risk), "roc_auc": roc_auc_score(test_y, risk)}
            mlflow.log_metrics(quality, step=epoch)

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.skops"
            skops.io.dump(fitted, path)
            mlflow.log_artifact(str(path), "model")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the breast cancer classifier.")
    parser.add_argument("--alpha", type=float, default=0.01)
    parser.add_argument("--epochs", type=int, default=40)
    arguments = parser.parse_args()
    train(arguments.alpha, arguments.epochs)
