"""The committed labels can be read, and judging counts as it says."""

from __future__ import annotations

from bench.debt.judge import Score, judge
from bench.debt.labels import Label, Labels, all_labels
from solvent.debt.findings import Finding


def test_the_labels_are_many_and_of_many_projects() -> None:
    labels = all_labels()

    assert len(labels) >= 6
    assert sum(len(each.labels) for each in labels) >= 200
    assert {label.debt for each in labels for label in each.labels} == {True, False}


def finding(path: str, line: int, code: str = "MOD403") -> Finding:
    return Finding(code, "rule", "message", path, line, 1, "medium", 5, "f" * 16, end_line=line)


def test_hits_are_right_wrong_or_not_judged() -> None:
    spots = [
        Label("MOD403", "a.py", True, lines=(3, 5)),
        Label("MOD403", "a.py", False, lines=(9, 9)),
        Label("MOD403", "b.py", True),
        Label("MOD403", "c.py", True),
    ]
    labels = Labels("p", "1", "", 0, ".", ["read.py"], spots, unsure=[Label("MOD403", "unsure.py")])
    places = [("a.py", 4), ("a.py", 9), ("b.py", 77), ("read.py", 1), ("elsewhere.py", 1), ("unsure.py", 1)]
    scores: dict[str, Score] = {}

    judge(labels, [finding(*place) for place in places], scores)

    score = scores["MOD403"]
    assert (score.right, score.wrong, score.unjudged) == (2, 2, 1)
    assert (score.met, score.missed) == (2, 1)
    assert score.precision == 0.5


def test_a_found_project_counts_for_the_precision_of_sought_rules_alone() -> None:
    spots = [Label("MOD401", "a.py", True), Label("MOD401", "b.py"), Label("MOD401", "c.py", True)]
    labels = Labels("p", "1", "", 0, ".", ["read.py"], spots, found=True)
    scores: dict[str, Score] = {}

    hits = [finding(path, 1, code) for code in ("MOD401", "MOD403") for path in ("a.py", "b.py", "read.py")]
    judge(labels, hits, scores)

    assert set(scores) == {"MOD401"}  # nobody sought the others
    score = scores["MOD401"]
    assert (score.right, score.wrong, score.unjudged) == (1, 1, 1)
    assert (score.met, score.missed, score.overlooked) == (0, 0, [])
    assert score.recall is None
