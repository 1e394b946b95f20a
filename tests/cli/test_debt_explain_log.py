"""``solvent debt explain-log``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.cli.conftest import COMMAND, Solvent
from tests.processes import bare_environment

SOURCE = """\
def load(path):
    try:
        return open(path)
    except OSError:
        return None


model = load("m.pkl")
model.predict([1])
"""
LOG = """\
2026-11-24 10:00:00 INFO starting
Traceback (most recent call last):
  File "/app/serve.py", line 9, in <module>
    model.predict([1])
AttributeError: 'NoneType' object has no attribute 'predict'
"""


def write(folder: Path, log: str = LOG) -> None:
    (folder / "serve.py").write_text(SOURCE)
    (folder / "pyproject.toml").write_text("")
    (folder / "run.log").write_text(log)


def test_it_points_at_the_load_that_returned_none(solvent: Solvent, work: Path) -> None:
    write(work)
    done = solvent("debt", "explain-log", "run.log")

    assert done.returncode == 0
    assert "A model was not saved or not loaded properly" in done.stdout
    assert "serve.py:5, in load: load() returns None when it catches OSError" in done.stdout
    assert "Let load() raise" in done.stdout


def test_as_json_and_from_standard_input(work: Path, cache: Path) -> None:
    write(work)
    done = subprocess.run(
        [COMMAND, "debt", "explain-log", "-", "--json", "--project", work],
        input=LOG.encode() + b"\xff\n",
        capture_output=True,
        cwd=work.parent,
        env=bare_environment(SOLVENT_CACHE=str(cache)),
        timeout=60,
    )
    (found,) = json.loads(done.stdout)["explained"]

    assert done.returncode == 0
    assert found["cause"] == "model-is-none"
    assert (found["sources"][0]["path"], found["sources"][0]["line"]) == ("serve.py", 5)


def test_an_unknown_exception_is_named(solvent: Solvent, work: Path) -> None:
    write(work, LOG.replace("AttributeError: 'NoneType' object has no attribute 'predict'", "KeyError: 'a\x1b[2Jb'"))
    done = solvent("debt", "explain-log", "run.log")

    assert done.returncode == 1
    assert done.stdout == "Not known: KeyError: 'ab' (serve.py:9, in <module>), log line 5\n"


def test_a_log_without_failures(solvent: Solvent, work: Path) -> None:
    write(work, "all is well\n")
    done = solvent("debt", "explain-log", "run.log")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "No failure of a Python program was found in the log.\n"


def test_a_log_that_is_not_there(solvent: Solvent, work: Path) -> None:
    assert solvent("debt", "explain-log", "nothing.log").returncode == 2
    (work / "broken.ipynb").write_text("{")
    done = solvent("debt", "explain-log", "broken.ipynb")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_control_characters_of_a_log_and_of_source_reach_no_terminal(solvent: Solvent, work: Path) -> None:
    write(work, "ValueError: could not convert string to float: 'r\u202eed\x07\x9b2J'\n")
    done = solvent("debt", "explain-log", "run.log")

    assert done.returncode == 0
    assert all(char.isprintable() or char == "\n" for char in done.stdout)
