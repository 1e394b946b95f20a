"""One page that needs nothing else: no network, no library. Sorted and filtered in the browser, readable without.

Its policy allows no script and no style but its own, by their digests; all text of others is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import TextIO

from solvent.debt.engine.check import Report
from solvent.debt.findings import SEVERITIES, Finding
from solvent.debt.formats.parts.order import statistics_of, worst_first
from solvent.debt.formats.parts.prose import html_of
from solvent.debt.formats.parts.source import Sources, shown
from solvent.debt.formats.parts.text import columns, count, hours, spot, visible
from solvent.debt.formats.parts.totals import problems, total, uncounted
from solvent.debt.registry import all_rules

MOST = 10_000
"""Browsers get slow with more rows."""
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def write(report: Report, out: TextIO) -> None:
    style, script = _part("page.css"), _part("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; "
        f"form-action 'none'"
    )
    name = _text(report.root.name or "the project")
    page = Template(_part("page.html")).substitute(
        policy=escape(policy),
        style=style,
        script=script,
        name=name,
        rating=report.summary.rating,
        total=_text(total(report)),
        cards="".join(_cards(report)),
        filters="".join(_filters(report)),
        rows="".join(_rows(report)),
        left=_left(report),
        problems="".join(_problems(report)),
        rules="".join(_rules(report)),
    )
    out.write(page)


def _cards(report: Report) -> Iterator[str]:
    """The few numbers that matter."""
    summary = report.summary
    yield _card("to mend", hours(summary.minutes))
    yield _card("of the time the code took", f"{summary.ratio:.1%}")
    yield _card("findings", f"{summary.findings:,}")
    yield _card("files", f"{summary.files:,}")
    yield _card("lines", f"{summary.lines:,}")
    for part in uncounted(summary):
        number, _, what = part.partition(" ")
        yield _card(what, number)


def _card(label: str, value: str) -> str:
    return f"<div><dt>{_text(label)}</dt><dd>{_text(value)}</dd></div>\n"


def _filters(report: Report) -> Iterator[str]:
    for severity in SEVERITIES:
        if number := report.summary.by_severity.get(severity, 0):
            yield (
                f'<button type="button" aria-pressed="true" data-severity="{severity}" class="{severity}">'
                f"{severity} <b>{number:,}</b></button>\n"
            )


def _rows(report: Report) -> Iterator[str]:
    sources = Sources(report.root)
    kept = worst_first(report.findings)[:MOST]
    lines = {id(finding): sources.line(finding) for finding in sorted(kept, key=lambda each: each.place)}
    for number, finding in enumerate(kept):
        yield _row(number, finding, lines[id(finding)])


def _row(number: int, finding: Finding, line: str | None) -> str:
    path, at = visible(finding.path), spot("", finding.line, finding.column, finding.cell).lstrip(":")
    place = f"{_text(path)}{f'<span class=at>:{_text(at)}</span>' if at else ''}"
    return (
        f'<tr data-severity="{finding.severity}">'
        f'<td data-key="{_RANK[finding.severity]}"><span class="tag {finding.severity}">{finding.severity}</span></td>'
        f'<td><a href="#{_text(finding.code)}">{_text(finding.code)}</a></td>'
        f'<td data-key="{number}" class="message">{_text(finding.message)}{_code(finding, line)}</td>'
        f'<td class="place">{place}</td>'
        f'<td data-key="{finding.minutes}" class="number">{_text(hours(finding.minutes))}</td></tr>\n'
    )


def _code(finding: Finding, line: str | None) -> str:
    if line is None or not line.strip():
        return ""
    text, before = shown(line, finding.column)
    if not text.isascii() or columns(text) != len(text):
        return f"<code>{_text(text)}</code>"
    return (
        f"<code>{_text(text[:before])}<mark>{_text(text[before : before + 1])}</mark>{_text(text[before + 1 :])}</code>"
    )


def _left(report: Report) -> str:
    if not report.findings:
        return "<p>Nothing was found.</p>"
    left = len(report.findings) - MOST
    return (
        f'<p class="cut">{count(left, "more finding")} did not fit here; the worst are shown.</p>' if left > 0 else ""
    )


def _problems(report: Report) -> Iterator[str]:
    told = list(problems(report))
    if told:
        yield "<section><h2>Look at these too</h2><ul class=problems>\n"
        yield from (f"<li>{_text(line)}</li>\n" for line, _ in told)
        yield "</ul></section>\n"
    if report.suppressed:
        yield f"<section><details><summary>{count(len(report.suppressed), 'finding')} accepted by comments</summary><ul>\n"
        for each in report.suppressed[:MOST]:
            place = visible(spot(each.path, each.line, each.column, each.cell))
            yield f"<li>{_text(each.code)} <span class=place>{_text(place)}</span> {_text(each.message)}</li>\n"
        yield "</ul></details></section>\n"


def _rules(report: Report) -> Iterator[str]:
    """Each rule that has found something: its part in the whole, and its documentation."""
    if report.findings:
        yield '<h2 id="rules">Why, and what to write instead</h2>\n'
    for each in statistics_of(report.findings):
        rule = all_rules().get(each.code)
        documentation = html_of(rule.documentation) if rule is not None else ""
        yield (
            f'<details id="{_text(each.code)}"><summary><b>{_text(each.code)}</b> {_text(each.rule)}'
            f"<span class=part>{count(each.findings, 'finding')}, {hours(each.minutes)}, {each.share:.0%}</span>"
            f"</summary>{documentation}</details>\n"
        )


@cache
def _part(name: str) -> str:
    return resources.files("solvent.debt.formats").joinpath("page", name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(text: str) -> str:
    return escape(visible(text))
