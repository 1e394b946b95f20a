"""Loading a model by its alias in a fresh process: from the own server, with what each client keeps after the first time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.context import Context
from bench.measure import Command, alternating, spend
from bench.table import Row
from tests.oracle import environments, servers

SCRIPTS = Path(__file__).parents[1] / "scripts"
URI = "models:/bench@champion"
LIBRARY = "import sklearn.linear_model, skops.io"
NOTE = (
    "A LogisticRegression in a skops file; a whole process with its answer to one row. Each by its own client from its own"
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

        mine_load = partial(wall, context.python, mine, SCRIPTS / "load_model.py", URI)
        their_load = partial(wall, theirs_python, other, SCRIPTS / "load_model_mlflow.py", URI)
        wall(context.python, mine, SCRIPTS / "log_model.py")
        wall(theirs_python, other, SCRIPTS / "log_model_mlflow.py")
        mine_load(), their_load()  # fills the cache, compiles what is not yet
        works = (
            mine_load,
            their_load,
            partial(wall, context.python, mine, "-c", LIBRARY),
            partial(wall, theirs_python, other, "-c", LIBRARY),
        )
        ours_s, theirs_s, ours_library, theirs_library = alternating(context.rounds, *works)
    yield Row(
        'load_model("models:/name@alias") and predict, fresh process', "wall s", ours_s, theirs_s, times=5, note=NOTE
    )
    yield Row(
        "the same, beyond the import of the model's own library",
        "wall s",
        max(ours_s - ours_library, 0.001),
        theirs_s - theirs_library,
        note=BEYOND,
    )
