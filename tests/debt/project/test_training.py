"""Programs that train, and what they reach."""

from __future__ import annotations

from solvent.debt.project.training import feeds_training, training
from tests.debt.helpers import project_of

FILES = {
    "train.py": "from data import load\nfrom sklearn.svm import SVC\nSVC().fit(load(), y)\n",
    "data.py": "import pandas as pd\n\n\ndef load():\n    return pd.read_csv('a.csv')\n\n\ndef other():\n    return 1\n",
    "report.py": "import pandas as pd\nprint(pd.read_csv('b.csv'))\n",
}


def test_only_programs_that_reach_a_fit_train() -> None:
    project = project_of(FILES)

    assert [entry.place.file.path for entry, _ in training(project)] == ["train.py"]
    assert training(project) is training(project)


def test_what_feeds_training_is_what_is_reached_and_files_that_fit() -> None:
    found = feeds_training(project_of(FILES))

    assert ("data.py", "load") in found
    assert ("data.py", "other") not in found
    assert ("report.py", "<module>") not in found


def test_a_package_without_an_entry_trains_where_its_files_fit() -> None:
    source = "class T:\n    def read(self):\n        return 1\n\n    def run(self):\n        self.m.fit(1)\n"

    assert ("pkg/t.py", "T.read") in feeds_training(project_of({"pkg/t.py": source}))
