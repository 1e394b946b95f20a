"""concise, full, grouped and statistics: what people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.debt.formats.parts.source import WIDTH, shown
from tests.debt.formats.reports import finding, report, troubled, written
from tests.debt.helpers import check_files

BAD = "import numpy as np\n\n\ndef clean(df):\n\treturn df[df['日本'] == np.nan]\n"
NOTEBOOK = (
    '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "markdown", "source": []},'
    ' {"cell_type": "code", "outputs": [], "source": ["import numpy as np\\n", "x == np.nan"]}]}'
)


def test_concise_is_one_line_each() -> None:
    assert written("concise", troubled()).splitlines()[:2] == [
        "src/train.py:3:5: COD207 comparing with NaN is always false",
        "eda.ipynb:cell 4:2:5: COD207 comparing with NaN is always false",
    ]


def test_the_last_line_counts_everything() -> None:
    assert written("concise", troubled()).splitlines()[-1] == (
        "2 findings (1 high, 1 low), 32 min to mend, in 2 files, 200 lines: rating A (0.5%). "
        "Not counted: 1 accepted by comments, 3 known from the baseline, 1 file not looked at."
    )


def test_no_files_is_no_praise() -> None:
    text = written("full", report(files=0, unreadable=[("a.py", "nested too deeply")]))
    assert "Nothing was looked at" in text
    assert "1 file not looked at" in text
    assert "No debt" not in text


def test_full_points_into_the_line_of_code(tmp_path: Path) -> None:
    text = written("full", check_files(tmp_path, {"a.py": BAD, "eda.ipynb": NOTEBOOK}, select="COD207"))

    assert text.startswith(
        "a.py:5:12: COD207 comparing with NaN is always false: use isna() or isnan()\n"
        "  5 | return df[df['日本'] == np.nan]\n"
        "    |           ^ high, 2 min to mend, safe fix\n"
    )
    assert "eda.ipynb:cell 1:2:1: COD207" in text
    assert "  2 | x == np.nan\n    | ^ high" in text
    assert text.count("solvent debt explain COD207") == 1


def test_a_file_that_has_gone_leaves_the_finding(tmp_path: Path) -> None:
    text = written("full", report([finding(fix=None)], root=tmp_path))
    assert "COD207 comparing with NaN is always false\n  high, 2 min to mend\n" in text


@pytest.mark.parametrize("column", [1, 60, 500, 100_000])
def test_of_a_long_line_the_surroundings_are_shown(column: int) -> None:
    line = "".join(chr(97 + number % 26) for number in range(99_000))
    text, before = shown(line, column)

    assert len(text) <= WIDTH + 2
    if column <= len(line):
        assert text[before] == line[column - 1]


def test_a_line_of_code_moves_no_cursor() -> None:
    assert shown("x = '\x1b[2J'\t# \u202e", 1) == (r"x = '\x1b[2J'    # \u202e", 0)


def test_grouped_begins_with_the_file_that_costs_most() -> None:
    lines = written("grouped", troubled()).splitlines()
    assert lines[:2] == [
        "eda.ipynb  1 finding, 30 min to mend",
        "  cell 4:2:5  low      COD207  comparing with NaN is always false",
    ]
    assert "src/train.py  1 finding, 2 min to mend" in lines


def test_statistics_begin_with_the_rule_that_costs_most() -> None:
    many = [finding(), finding(code="MOD401", rule="model-never-saved", minutes=18), finding()]
    assert written("statistics", report(many)).splitlines()[:3] == [
        "findings  to mend  share  code    rule",
        "       1   18 min  81.8%  MOD401  model-never-saved",
        "       2    4 min  18.2%  COD207  nan-comparison",
    ]


class Terminal:
    """Takes what is written and claims to be a terminal."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        pass

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("NO_COLOR", False)])
def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch, variable: str, coloured: bool) -> None:
    from solvent.debt.formats import full

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if variable:
        monkeypatch.setenv(variable, "1")
    terminal = Terminal()
    full.write(report([finding(message="a [bold]word[/bold] \x1b[31m" + "long " * 60)]), terminal)  # type: ignore[arg-type]

    assert ("\x1b[1;31mCOD207\x1b[0m" in terminal.text) is coloured
    assert r"a [bold]word[/bold] \x1b[31mlong" in terminal.text
    assert "long " * 60 in terminal.text.replace("\r", "")
    assert "\x1b[" not in written("full", troubled())


def test_previews_that_were_not_asked_are_told(tmp_path: Path) -> None:
    hint = "tried out, not yet measured to be right: add --preview"
    found = check_files(tmp_path, {"clean.py": BAD}, preview=False)
    assert found.previews > 1
    assert f"{found.previews} more rules are {hint}" in written("full", found)
    assert hint not in written("full", check_files(tmp_path, {"clean.py": BAD}))
