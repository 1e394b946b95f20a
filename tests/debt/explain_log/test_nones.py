"""Where a None came from: each project fails for real, and its own traceback is explained. What is found is never run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from solvent.debt.explain_log.explain import Explanation, explain_log
from solvent.debt.explain_log.reading import open_log

Files = dict[str, str]


def explained(folder: Path, files: Files, *, log: str | None = None) -> Explanation:
    """The explanation of what ``main.py`` of a project prints when it is run."""
    root = folder / "project"
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    path = folder / "run.log"
    if log is None:
        ended = subprocess.run([sys.executable, "main.py"], cwd=root, capture_output=True, text=True, check=False)
        assert ended.returncode == 1, ended.stderr
        log = ended.stderr
    path.write_text(log)
    with open_log(path) as opened:
        result = explain_log(opened, root)
    (explanation,) = result.explained
    return explanation


RETURNS_NONE: dict[str, tuple[Files, str, int, str]] = {
    "an explicit None where the file is missing": (
        {
            "main.py": "from store import load\n\nmodel = load('m.pkl')\nmodel.predict([1])\n",
            "store.py": "import os\n\n\ndef load(path):\n    if not os.path.exists(path):\n        return None\n    return open(path)\n",
        },
        "store.py",
        6,
        "returns None if not os.path.exists(path)",
    ),
    "an error that is swallowed": (
        {
            "main.py": "from pkg import load\n\nmodel = load('m.pkl')\nprint(model.predict_proba([1]))\n",
            "pkg/__init__.py": "from pkg.store import load\n",
            "pkg/store.py": "def load(path):\n    try:\n        return open(path)\n    except OSError as e:\n        print(e)\n",
        },
        "pkg/store.py",
        4,
        "swallows the error",
    ),
    "None in an except block, over another function and a parameter": (
        {
            "main.py": "import store\n\n\ndef use(data, model):\n    return model.transform(data)\n\n\n"
            "def run():\n    scaler = store.get()\n    return use([1], model=scaler)\n\n\nrun()\n",
            "store.py": "def _load(path):\n    try:\n        return open(path)\n    except OSError:\n        return None\n\n\n"
            "def get():\n    found = _load('x')\n    return found\n",
        },
        "store.py",
        5,
        "returns None when it catches OSError",
    ),
    "an attribute that is given its value elsewhere": (
        {
            "main.py": "class Service:\n    def __init__(self):\n        self.model = None\n\n    def load(self):\n"
            "        self.model = object()\n\n    def answer(self, x):\n        return self.model.predict(x)\n\n\nService().answer(1)\n",
        },
        "main.py",
        3,
        "self.model is None until load() has been called",
    ),
    "a global that start-up sets": (
        {
            "main.py": "MODEL = None\n\n\ndef load():\n    global MODEL\n    MODEL = object()\n\n\n"
            "def answer(x):\n    return MODEL.predict(x)\n\n\nanswer(1)\n",
        },
        "main.py",
        1,
        "MODEL is None until load() has been called",
    ),
    "a global of another module": (
        {"main.py": "from state import model\n\nmodel.predict([1])\n", "state.py": "x = 1\nmodel = None\n"},
        "state.py",
        2,
        "model is None",
    ),
    "a dict without the key": (
        {"main.py": "models = {}\n\nmodel = models.get('churn')\nmodel.predict([1])\n"},
        "main.py",
        3,
        "models.get() returns None where it finds nothing",
    ),
    "a function that forgets to return": (
        {
            "main.py": "def train(data):\n    model = object()\n    print(model)\n\n\nmodel = train([1])\nmodel.predict([1])\n"
        },
        "main.py",
        1,
        "has no 'return'",
    ),
    "a method that works in place": (
        {
            "main.py": "from lib import Booster\n\nmodel = Booster().load_model('m.json')\nmodel.predict([1])\n",
            "site-packages/lib.py": "class Booster:\n    def load_model(self, path):\n        pass\n",
            "lib.py": "import sys\n\nsys.path.insert(0, 'site-packages')\ndel sys.modules['lib']\nimport lib\n",
        },
        "main.py",
        3,
        "works on its object",
    ),
    "a fit that returns nothing": (
        {
            "main.py": "class Model:\n    def fit(self, x):\n        self.x = x\n\n\nmodel = Model().fit([1])\nmodel.predict([1])\n",
        },
        "main.py",
        2,
        "fit() has no 'return'",
    ),
    "a default that was not given": (
        {"main.py": "def answer(x, model=None):\n    return model.predict(x)\n\n\nanswer(1)\n"},
        "main.py",
        1,
        "unless it is given",
    ),
    "directly behind the call": (
        {"main.py": "def load():\n    if 0:\n        return 1\n\n\nprint(load().predict([1]))\n"},
        "main.py",
        1,
        "reaches its end without 'return'",
    ),
    "subscripted and unpacked": (
        {"main.py": "def load():\n    return None\n\n\nmodels = load()\nmodels['a'].predict([1])\n"},
        "main.py",
        2,
        "returns None",
    ),
}


@pytest.mark.parametrize("name", RETURNS_NONE)
def test_the_place_that_returned_none_is_named(name: str, tmp_path: Path) -> None:
    files, path, line, why = RETURNS_NONE[name]
    explanation = explained(tmp_path, files)

    first = explanation.sources[0]
    assert (first.path, first.line) == (path, line), explanation.sources
    assert why in first.why
    assert first.text
    assert first.fix.endswith(".")


LOG = """\
Traceback (most recent call last):
  File "/srv/app/project/main.py", line 5, in <module>
    model.predict([1])
AttributeError: 'NoneType' object has no attribute 'predict'
"""


def test_paths_of_another_machine_and_lines_that_moved(tmp_path: Path) -> None:
    source = "def load():\n    return None\n\n\n# new\n# lines\n\nmodel = load()\nmodel.predict([1])\n"
    explanation = explained(tmp_path, {"main.py": source}, log=LOG)

    assert explanation.raised is not None
    assert (explanation.raised.line, explanation.raised.moved) == (9, True)
    assert [each.line for each in explanation.sources] == [2]


@pytest.mark.parametrize("content", ["x = 1\n", "def (:\n", "\0"])
def test_source_that_does_not_fit_the_log_is_left_alone(tmp_path: Path, content: str) -> None:
    explanation = explained(tmp_path, {"main.py": content}, log=LOG)

    assert explanation.raised is None
    assert explanation.sources == []
    assert explanation.cause == "model-is-none"


def test_two_files_of_one_name_are_told_apart_by_the_printed_line(tmp_path: Path) -> None:
    files = {
        "a/main.py": "x = 1\n" * 9,
        "b/main.py": "def load():\n    return None\n\nmodel = load()\nmodel.predict([1])\n",
    }
    explanation = explained(tmp_path, files, log=LOG)

    assert [(each.path, each.line) for each in explanation.sources] == [("b/main.py", 2)]


def test_what_is_read_is_not_run(tmp_path: Path) -> None:
    source = "open('was-run', 'w')\n\n\n\nmodel.predict([1])\n"
    explained(tmp_path, {"main.py": source}, log=LOG)

    assert not list(tmp_path.rglob("was-run"))


def test_a_call_that_goes_in_circles_ends(tmp_path: Path) -> None:
    source = "def a():\n    return b()\ndef b():\n    return a()\nmodel = a(); model.predict([1])\n"
    log = LOG.replace("    model.predict", "    model = a(); model.predict")

    assert explained(tmp_path, {"main.py": source}, log=log).sources == []
