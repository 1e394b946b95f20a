"""Log and register a small model with MLflow, and give it an alias."""

import mlflow
from sklearn.linear_model import LogisticRegression

model = LogisticRegression().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]], [0, 0, 1, 1])
with mlflow.start_run():
    mlflow.sklearn.log_model(model, name="model", registered_model_name="bench", serialization_format="skops")
mlflow.MlflowClient().set_registered_model_alias("bench", "champion", "1")
