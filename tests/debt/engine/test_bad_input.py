"""Files that no rule can look at: said once, never a crash, never a silent pass."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.engine.check import Options, check
from solvent.debt.facts.facts import load_facts
from solvent.debt.findings import Found
from solvent.debt.registry import all_rules
from solvent.debt.sources.errors import Unreadable
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.parse import parse
from tests.debt.helpers import check_files


def told_of(name: str, content: bytes) -> str:
    """``read``, or why it could not be."""
    try:
        parse(name, content, "source", load_facts())
    except Unreadable as error:
        return str(error)
    return "read"


GOOD = "import numpy as np\nx == np.nan\n"


def notebook(*cells: object) -> str:
    return json.dumps({"nbformat": 4, "cells": list(cells)})


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.py", b"print 'hello'\n", "Python 2"),
        ("a.py", b"def f(:\n", "line 1"),
        ("a.py", b"x = '\xff\xfe'\n", "not text"),
        ("a.py", b"# -*- coding: klingon -*-\nx = 1\n", "not text"),
        ("a.py", b"x = 1\0\n", "not Python"),
        ("a.py", b"(" * 100_000, "not Python"),
        ("a.py", b"x = " + b"-" * 200_000 + b"1\n", "nested too deeply"),
        ("a.py", b"#" * 3_000_000, "larger than"),
        ("a.ipynb", b"{", "not a notebook"),
        ("a.ipynb", b"[]", "not a notebook"),
        ("a.ipynb", b'{"cells": 3}', "not a notebook"),
        ("a.ipynb", b"[" * 100_000, "not a notebook"),
        ("a.ipynb", notebook({"cell_type": "code", "source": "def f(:"}).encode(), "not Python"),
        ("a.ipynb", b'{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "notebook in r"),
    ],
)
def test_a_file_that_cannot_be_read_is_reported_once_and_the_others_are_looked_at(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    report = check_files(tmp_path, {name: content, "good.py": GOOD})

    ((path, told),) = report.unreadable
    assert path == name
    assert why in told
    assert [finding.code for finding in report.findings if finding.path == "good.py"] == ["COD207"]
    assert report.summary.unreadable == 1


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff".encode() + GOOD.encode(),
        b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.encode() + b"\x0c\n",
    ],
)
def test_other_encodings_and_line_ends_are_read(tmp_path: Path, content: bytes) -> None:
    report = check_files(tmp_path, {"a.py": content}, select="COD207")

    assert report.unreadable == []
    assert len(report.findings) == 1


def test_texts_that_are_no_unicode_are_looked_at_all_the_same(tmp_path: Path) -> None:
    lone = r"'/home/ann/\ud800.csv'"
    source = f"import mlflow\nDATA_WINDOW = {lone}\nmlflow.log_param({lone}, 1)\nmodel = open({lone})\nconfig[{lone}]\n"

    report = check_files(tmp_path, {"a.py": source})

    assert report.unreadable == []


def test_a_loop_of_links_ends_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "again").symlink_to(tmp_path)
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")

    report = check_files(tmp_path, {"a.py": GOOD}, select="COD207")

    assert [finding.path for finding in report.findings] == ["a.py"]
    assert any("link.py" in note for note in report.notes)


def test_an_empty_folder_and_an_empty_file(tmp_path: Path) -> None:
    assert check(Options(paths=[tmp_path], root=tmp_path, cache=False)).summary.rating == "A"
    assert check_files(tmp_path, {"a.py": b"", "b.ipynb": notebook()}, select="COD").findings == []


def test_magics_do_not_hide_the_rest_of_a_notebook(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install x\n", "import numpy as np\n", "df?\n"]},
        {"cell_type": "code", "source": "%%bash\nrm -rf nothing"},
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": ["files = !ls\n", "x == np.nan"]},
    ]
    report = check_files(tmp_path, {"a.ipynb": notebook(*cells)}, select="COD207")

    assert [(finding.cell, finding.line) for finding in report.findings] == [(3, 2)]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_module_or_unreadable(content: bytes) -> None:
    for name in ("a.py", "a.ipynb"):
        assert told_of(name, content)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["cells", "cell_type", "source", "metadata", "kernelspec", "language", "worksheets", "outputs", "execution_count"]), inner, max_size=4)))  # fmt: skip
def test_any_json_is_a_notebook_or_unreadable(document: object) -> None:
    assert told_of("a.ipynb", json.dumps(document).encode())


def test_a_rule_that_fails_on_a_file_is_said_and_the_others_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(module: Module) -> list[Found]:
        if module.path == "a.py":
            raise KeyError("x")
        return [module.found(1, "seen")]

    rule = dataclasses.replace(all_rules()["COD207"], check_module=failing, needs=())
    monkeypatch.setitem(all_rules(), "COD207", rule)
    report = check_files(tmp_path, {"a.py": "x = 1\n", "b.py": "x = 1\n"}, select="COD207")

    ((path, why),) = report.unreadable
    assert path == "a.py"
    assert "defect of Solvent" in why
    assert [finding.path for finding in report.findings] == ["b.py"]


def test_a_name_that_is_no_text_is_reported(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"not\xffutf8.py")).write_text("x = 1\n")
    report = check_files(tmp_path, {"a.py": "x = 1\n"})

    assert report.unreadable == [("not\\xffutf8.py", "its name is not UTF-8: rename it")]
