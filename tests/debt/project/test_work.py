"""Work with data and models, and what only looks like it."""

from __future__ import annotations

import pytest

from solvent.debt.project.work import reached_work, works
from tests.debt.helpers import project_of


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from sklearn.svm import SVC\nSVC().fit(X, y)", True),
        ("import numpy as np\ndef go(model, X):\n    model.fit(X)\ngo(1, 2)", True),
        ("def go(pattern, X):\n    pattern.fit(X)\ngo(1, 2)", False),
        ("from other import X\ndef go(model):\n    model.fit(X)\ngo(1)", True),
        ("import sqlite3\nsqlite3.connect('a')", False),
        ("import torch\ndef go(loss, optimizer):\n    loss.backward()\n    optimizer.step()\ngo(1, 2)", True),
        ("import torch\ndef go(loss):\n    loss.backward()\ngo(1)", False),
    ],
)
def test_methods_of_unknown_objects_count_near_libraries(source: str, found: bool) -> None:
    project = project_of({"train.py": source, "other.py": "import pandas as pd\nX = pd.DataFrame()"})
    start = project.functions["train.py", "<module>"]

    assert bool(reached_work(project, start, "trains", "reads_data")) is found
    assert any(works(project, place, ["trains", "reads_data"]) for place in project.places()) is found
