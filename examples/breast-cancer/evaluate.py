"""Evaluate the model of one training run on the test part, in a run of its own.

    solvent run examples/breast-cancer -e evaluate -P run_id=...

Settings are chosen on the validation part. The test part tells how good the chosen model is, and
only as long as it has not been used for choosing: evaluate one model, not all of them.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import data
import model
import solvent


def evaluate(run_id: str, file: Path) -> dict[str, float]:
    """Measure the model that the run ``run_id`` saved; record and return its quality on the test part of ``file``."""
    test = data.load(file).test
    with tempfile.TemporaryDirectory() as folder:
        fitted = model.load(Path(solvent.Client().download_artifacts(run_id, "model/model.skops", folder)))

    quality = {f"test_{key}": value for key, value in model.measure(fitted, test).items()}
    risk = fitted.predict_proba(test.features)[:, 1]
    mistakes = test.frame().assign(risk=risk)[(risk >= 0.5) != test.malignant]
    with solvent.start_run():
        solvent.set_tag("trained_by", run_id)
        solvent.log_input(test.frame(), context="testing", name="breast-cancer")
        solvent.log_metrics(quality)
        solvent.log_table(mistakes, "mistakes.json")
    return quality


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Evaluate the model of a training run on the test part.")
    parser.add_argument("run_id", help="id of the training run")
    parser.add_argument("data", nargs="?", type=Path, default=data.FILE, help="the file with the tumours")
    given = parser.parse_args()
    evaluate(given.run_id, given.data)
