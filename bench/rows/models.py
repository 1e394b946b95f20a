"""Loading a model by its alias in a fresh process: from the own server, with what each client keeps after the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.context import Context
from bench.measure import Command, alternating, spend
from bench.table import Row
from tests.oracle import environments, servers

SCRIPTS = Path(__file__).parents[1] / "scripts"
LIBRARY = "import sklearn.linear_model, skops.io"
NOTE = (
    "A whole process with its answer to one row; the scikit-learn model is a LogisticRegression in a skops file. Each by its own client from its own"
    " server, ours with the model in its cache; MLflow's client keeps none and fetches it each time."
)
BEYOND = "Of the same processes, less what the same interpreter needs to import what the model itself needs (scikit-learn, skops)."


def rows(context: Context) -> Iterator[Row]:
    theirs_python = environments.executable("models-3.17")
    with servers.solvent_server(context.empty()) as ours, servers.mlflow_server(context.empty()) as theirs:
        mine = context.environment(SOLVENT_TRACKING_URI=ours, SOLVENT_CACHE=str(context.empty()))
        other = context.environment(MLFLOW_TRACKING_URI=theirs)

        def wall(python: Path, environment: dict[str, str], *arguments: str | Path) -> float:
            command: Command = [python, *arguments]
            return spend(command, context.folder, environment).wall

        wall(context.python, mine, SCRIPTS / "log_model.py")
        wall(theirs_python, other, SCRIPTS / "log_model_mlflow.py")

        def loads(name: str) -> tuple[Callable[[], float], Callable[[], float]]:
            uri = f"models:/{name}@champion"
            both = (
                partial(wall, context.python, mine, SCRIPTS / "load_model.py", uri),
                partial(wall, theirs_python, other, SCRIPTS / "load_model_mlflow.py", uri),
            )
            for each in both:  # fills the cache, compiles what is not yet
                each()
            return both

        works = (
            *loads("sklearn"),
            partial(wall, context.python, mine, "-c", LIBRARY),
            partial(wall, theirs_python, other, "-c", LIBRARY),
            *loads("function"),
        )
        ours_s, theirs_s, ours_library, theirs_library, ours_function, theirs_function = alternating(
            context.rounds, *works
        )
    work = 'load_model("models:/name@alias") and predict, fresh process'
    yield Row(f"{work}: a Python function", "wall s", ours_function, theirs_function, times=5, note=NOTE)
    yield Row(f"{work}: scikit-learn", "wall s", ours_s, theirs_s, times=5, note=NOTE)
    mine_own, theirs_own = max(ours_s - ours_library, 0.001), theirs_s - theirs_library
    yield Row("the latter, beyond importing the model's own libraries", "wall s", mine_own, theirs_own, note=BEYOND)
