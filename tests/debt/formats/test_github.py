"""Workflow commands, read as GitHub's runner reads them."""

from __future__ import annotations

import re

from hypothesis import given

from solvent.debt.engine.check import Report
from solvent.debt.formats.parts.text import visible
from tests.debt.formats.reports import finding, report, reports, troubled, written

COMMAND = re.compile(r"::(error|warning|notice)(?: (.*?))?::(.*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for line in text.split("\n"):
        if match := COMMAND.fullmatch(line):
            pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if pair)
            found.append((match[1], {name: unescaped(value) for name, _, value in pairs}, unescaped(match[3])))
    return found


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_one_of_everything() -> None:
    text = written("github", troubled())

    assert text.startswith(
        "::error file=src/train.py,line=3,endLine=3,col=5,title=COD207 nan-comparison::"
        "comparing with NaN is always false (2 min to mend)\n"
        "::notice file=eda.ipynb,title=COD207 nan-comparison::cell 4, line 2: "
    )
    assert [level for level, _, _ in commands(text)] == ["error", "notice", "warning", "warning", "notice"]


def test_a_finding_about_the_repository_has_no_file() -> None:
    ((_, properties, _),) = commands(written("github", report([finding(path=".", line=0, column=0, end_line=0)])))
    assert set(properties) == {"title"}


def test_text_can_start_no_command_of_its_own() -> None:
    evil = finding(message="x\n::error::y\r\n::stop-commands::z", path="a,line=1::b.py")
    assert len(commands(written("github", report([evil])))) == 1


@given(shown=reports())
def test_any_text_survives(shown: Report) -> None:
    found = commands(written("github", shown))

    assert len(found) == len(shown.findings) + len(shown.unreadable) + len(shown.warned) + len(shown.notes)
    for each in shown.findings:
        assert any(
            visible(each.message) in message and properties.get("file") in (visible(each.path), None)
            for _, properties, message in found
        )
