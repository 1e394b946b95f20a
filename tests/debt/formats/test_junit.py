"""JUnit XML: well-formed for any text, with the elements and attributes of Jenkins' schema."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from hypothesis import given

from solvent.debt.engine.check import Report
from solvent.debt.formats.parts.text import visible
from tests.debt.formats.reports import report, reports, troubled, written

KNOWN = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "time", "tests", "failures", "errors", "skipped"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"message"},
    "system-out": set[str](),
}


def suite_of(shown: Report) -> Element:
    root = fromstring(written("junit", shown).encode())
    for element in root.iter():
        assert set(element.attrib) == KNOWN[element.tag]
    (suite,) = root
    cases = suite.findall("testcase")
    assert suite.get("tests") == root.get("tests") == str(len(cases))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    assert suite.get("errors") == str(len(suite.findall("testcase/error")))
    assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
    return suite


def test_one_of_everything() -> None:
    suite = suite_of(troubled())

    names = [(case.get("classname"), case.get("name")) for case in suite.findall("testcase")]
    assert names == [
        ("src/train.py", "COD207 nan-comparison at 3:5"),
        ("eda.ipynb", "COD207 nan-comparison at cell 4:2:5"),
        ("old.py", "can be looked at"),
        ("src/train.py", "suppression at 9"),
    ]


def test_nothing_found_is_a_test_that_passed() -> None:
    (case,) = suite_of(report()).findall("testcase")
    assert len(case) == 0


@given(shown=reports())
def test_any_text_survives_with_control_characters_spelled_out(shown: Report) -> None:
    suite = suite_of(shown)

    failed = [(case.get("classname"), case[0].get("message")) for case in suite if case.find("failure") is not None]
    assert failed == [(visible(each.path), visible(each.message)) for each in shown.findings]
