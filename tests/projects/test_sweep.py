"""The combinations of a sweep."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.projects.errors import InvalidParameters
from solvent.projects.plan import Plan, plan_run
from solvent.projects.sweep import plan_sweep, split_values
from solvent.projects.sweeping import Goal, parse_goal


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.1,0.5", ["0.1", "0.5"]),
        ("one", ["one"]),
        ("", [""]),
        ('["a,b", "c"]', ["a,b", "c"]),
        ("[0.10, 1e-3, 7]", ["0.10", "1e-3", "7"]),
        ('["", "[x"]', ["", "[x"]),
        ("[true]", ["true"]),
    ],
)
def test_values_are_between_commas_or_in_a_json_list(text: str, values: list[str]) -> None:
    assert split_values("p", text) == values


@pytest.mark.parametrize("text", ["a,,b", "a,", "a,a", "[1", "[[1]]", "[null]", "[]"])
def test_what_is_unclear_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameters, match="parameter 'p'"):
        split_values("p", text)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "MLproject").write_text(
        "entry_points:\n  main:\n    parameters:\n      alpha: float\n      depth: {type: int, default: 3}\n"
        "    command: echo {alpha} {depth}\n"
    )
    return plan_run(str(tmp_path), given={"alpha": "1"})


def test_a_sweep_is_the_product(plan: Plan) -> None:
    sweep = plan_sweep(plan, {"alpha": ["1", "2"], "depth": ["3", "5"], "name": ["x"]}, {})
    assert [label for label, _ in sweep.children] == [
        "alpha=1, depth=3",
        "alpha=1, depth=5",
        "alpha=2, depth=3",
        "alpha=2, depth=5",
    ]
    assert sweep.children[1][1].command == "echo 1 5 --name x"
    assert sweep.parent.values.all == {"name": "x"}
    assert sweep.parent.command.endswith("-e main --sweep -P alpha=1,2 -P depth=3,5 -P name=x")


def test_every_combination_is_checked_before_anything_starts(plan: Plan) -> None:
    with pytest.raises(InvalidParameters, match="expected a number"):
        plan_sweep(plan, {"alpha": ["1", "two"]}, {})
    with pytest.raises(InvalidParameters, match="several values"):
        plan_sweep(plan, {"alpha": ["1"]}, {})
    with pytest.raises(InvalidParameters, match="40,000 runs"):
        plan_sweep(plan, {"alpha": [str(n) for n in range(200)], "depth": [str(n) for n in range(200)]}, {})


def test_a_goal_is_a_metric_and_a_direction() -> None:
    assert parse_goal("auc") == parse_goal("auc:max") == Goal("auc", "max")
    assert parse_goal("a:loss:min") == Goal("a:loss", "min")
    assert parse_goal("a:b") == Goal("a:b", "max")


def test_runs_at_once_are_bounded_by_the_files_that_may_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    from solvent.projects import sweeping

    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1024))
    assert sweeping._most_jobs() == 56


def test_nested_lists_without_end_are_no_values() -> None:
    with pytest.raises(InvalidParameters, match="begins as a JSON list"):
        split_values("a", "[" * 100_000)
