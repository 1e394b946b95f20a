"""Load a model with MLflow and ask it once."""

import sys

import mlflow

print(mlflow.pyfunc.load_model(sys.argv[1]).predict([[1.0, 2.0]]))
