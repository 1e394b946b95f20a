"""Runs and experiments in a notebook: nothing that was logged is taken for markup."""

from __future__ import annotations

from html.parser import HTMLParser

from solvent.client.entities import Experiment, Run, RunData, RunInfo

EVIL = "<script>alert(1)</script>\"'&"


class Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_run_shows_itself_escaped() -> None:
    info = RunInfo("id", "1", EVIL, "me", "FINISHED", 0, 1_700_000_000_000)
    run = Run(info, RunData({EVIL: 0.5}, {EVIL: EVIL}, {EVIL: EVIL, "mlflow.user": "hidden"}))
    page = Texts()
    page.feed(run._repr_html_())
    assert page.tags == {"div", "strong", "table", "tbody", "tr", "th", "td", "caption"}
    assert f"Run {EVIL}" in page.texts
    assert page.texts.count(EVIL) == 5
    assert "0.5" in page.texts
    assert "2023-11-14 22:13:20 UTC" in page.texts
    assert "hidden" not in page.texts


def test_a_run_of_many_metrics_says_how_many_more_there_are() -> None:
    info = RunInfo("id", "1", "r", "me", "RUNNING", 0)
    run = Run(info, RunData({f"m{number:03}": 1.0 for number in range(130)}, {}, {}))
    page = Texts()
    page.feed(run._repr_html_())
    assert "m099" in page.texts
    assert "m100" not in page.texts
    assert "and 30 more" in page.texts


def test_an_experiment_shows_itself_escaped() -> None:
    page = Texts()
    page.feed(Experiment("1", EVIL, tags={"k": EVIL})._repr_html_())
    assert "script" not in page.tags
    assert EVIL in page.texts
