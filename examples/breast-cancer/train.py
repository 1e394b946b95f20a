"""Train the classifier and record how it went: settings, data, every epoch's quality, the model.

    solvent run examples/breast-cancer -P alpha=0.05

or, in an environment made from requirements.lock with Solvent in it:

    python train.py --alpha 0.05
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import asdict
from pathlib import Path

import data
import model
import solvent


def train(file: Path, settings: model.Settings) -> str:
    """Train on ``file`` and record in one run; return the run's id."""
    parts = data.load(file)
    with solvent.start_run() as run:
        solvent.log_params(asdict(settings))
        solvent.log_input(file, context="source")
        solvent.log_input(parts.train.frame(), context="training", name="breast-cancer")

        for epoch, fitted in enumerate(model.fit(parts.train, settings)):
            for name, part in (("train", parts.train), ("validation", parts.validation)):
                quality = {f"{name}_{key}": value for key, value in model.measure(fitted, part).items()}
                solvent.log_metrics(quality, step=epoch)

        solvent.log_table(model.coefficients(fitted), "coefficients.json")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.skops"
            model.save(fitted, path)
            solvent.log_artifact(str(path), "model")
    return str(run.info.run_id)


def arguments() -> tuple[Path, model.Settings]:
    """The data and the settings of the command line."""
    parser = argparse.ArgumentParser(description="Train the breast cancer classifier.")
    parser.add_argument("data", nargs="?", type=Path, default=data.FILE, help="the file with the tumours")
    for name, default in asdict(model.Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    given = vars(parser.parse_args())
    return given.pop("data"), model.Settings(**given)


if __name__ == "__main__":
    train(*arguments())
