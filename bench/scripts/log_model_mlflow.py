"""Log and register two small models with MLflow, and give each an alias."""

import mlflow
from sklearn.linear_model import LogisticRegression


class Doubled(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # noqa: ARG002
        return [[2 * number for number in row] for row in model_input]


model = LogisticRegression().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]], [0, 0, 1, 1])
with mlflow.start_run():
    mlflow.sklearn.log_model(model, name="model", registered_model_name="sklearn", serialization_format="skops")
    mlflow.pyfunc.log_model(name="function", python_model=Doubled(), registered_model_name="function")
for name in ("sklearn", "function"):
    mlflow.MlflowClient().set_registered_model_alias(name, "champion", "1")
