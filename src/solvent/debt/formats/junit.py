"""JUnit XML: each finding a failed test, each unreadable file a test with an error, each idle suppression a skipped one.

Elements and attributes are those that Jenkins' schema and GitLab know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from solvent.debt.formats.parts.text import hours, place_of, spot, visible
from solvent.debt.formats.parts.totals import total

NAME = "solvent debt"


def write(report: Report, out: TextIO) -> None:
    cases = list(_cases(report))
    if not cases:
        cases = [Element("testcase", name="no debt", classname=NAME, time="0")]
    numbers = {"tests": str(len(cases)), "failures": str(len(report.findings)), "errors": str(len(report.unreadable))}
    root = Element("testsuites", {"name": NAME, "time": "0", **numbers})
    suite = SubElement(root, "testsuite", {"name": NAME, "time": "0", **numbers, "skipped": str(len(report.warned))})
    suite.extend(cases)
    lines = [total(report), *(f"note: {visible(note)}" for note in report.notes)]
    SubElement(suite, "system-out").text = "\n".join(lines)
    indent(root)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n")


def _cases(report: Report) -> Iterator[Element]:
    for finding in report.findings:
        yield _finding(finding)
    for path, why in report.unreadable:
        case = _case(path, "can be looked at")
        SubElement(case, "error", type="unreadable", message=visible(why)).text = f"{visible(path)}: {visible(why)}"
        yield case
    for warned in report.warned:
        case = _case(warned.path, f"suppression at {spot('', warned.line, 0, warned.cell).lstrip(':')}")
        SubElement(case, "skipped", message=visible(warned.message))
        yield case


def _finding(finding: Finding) -> Element:
    where = spot("", finding.line, finding.column, finding.cell).lstrip(":")
    case = _case(finding.path, f"{finding.code} {finding.rule}{f' at {where}' if where else ''}")
    failure = SubElement(case, "failure", type=finding.severity, message=visible(finding.message))
    failure.text = (
        f"{place_of(finding)}: {finding.code} {visible(finding.message)}\n"
        f"{finding.severity}, {hours(finding.minutes)} to mend, fingerprint {visible(finding.fingerprint)}"
    )
    return case


def _case(path: str, name: str) -> Element:
    return Element("testcase", classname=visible(path), name=visible(name), time="0")
