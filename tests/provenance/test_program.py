"""What a process says of the program it runs, asked of real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import json
from solvent.provenance.program import this_program
program = this_program()
print(json.dumps([str(program.file), program.name, program.kind]))
"""


def asked(arguments: list[str], folder: Path, text: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, input=text, capture_output=True, text=True, check=True, timeout=60
    )
    answer: list[str] = json.loads(done.stdout)
    return answer


def test_a_script_is_its_absolute_path_without_dots(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    script = tmp_path / "train.py"
    script.write_text(CODE)
    assert asked(["../train.py"], tmp_path / "work") == [str(script), str(script), "LOCAL"]


def test_a_script_that_changes_its_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(f"import os\nos.chdir('/')\n{CODE}")
    assert asked(["train.py"], tmp_path)[0] == str(tmp_path / "train.py")


def test_a_module_is_its_file(tmp_path: Path) -> None:
    file = tmp_path / "package" / "__main__.py"
    file.parent.mkdir()
    file.write_text(CODE)
    assert asked(["-m", "package"], tmp_path)[:2] == [str(file), str(file)]


@pytest.mark.parametrize(
    ("arguments", "text", "name"),
    [
        (["-"], CODE, "<stdin>"),
        ([], CODE, "<stdin>"),
        (["-c", CODE], "", "<command>"),
    ],
)
def test_code_without_a_file_says_how_it_came(tmp_path: Path, arguments: list[str], text: str, name: str) -> None:
    assert asked(arguments, tmp_path, text) == ["None", name, "LOCAL"]


def test_an_installed_program_is_not_the_users_code(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    exec({CODE!r})\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "test_it.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert '["None", ' in done.stdout
