"""What an unmodified MLflow client does with a scikit-learn model: log it, register it."""

import sys
from pathlib import Path

import mlflow
import mlflow.sklearn
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LinearRegression

data = pd.DataFrame({"x": [0.0, 1.0, 2.0]})
model = LinearRegression().fit(data, data["x"])
with mlflow.start_run() as run:
    where = {"name": "line"} if mlflow.__version__ >= "3" else {"artifact_path": "line"}
    mlflow.sklearn.log_model(model, signature=infer_signature(data, model.predict(data)), input_example=data, **where)
mlflow.register_model(f"runs:/{run.info.run_id}/line", "line")
Path(sys.argv[1]).write_text(run.info.run_id)
