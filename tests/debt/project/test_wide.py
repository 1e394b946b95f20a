"""What a program may run, seen generously."""

from __future__ import annotations

from solvent.debt.project.wide import Wide, beginnings, programs
from tests.debt.helpers import project_of

FILES = {
    "run.py": "from train import make\nt = make()\nt.store_all()\nt.fit(1)",
    "train.py": "class T:\n    def store_all(self): self.inner()\n    def inner(self): pass\n    def fit(self, x): pass",
    "other.py": "class U:\n    def fit(self, x): pass\ndef apart(): pass",
}


def test_a_method_of_an_unknown_object_is_any_of_that_name_and_its_class_comes_with_it() -> None:
    project = project_of(FILES)

    reached = Wide(project).reach(project.functions["run.py", "<module>"])

    assert ("train.py", "T.store_all") in reached
    assert ("train.py", "T.inner") in reached


def test_a_method_that_every_class_has_says_nothing() -> None:
    project = project_of(FILES)

    reached = Wide(project).reach(project.functions["run.py", "<module>"])

    assert ("other.py", "U.fit") not in reached
    assert ("other.py", "apart") not in reached


def test_a_program_begins_also_where_a_files_own_code_does_the_work() -> None:
    project = project_of(FILES)

    found = programs(project, [("other.py", "<module>"), ("other.py", "apart")])

    assert ("other.py", "<module>") in {place.key for place in found}
    assert ("other.py", "apart") not in {place.key for place in found}


def test_a_function_that_reads_and_trains_and_that_nobody_calls_is_a_beginning() -> None:
    files = {
        "pipeline.py": "import pandas as pd\n\ndef run(path):\n    fit(pd.read_csv(path))\n\ndef fit(df):\n    model.fit(df, df)",
        "library.py": "def fit(model, X, y):\n    model.fit(X, y)",
    }

    assert [place.key for place in beginnings(project_of(files))] == [("pipeline.py", "run")]
