"""The examples of docs/search.md, run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.search.errors import SearchError
from solvent.search.parser import parse_filter
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, LogBatch, Param, SearchRuns, SetTag, UpdateRun

PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text()
ROW = re.compile(r"^\| *(`.*`)? *\| *([a-z, ]+?) *\|$", re.MULTILINE)


def _rows(head: str) -> list[tuple[str, str]]:
    """(example, names) of every table whose first column is ``head``."""
    found = []
    for table in re.split(r"\n\n", PAGE):
        if table.lstrip().startswith(f"| {head} |"):
            found += [(code.strip("`").strip(), names) for code, names in ROW.findall(table)]
    return found


@pytest.fixture
def runs(backend: EmbeddedBackend) -> EmbeddedBackend:
    """The three runs of the page, in the default experiment."""
    parts: list[tuple[str, int, str, list[Param], list[Metric], str]] = [
        (
            "tree",
            1,
            "FINISHED",
            [Param(key="model", value="tree"), Param(key="lr", value="0.1")],
            [*_history("loss", 0.9, 0.2, 0.3), *_history("val/acc", 0.8)],
            "red",
        ),
        (
            "net",
            2,
            "FAILED",
            [Param(key="model", value="net"), Param(key="lr", value="0.10")],
            _history("loss", 0.5, "NaN"),
            "blue",
        ),
        ("idea", 3, "RUNNING", [], [], ""),
    ]
    for name, start, status, params, metrics, team in parts:
        run_id = backend.call(CreateRun(experiment_id="0", run_name=name, start_time=start)).run.info.run_id
        backend.call(LogBatch(run_id=run_id, params=params, metrics=metrics))
        if team:
            backend.call(SetTag(run_id=run_id, key="team", value=team))
        if status != "RUNNING":
            backend.call(UpdateRun(run_id=run_id, status=status, end_time=9))
    return backend


def _history(key: str, *values: float | str) -> list[Metric]:
    return [Metric(key=key, value=value, timestamp=0, step=step) for step, value in enumerate(values)]


def test_every_filter_of_the_page_finds_what_it_says(runs: EmbeddedBackend) -> None:
    rows = _rows("filter")
    assert len(rows) > 20
    for text, names in rows:
        found = runs.call(SearchRuns(experiment_ids=["0"], filter=text)).runs
        assert (text, ", ".join(run.info.run_name for run in found)) == (text, names)


def test_every_order_of_the_page_gives_what_it_says(runs: EmbeddedBackend) -> None:
    rows = _rows("order_by")
    assert len(rows) > 4
    for order, names in rows:
        found = runs.call(SearchRuns(experiment_ids=["0"], order_by=[order] if order else [])).runs
        assert (order, ", ".join(run.info.run_name for run in found)) == (order, names)


def test_the_error_of_the_page_is_the_real_one() -> None:
    (shown,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    with pytest.raises(SearchError) as caught:
        parse_filter(shown.split("\n")[1].strip())
    assert str(caught.value) == shown
