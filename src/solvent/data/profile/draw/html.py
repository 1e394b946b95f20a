"""One page that needs nothing else: no network, no library, no script. All text of others is escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib import resources
from string import Template

from solvent.data.profile.diff.model import ColumnDiff, Diff
from solvent.data.profile.draw import changes
from solvent.data.profile.draw.numbers import percent, short
from solvent.data.profile.draw.plain import visible
from solvent.data.profile.draw.svg import plot
from solvent.data.profile.draw.table import distances

MOST = 1_000
"""Columns that are drawn: browsers get slow with more."""


def write(diff: Diff) -> str:
    style = _part("page.css")
    ordered = [column for column in changes.ordered(diff) if column.state != "same"]
    return Template(_part("page.html")).substitute(
        policy=escape(f"default-src 'none'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"),
        style=style,
        old=_text(diff.old.name),
        new=_text(diff.new.name),
        total=_text(f"{changes.row_counts(diff)}; {changes.summary(diff)}"),
        rows="".join(_row(column, number) for number, column in enumerate(ordered)) or _NOTHING,
        columns="".join(_section(column, number) for number, column in enumerate(ordered[:MOST])),
        left=_left(len(ordered) - MOST),
        same=_same(diff),
        notes="".join(f"<li>{_text(note)}</li>\n" for note in changes.notes(diff)),
    )


_NOTHING = '<tr><td colspan="6">Nothing differs in any column.</td></tr>'


def _row(column: ColumnDiff, number: int) -> str:
    name = _text(column.name)
    linked = f'<a href="#c{number}">{name}</a>' if number < MOST else name
    told = ", ".join(changes.said(column)) or "; ".join(changes.facts(column))
    cells = "".join(f'<td class="number">{_text(cell)}</td>' for cell in distances(column))
    return (
        f'<tr><th scope="row">{linked}</th><td><span class="tag {column.state}">{_text(changes.state(column))}</span></td>'
        f"{cells}<td>{_text(told)}</td></tr>\n"
    )


def _section(column: ColumnDiff, number: int) -> str:
    facts = "".join(f"<li>{_text(fact)}</li>" for fact in changes.facts(column))
    return (
        f'<section id="c{number}" class="column"><h3>{_text(column.name)} '
        f'<span class="faint">{_text(changes.types(column))}</span></h3>\n'
        f"{plot(column, number)}{''.join(_measures(column))}"
        f"{f'<ul>{facts}</ul>' if facts else ''}{''.join(_counts(column))}</section>\n"
    )


def _measures(column: ColumnDiff) -> Iterator[str]:
    if not column.measures:
        return
    yield '<table><thead><tr><th scope="col">measure</th><th scope="col" class="number">before</th>'
    yield '<th scope="col" class="number">now</th></tr></thead><tbody>\n'
    for each in column.measures:
        old, new = (_text(changes.measure_value(column, each, value)) for value in (each.old, each.new))
        mark = ' class="differs"' if each.differs else ""
        yield f'<tr{mark}><th scope="row">{_text(each.measure)}</th><td class="number">{old}</td><td class="number">{new}</td></tr>\n'
    yield "</tbody></table>\n"


def _counts(column: ColumnDiff) -> Iterator[str]:
    """The bins as they were counted, for those who can't see the drawing, or want the numbers."""
    if column.distance is None:
        return
    bins = column.distance.bins
    sums = sum(each.old for each in bins), sum(each.new for each in bins)
    yield '<details><summary>Counts</summary><table><thead><tr><th scope="col">bin</th>'
    yield '<th scope="col" class="number">before</th><th scope="col" class="number">now</th></tr></thead><tbody>\n'
    for each in bins:
        old, new = (
            f"{short(each.old)} ({percent(each.old / sums[0])})",
            f"{short(each.new)} ({percent(each.new / sums[1])})",
        )
        label = _text(changes.bin_label(column, each))
        yield f'<tr><th scope="row">{label}</th><td class="number">{old}</td><td class="number">{new}</td></tr>\n'
    yield "</tbody></table></details>\n"


def _left(left: int) -> str:
    return f"<p>{left:,} more columns are not drawn; the largest differences are shown.</p>" if left > 0 else ""


def _same(diff: Diff) -> str:
    same = [column.name for column in diff.columns if column.state == "same"]
    if not same:
        return ""
    names = "".join(f"<li>{_text(name)}</li>" for name in same)
    return f"<details><summary>{len(same):,} the same</summary><ul class=names>{names}</ul></details>"


@cache
def _part(name: str) -> str:
    return resources.files("solvent.data.profile.draw").joinpath("page", name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(text: str) -> str:
    return escape(visible(text))
