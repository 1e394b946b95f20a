"""The experiment is named before the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.debt.fixes.helpers import fix_all
from tests.debt.repositories import put

BARE = "import mlflow\n\n# begin\nwith mlflow.start_run():\n    pass\n"
LOOP = "import mlflow as m\nfor a in b:\n    if a:\n        run = m.start_run()\n"
MAIN = (
    "import mlflow\n\n\ndef main():\n    'Doc.'\n\n    mlflow.start_run()\n\n\nif __name__ == '__main__':\n    main()\n"
)


@pytest.mark.parametrize(
    ("before", "line", "above"),
    [
        (BARE, 'mlflow.set_experiment("churn")\n', "# begin"),
        (LOOP, 'm.set_experiment("churn")\n', "for a"),
        (MAIN, '    mlflow.set_experiment("churn")\n', "    mlflow.start"),
    ],
)
def test_before_the_run_and_outside_of_loops(tmp_path: Path, before: str, line: str, above: str) -> None:
    root = tmp_path / "churn"
    put(root, {"train.py": before})

    assert fix_all(root, "CFG102").refused == []
    assert (root / "train.py").read_text() == before.replace(above, line + above)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import wandb\nwandb.init()\n", "by hand"),
        ("from mlflow import start_run\nstart_run()\n", "by hand"),
        ("import mlflow\nif a: mlflow.start_run()\n", "shares its line"),
        ("import mlflow\nx = 1; mlflow.start_run()\n", "shares its line"),
    ],
)
def test_what_is_left_alone(tmp_path: Path, source: str, why: str) -> None:
    put(tmp_path, {"train.py": source})

    ((_, told),) = fix_all(tmp_path, "CFG102").refused
    assert why in told
    assert (tmp_path / "train.py").read_text() == source
