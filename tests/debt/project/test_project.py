"""Calls across files, and what a program reaches."""

from __future__ import annotations

from tests.debt.helpers import project_of


def callees(files: dict[str, str], path: str, function: str = "<module>") -> list[tuple[str, str]]:
    project = project_of(files)
    return [callee.key for _, callee in project.calls(project.functions[path, function])]


def test_functions_methods_and_classes_of_other_files_are_found() -> None:
    files = {
        "src/app/__init__.py": "",
        "src/app/train.py": "from app.data import load\nfrom app import model as m\nload()\nx = m.Net(1)\nx.run()",
        "src/app/data.py": "def load(): pass",
        "src/app/model.py": "class Net:\n    def __init__(self, a): pass\n    def run(self): pass",
    }

    assert callees(files, "src/app/train.py") == [
        ("src/app/data.py", "load"),
        ("src/app/model.py", "Net.__init__"),
        ("src/app/model.py", "Net.run"),
    ]


def test_what_a_package_passes_on_is_followed() -> None:
    files = {
        "app/__init__.py": "from .data import load",
        "app/data.py": "def load(): pass",
        "run.py": "import app\napp.load()",
    }

    assert callees(files, "run.py") == [("app/data.py", "load")]


def test_a_bare_name_is_found_in_what_is_imported_with_a_star() -> None:
    files = {
        "run.py": "from os.path import *\nfrom data import *\nfrom train import *\nfit()\nload()\nprint()",
        "data.py": "def load(): pass",
        "train.py": "def fit(): pass",
    }

    assert callees(files, "run.py") == [("train.py", "fit"), ("data.py", "load")]


def test_a_name_that_two_folders_have_is_the_one_beside() -> None:
    files = {
        "a/utils.py": "def f(): pass",
        "b/utils.py": "def f(): pass",
        "b/run.py": "from utils import f\nf()",
        "run.py": "from utils import f\nf()",
    }

    assert callees(files, "b/run.py") == [("b/utils.py", "f")]
    assert callees(files, "run.py") == []


def test_reach_includes_the_own_code_of_imported_files() -> None:
    project = project_of(
        {
            "train.py": "import seeds\nfrom work import work\nif __name__ == '__main__':\n    work()",
            "seeds.py": "import numpy as np\nnp.random.seed(0)",
            "work.py": "def work():\n    inner()\ndef inner():\n    model.fit(x)\ndef idle():\n    pass",
        }
    )
    (entry,) = [entry for entry in project.entries if entry.place.file.path == "train.py"]

    reached = {name for _, name in project.reach(entry.place)}
    assert {"work", "inner"} <= reached
    assert "idle" not in reached
    assert [call.name for _, call in project.reached_calls(entry.place, "seeds")] == ["numpy.random.seed"]


def test_importing_a_submodule_reaches_its_own_code() -> None:
    project = project_of({"web/__init__.py": "import web.views\n", "web/views.py": "model.predict(x)\n"})

    found = project.reached_calls(project.functions["web/__init__.py", "<module>"], "predicts")

    assert [place.file.path for place, _ in found] == ["web/views.py"]


def test_entries_are_scripts_notebooks_and_commands() -> None:
    project = project_of(
        {
            "script.py": "import pandas as pd\ndf = pd.read_csv('a')",
            "main.py": "def main(): pass\nif __name__ == '__main__':\n    main()",
            "library.py": "def fit(): pass",
            "command.py": "import click\n@click.command()\ndef go(): pass",
            "tests/test_a.py": "import pandas as pd\ndf = pd.read_csv('a')",
        }
    )

    assert {(e.place.file.path, e.kind) for e in project.entries} == {
        ("script.py", "script"),
        ("main.py", "script"),
        ("command.py", "command"),
    }


def test_a_guard_that_starts_commands_leaves_them_the_entries() -> None:
    code = "import typer\napp = typer.Typer()\n@app.command()\ndef go():\n    model.fit(x)\nif __name__ == '__main__':\n    app()"

    assert [(e.place.function.qualname, e.kind) for e in project_of({"run.py": code}).entries] == [("go", "command")]


def test_a_script_may_leave_all_its_work_to_a_function_that_it_calls() -> None:
    files = {
        "run.py": "import pandas as pd\ndef main():\n    pd.read_csv('a.csv')\nmain()",
        "library.py": "import pandas as pd\ndef read():\n    return pd.read_csv('a.csv')",
    }

    assert [entry.place.file.path for entry in project_of(files).entries] == ["run.py"]
