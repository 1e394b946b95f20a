"""A comment on a pull request: bounded, and made of text alone."""

from __future__ import annotations

import re

from hypothesis import given

from solvent.debt.engine.check import Report
from solvent.debt.formats.markdown import MAX_BYTES, code
from tests.debt.formats.reports import finding, report, reports, texts, troubled, written


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("| ")][1:]


def test_one_of_everything() -> None:
    text = written("markdown", troubled())

    assert text.startswith("## Technical debt: rating A\n\n2 findings (1 high, 1 low), 32 min to mend")
    assert rows(text)[0] == "| high | COD207 | `src/train.py:3:5` | comparing with NaN is always false | 2 min |"


def test_what_does_not_fit_is_counted_and_the_worst_is_kept() -> None:
    many = [finding(severity="low", message="é" * 100) for _ in range(2_000)] + [finding(severity="blocker")]
    unreadable = [(f"{number}.py", "nested too deeply") for number in range(3_000)]
    text = written("markdown", report(many, unreadable=unreadable))

    assert len(text.encode()) <= MAX_BYTES
    assert rows(text)[0].startswith("| blocker |")
    left = int(re.findall(r"\*\*([\d,]+) more findings did not fit here\*\*", text)[0].replace(",", ""))
    assert left + len(rows(text)) == 2_001
    assert re.search(r"\*\*[\d,]+ more lines did not fit here\*\*", text)


def test_text_makes_no_markup_no_links_and_mentions_nobody() -> None:
    text = written("markdown", report([finding(message="<img src=x> [a](b) **c** | @team https://x.org www.x.org")]))

    assert (
        rows(text)[0]
        .split(" | ", 3)[3]
        .startswith(r"\<img src=x\> \[a\](b) \*\*c\*\* \| @&#8203;team https\://x.org www\.x.org")
    )


@given(texts)
def test_a_code_span_ends_where_it_should(text: str) -> None:
    span = code(text)
    fence = span[: len(span) - len(span.lstrip("`"))]
    inner = span[len(fence) : -len(fence)]
    assert fence
    assert fence not in re.findall(r"`+", inner)


@given(shown=reports())
def test_any_text_is_one_row(shown: Report) -> None:
    found = rows(written("markdown", shown))
    assert len(found) == len(shown.findings)
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) >= 6 for row in found)
