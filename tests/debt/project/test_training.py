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


def test_who_calls_a_fit_trains_too_though_a_scheduler_starts_it() -> None:
    files = {
        "pkg/models.py": "from sklearn.svm import SVC\n\n\ndef fit(x, y):\n    return SVC().fit(x, y)\n",
        "pkg/data.py": FILES["data.py"],
        "pkg/flow.py": "from pkg.data import load\nfrom pkg.models import fit\n\n\ndef run():\n    fit(load(), 1)\n",
    }
    found = feeds_training(project_of(files))

    assert ("pkg/data.py", "load") in found
    assert ("pkg/data.py", "other") not in found


def test_a_loop_of_gradients_and_steps_is_training() -> None:
    loop = "from data import load\n\n\ndef run(net, opt):\n    net(load()).backward()\n    opt.step()\n"
    saliency = "from data import load\n\n\ndef explain(net):\n    net(load()).backward()\n"

    assert ("data.py", "load") in feeds_training(project_of({"loop.py": loop, "data.py": FILES["data.py"]}))
    assert ("data.py", "load") not in feeds_training(project_of({"why.py": saliency, "data.py": FILES["data.py"]}))
