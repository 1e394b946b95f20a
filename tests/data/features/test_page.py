"""The Markdown page."""

from __future__ import annotations

from solvent.data.features.page import graph_of, page_of
from tests.data.features.test_check import made


def test_the_graph_shows_what_features_are_made_of() -> None:
    features = [
        made("ratio", "debt", "income_eur"),
        made("income_eur", "income", "rate"),
        made("high", "ratio", "rate"),
    ]
    assert graph_of(features) == [
        "high",
        "├─ ratio",
        "│  ├─ debt",
        "│  └─ income_eur",
        "│     ├─ income",
        "│     └─ rate",
        "└─ rate",
    ]
    again = [made("a", "c"), made("b", "c"), made("c", "x")]
    assert graph_of(again) == ["a", "└─ c", "   └─ x", "b", "└─ c (above)"]


def test_circles_and_long_chains_end() -> None:
    assert graph_of([made("a", "b"), made("b", "a")]) == ["a", "└─ b", "   └─ a (above)"]
    chain = graph_of([made(f"f{number}", f"f{number + 1}") for number in range(2_000)])
    assert [line.split()[-2:] for line in chain[20:22]] == [["f20", "(below)"], ["f20"]]
    assert [line for line in chain if line.endswith("f1999")] == [f"{'   ' * 18}└─ f1999"]
    assert max(map(len, chain)) < 100


def test_the_page_tells_all_and_carries_no_html() -> None:
    feature = made("ratio", "debt", description="Debt <b> | income", source="```\nx\n\x1b[31m\t", dtype="float")
    page = page_of([feature, made("bare", description="", owner="", inputs=None, version="")], "Features of loans")
    assert page.startswith("# Features of loans\n")
    assert "| `ratio` | Debt &lt;b> \\| income | me |" in page
    assert "````python\n```\nx\n\ufffd[31m\n````" in page
    assert "| type | float |" in page
    assert "*Nobody has written what it means.*" in page
    assert "| inputs | not declared |" in page
    assert "| version | none: its source is not known |" in page
