"""The real MLflow reads the input examples in a folder, and writes its own into another.

``python -m tests.oracle.signatures.mlflow_examples READ WRITE``: each folder holds one model's folder per case;
``READ/told.json`` says what MLflow has read.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.models import Model, infer_signature
from mlflow.models.utils import _read_example, _read_example_params, _save_example

from tests.oracle.signatures.cases import EXAMPLES, told


def read(folder: Path) -> Any:
    """MLflow can't read all of what it writes: whole numbers with gaps."""
    model = Model.load(str(folder / "MLmodel"))
    try:
        return [told(_read_example(model, str(folder))), _read_example_params(model, str(folder))]
    except MlflowException as error:
        return str(error)


def main(ours: Path, theirs: Path) -> None:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    said = {}
    for number, (make, params) in enumerate(EXAMPLES.values()):
        folder = theirs / str(number)
        folder.mkdir(parents=True)
        model = Model(signature=infer_signature(make()))
        _save_example(model, make() if params is None else (make(), params), str(folder))
        model.save(str(folder / "MLmodel"))
        said[str(number)] = [read(ours / str(number)), read(folder)]
    (ours / "told.json").write_text(json.dumps(said, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
