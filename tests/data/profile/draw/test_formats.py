"""The same difference in each form; what others wrote stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import msgspec
import pytest

from solvent.data.profile.diff.compare import compare
from solvent.data.profile.diff.model import Diff
from solvent.data.profile.draw import html, json, markdown, text
from solvent.data.profile.draw.changes import bin_label
from solvent.data.profile.draw.svg import plot
from tests.data.profile.profiles import broken, numbers, profile, texts

EDGES = [0.0, 1.0, 2.0, 3.0]
EVIL = "<script>alert(1)</script>|`*\x1b[2J"


@pytest.fixture
def diff() -> Diff:
    old = profile(
        numbers("price", [0.5, 0.6, 1.5, 2.5], EDGES),
        texts(EVIL, {"a": 3, EVIL: 1}),
        numbers("same", [0.5, 1.5, 2.5, 2.6], EDGES),
        broken("shape", "no <b>"),
        numbers("gone", [0.5] * 4, EDGES),
    )
    new = profile(
        numbers("price", [2.5, 2.6, 1.5, 5.0], EDGES, nulls=1),
        texts(EVIL, {"a": 3, "new " + EVIL: 2}),
        numbers("same", [0.5, 1.5, 2.5, 2.6], EDGES),
        broken("shape", "no <b>"),
        rows=5,
    )
    return compare(old, new, old_name="old.csv", new_name=f"{EVIL}.csv")


def test_text(diff: Diff) -> None:
    written = text.write(diff)
    lines = written.splitlines()
    assert lines[1] == "4 -> 5 rows (+25.0%)"
    assert lines[2] == "5 -> 4 columns: 1 not comparable, 1 removed, 2 with other values, 1 the same"
    assert [line.split()[0] for line in lines[6:10]] == ["shape", "gone", "price", EVIL.split("\x1b")[0] + "\\x1b[2J"]
    assert "null rate 0% -> 20.0%, mean 1.275 -> 2.9" in written
    assert "shape: the old one could not be looked at: no <b>" in written
    assert "\x1b" not in written


def test_plain_text_is_ascii(diff: Diff) -> None:
    assert text.write(diff, plain=True).isascii()


def test_nothing_differs() -> None:
    whole = profile(numbers("x", [0.5], EDGES))
    same = compare(whole, whole, old_name="a", new_name="b")
    assert text.write(same).splitlines() == ["a -> b", "1 -> 1 rows", "1 -> 1 columns: 1 the same", "Nothing differs."]
    assert markdown.write(same).endswith("\nNothing differs.\n")
    assert "Nothing differs" in html.write(same)


def test_markdown(diff: Diff) -> None:
    written = markdown.write(diff)
    assert "<script>" not in written
    table = [line for line in written.splitlines() if line.startswith("|")]
    assert len(table) == 6
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {9}


def test_markdown_fits_a_comment() -> None:
    old = profile(*(numbers(f"column {place} " + "x" * 50, [0.5], EDGES) for place in range(2000)))
    new = profile(*(numbers(f"column {place} " + "x" * 50, [1.5], EDGES) for place in range(2000)))
    written = markdown.write(compare(old, new, old_name="a", new_name="b"))
    assert len(written.encode()) < markdown.MAX_BYTES
    assert "more columns did not fit here" in written


def test_json_is_the_whole(diff: Diff) -> None:
    assert msgspec.json.decode(json.write(diff), type=Diff) == diff


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_html_needs_nothing_else_and_runs_nothing(diff: Diff) -> None:
    written = html.write(diff)
    page = Page()
    page.feed(written)
    assert "script" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "style")]
    assert all(value and value.startswith("#") for name, value in page.attributes if name == "href")
    assert "http:" not in written.replace("http-equiv", "")
    assert page.tags.count("svg") == 2
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_a_drawing_is_told_in_words(diff: Diff) -> None:
    column = next(column for column in diff.columns if column.name == "price")
    root = ElementTree.fromstring(plot(column, 3))
    title, description = root[0], root[1]
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "price: before and now"
    assert description.text
    assert "Most moved: 0 to 1, from 50.0% to 0%." in description.text


def test_bins_of_whole_numbers_are_named_by_what_is_in_them() -> None:
    edges = [0.0, 1.0, 4.0, 4.5]
    column = numbers("n", [-1, 0, 2, 4, 7], edges, kind="integer")
    compared = compare(profile(column), profile(column), old_name="a", new_name="b").columns[0]
    assert compared.distance is not None
    labels = [bin_label(compared, each) for each in compared.distance.bins]
    assert labels == ["below 0", "0", "1 to 3", "4", "above 4"]
