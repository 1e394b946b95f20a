"""A session with the registry, by an unmodified MLflow client: what it read is written to the file named."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from sklearn.linear_model import LinearRegression

X = [[0.0], [1.0], [2.0]]
told: dict[str, Any] = {}


def refusal(what: Any, *args: Any, **kwargs: Any) -> str:
    try:
        what(*args, **kwargs)
    except MlflowException as error:
        return str(error.error_code)
    return "accepted"


def predictions(uri: str) -> list[float]:
    return [round(float(value), 6) for value in mlflow.pyfunc.load_model(uri).predict(X)]


def versions(client: MlflowClient, *args: Any, **kwargs: Any) -> list[list[str]]:
    return [
        [entry.name, str(entry.version), entry.current_stage] for entry in client.search_model_versions(*args, **kwargs)
    ]


mlflow.set_experiment("registry")
name = "house prices"
runs = []
for slope in (1.0, 2.0):
    with mlflow.start_run() as run:
        model = LinearRegression().fit(X, [slope * row[0] for row in X])
        mlflow.log_param("slope", slope)
        logged = mlflow.sklearn.log_model(
            model, "model", registered_model_name=name if slope == 1 else None, pip_requirements=[], input_example=None
        )
        runs.append(run.info.run_id)
second = mlflow.register_model(f"runs:/{runs[1]}/model", name, tags={"team": "vision"})
told["second"] = [second.name, str(second.version), second.run_id == runs[1], second.tags]

client = MlflowClient()
client.update_registered_model(name, description="prices of houses")
client.set_registered_model_tag(name, "domain", "houses")
client.update_model_version(name, "1", description="the first")
client.set_model_version_tag(name, "1", "checked", "yes")
client.set_registered_model_alias(name, "champion", "1")
client.set_registered_model_alias(name, "champion", "2")
client.set_registered_model_alias(name, "first", "1")
told["alias"] = [
    str(client.get_model_version_by_alias(name, "champion").version),
    refusal(client.set_registered_model_alias, name, "v1", "1"),
]
client.transition_model_version_stage(name, "1", "Production")
client.transition_model_version_stage(name, "2", "Staging")
told["latest"] = sorted([str(entry.version), entry.current_stage] for entry in client.get_latest_versions(name))
client.transition_model_version_stage(name, "2", "Production", archive_existing_versions=True)
told["archived"] = versions(client, f"name = '{name}'", order_by=["version_number ASC"])
told["refused"] = refusal(client.transition_model_version_stage, name, "2", "Prod")

registered = client.get_registered_model(name)
told["model"] = [registered.description, registered.tags, dict(registered.aliases)]
first = client.get_model_version(name, "1")
told["version"] = [first.description, first.tags, list(first.aliases), first.status]
told["models"] = [entry.name for entry in client.search_registered_models("name LIKE 'house%'")]
told["tagged"] = versions(client, "tags.team = 'vision'")

told["loaded"] = {
    uri: predictions(f"models:/{name}{uri}") for uri in ("@champion", "/1", "/2", "/Production", "/latest", "@first")
}
copied = client.copy_model_version(f"models:/{name}@champion", "copy of prices")
told["copy"] = [copied.name, str(copied.version), predictions("models:/copy of prices/1")]

client.rename_registered_model(name, "flats")
told["renamed"] = [predictions("models:/flats@champion"), refusal(client.get_registered_model, name)]
client.delete_registered_model_alias("flats", "first")
client.delete_model_version("flats", "2")
told["deleted"] = [versions(client, "name = 'flats'"), refusal(client.get_model_version_by_alias, "flats", "champion")]
client.delete_model_version_tag("flats", "1", "checked")
client.delete_registered_model_tag("flats", "domain")
client.delete_registered_model("flats")
told["gone"] = [entry.name for entry in client.search_registered_models()]
Path(sys.argv[1]).write_text(json.dumps(told))
