"""What is wrong with features."""

from __future__ import annotations

from typing import Any

from solvent.data.features.check import problems_of, undocumented
from solvent.data.features.model import Feature

RAW = frozenset({"debt", "income", "age"})


def made(name: str, *inputs: str, line: int = 1, **fields: Any) -> Feature:
    given: dict[str, Any] = {"description": "x", "owner": "me", "outputs": (name,), "version": "1", "inputs": inputs}
    return Feature(name=name, file="f.py", line=line, **(given | fields))


def kinds(features: list[Feature], raw: frozenset[str] | None = RAW) -> list[tuple[str, str]]:
    return [(each.subject, each.kind) for each in problems_of(features, raw)]


def test_nothing_is_wrong() -> None:
    assert kinds([made("ratio", "debt", "income"), made("high", "ratio"), made("today")]) == []


def test_what_is_missing_is_named() -> None:
    assert kinds([made("a", description="", owner="", inputs=None)]) == [
        ("a", "missing-description"),
        ("a", "missing-inputs"),
        ("a", "missing-owner"),
    ]
    assert kinds([made("a", owner="", inputs=None, unread=("owner", "inputs"))]) == [("a", "unreadable-argument")] * 2


def test_inputs_must_be_columns_or_features() -> None:
    (problem,) = problems_of([made("ratio", "debt", "incme", line=7)], RAW)
    assert (problem.kind, problem.place) == ("unknown-input", "f.py:7")
    assert problem.message == (
        "the input 'incme' is neither a column of a contract nor another feature; did you mean 'income'?"
    )
    assert kinds([made("b", "r_1"), made("a", outputs=("r_*",))]) == []
    assert kinds([made("ratio", "nothing")], None) == []
    assert kinds([made("ratio", "ratio")]) == [("ratio", "unknown-input")]


def test_duplicates_are_told_where_the_second_one_is() -> None:
    features = [made("a", "age"), made("a", "age", line=5), made("b", "age", outputs=("a", "b"), line=9)]
    assert [(each.place, each.message) for each in problems_of(features, RAW)] == [
        ("f.py:5", "'a' is also made at f.py:1"),
        ("f.py:9", "'a' is also made at f.py:1"),
    ]


def test_each_circle_is_told_once() -> None:
    features = [made("a", "c"), made("b", "a", line=2), made("c", "b", line=3), made("x", "y"), made("y", "x")]
    found = [each.message.partition(": ")[2] for each in problems_of(features, RAW)]
    assert len(found) == 2
    assert {frozenset(each.split(" -> ")) for each in found} == {frozenset("abc"), frozenset("xy")}
    assert kinds([made("age", "age")]) == []
    assert kinds([made("age", "young"), made("young", "age", line=2)]) == []  # age is a raw column: no circle


def test_long_chains_are_no_trouble() -> None:
    features = [made(f"f{number}", f"f{number + 1}", line=number) for number in range(500)] + [made("f500", "age")]
    assert kinds(features) == []


def test_columns_of_a_run_are_raw_or_documented() -> None:
    features = [made("ratio", "debt", "income"), made("bare", description=""), made("hot", outputs=("sex_*",))]
    used = {"train": ["debt", "ratio", "bare", "sex_male", "raito", "id"], "test": ["id"]}
    found = undocumented(used, features, RAW)
    assert [each.subject for each in found] == ["bare", "raito", "id"]
    assert found[0].place == "f.py:1"
    assert found[1].message.endswith("in no contract and no documented feature; did you mean 'ratio'?")
