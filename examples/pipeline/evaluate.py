"""Measure the trained model on the test part."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.neighbors import KNeighborsClassifier

import solvent


def evaluate(prepared: str, trained: str) -> None:
    """Measure the model of the run ``trained`` on the data of the run ``prepared``."""
    client = solvent.Client()
    with solvent.start_run(), tempfile.TemporaryDirectory() as folder:
        train, test = (
            pd.read_csv(client.download_artifacts(prepared, f"prepared/{name}.csv", folder))
            for name in ("train", "test")
        )
        model = json.loads(Path(client.download_artifacts(trained, "model.json", folder)).read_text())
        solvent.log_input(test, context="testing", name="wine")
        classify = KNeighborsClassifier(model["neighbours"]).fit(train[model["features"]], train["target"])
        found = classify.predict(test[model["features"]])
        solvent.log_metric("test_accuracy", float(accuracy_score(test["target"], found)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Evaluate a trained model.")
    parser.add_argument("prepared", help="id of the run that prepared the data")
    parser.add_argument("trained", help="id of the run that trained the model")
    arguments = parser.parse_args()
    evaluate(arguments.prepared, arguments.trained)
