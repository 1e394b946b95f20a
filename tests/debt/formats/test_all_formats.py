"""What holds for every format."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given

from solvent.debt.engine.check import Report
from solvent.debt.formats.parts.text import visible
from solvent.debt.formats.writer import FOR_PEOPLE, format_names
from tests.debt.formats.reports import report, reports, troubled, written

NAMES = format_names()


def test_the_promised_formats_are_there() -> None:
    promised = {"concise", "full", "grouped", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown", "html"}
    assert promised <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_looked_at_and_what_is_idle_is_said(name: str) -> None:
    text = written(name, troubled())

    assert "old.py" in text
    assert "not Python 3: line 1" in text
    assert "nothing to accept for COD207 here any more" in text
    assert "2 symbolic links were not followed" in text


@pytest.mark.parametrize("name", NAMES)
def test_nothing_found_is_said_too(name: str) -> None:
    text = written(name, report())
    assert text.strip()
    if name in FOR_PEOPLE | {"github", "markdown", "html", "junit"}:
        assert "No debt found in 2 files, 200 lines: rating A." in text


@given(shown=reports())
def test_no_control_characters_reach_a_reader(shown: Report) -> None:
    for name in sorted(FOR_PEOPLE | {"github", "markdown", "html"}):
        text = written(name, shown)
        assert all(char.isprintable() or char == "\n" for char in text), f"{name}: {text!r}"


@given(shown=reports())
def test_any_text_is_one_line(shown: Report) -> None:
    for name in ("concise", "full"):
        lines = written(name, shown).splitlines()
        for each in shown.findings:
            assert any(line.endswith(f": {each.code} {visible(each.message)}") for line in lines)


@given(shown=reports())
def test_any_text_survives_html(shown: Report) -> None:
    page = written("html", shown)
    assert page.count("<script>") == page.count("<style>") == 1
    cells = [html.unescape(cell) for cell in re.findall(r'class="message">(.*?)</td>', page)]
    assert sorted(cells) == sorted(visible(each.message) for each in shown.findings)
