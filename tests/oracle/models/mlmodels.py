"""Run by the Python of an MLflow's environment: MLmodel files that MLflow writes, and whether it reads others the same.

python mlmodels.py write FOLDER      FOLDER/<name>/MLmodel for several models
python mlmodels.py same FOLDER       FOLDER/same.json: what MLflow reads in <name> and in <name>/again
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def models() -> dict[str, Any]:
    import numpy as np
    import pandas as pd
    from mlflow.models import Model, infer_signature

    frame = pd.DataFrame({"größe": [1.5, 2.0], "kind": ["x", "y"], "n": np.array([1, 2], dtype="int64")})
    full = Model(
        artifact_path="model",
        run_id="5a0f" * 8,
        signature=infer_signature(frame, np.array([1.0]), params={"by": 2, "name": "a: b\n'c'"}),
        saved_input_example_info={"artifact_path": "input_example.json", "type": "dataframe", "pandas_orient": "split"},
        metadata={"owner": "me", "nested": {"a": [1, 2.5, None, True, "no", "1.10", "2024-01-02", "0x10", "1e3", "~"]}},
        model_size_bytes=1 << 40,
    )
    full.add_flavor("python_function", loader_module="mlflow.sklearn", env={"conda": "c", "virtualenv": "v"}, code=None)
    full.add_flavor("sklearn", sklearn_version="1.10", pickled_model="model.pkl", ünïcode="é\U0001f600", empty={})
    many = pd.DataFrame(np.zeros((2, 500)), columns=[f"column {i}" for i in range(500)])
    wide = Model(signature=infer_signature(many, many))
    wide.add_flavor("x", numbers=[1, 2.0, -0.5, 1e300], text="line\nline\n", blank="", on="on")
    tensor = Model(signature=infer_signature(np.zeros((3, 4, 5), dtype="float32"), np.zeros(3, dtype="int64")))
    tensor.add_flavor("onnx", data="model.onnx", providers=["CPUExecutionProvider"])
    return {"full": full, "wide": wide, "tensor": tensor, "empty": Model(run_id="r", artifact_path="a")}


def write(folder: Path) -> None:
    for name, model in models().items():
        (folder / name).mkdir()
        model.save(str(folder / name / "MLmodel"))


def same(folder: Path) -> None:
    from mlflow.models import Model

    told = {}
    for first in sorted(path for path in folder.iterdir() if path.is_dir()):
        told[first.name] = [Model.load(str(path)).to_dict() for path in (first, first / "again")]
    (folder / "same.json").write_text(json.dumps(told, default=str))


if __name__ == "__main__":
    {"write": write, "same": same}[sys.argv[1]](Path(sys.argv[2]))
