"""The parser: what it reads, what it refuses, and that it refuses in one way only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.errors import InvalidInput
from solvent.search.errors import SearchError
from solvent.search.lexer import MAX_TEXT
from solvent.search.parser import MAX_COMPARISONS, MAX_DEPTH, MAX_LISTED, parse_filter, parse_order_by
from solvent.search.tree import And, Comparison, Field, Not, Or, Order
from tests.search.strategies import expressions, orders


def test_precedence_is_not_then_and_then_or() -> None:
    tree = parse_filter("a = 'x' OR NOT b = 'y' AND c = 'z'")
    a, b, c = (Comparison(Field("attribute", key), "=", value) for key, value in zip("abc", "xyz", strict=True))
    assert tree == Or((a, And((Not(b), c))))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("metrics.loss = 1", Field("metric", "loss")),
        ("metric.`val loss` = 1", Field("metric", "val loss")),
        ('params."a.b" = 1', Field("param", "a.b")),
        ("tag.'k' = 1", Field("tag", "k")),
        ("`params`.a = 1", Field("param", "a")),
        ("`params`.`a b` = 1", Field("param", "a b")),
        ("`Run name` = 1", Field("attribute", "Run name")),
        ('attributes."Run name" = 1', Field("attribute", "Run name")),
        ("metrics.val/loss-2 = 1", Field("metric", "val/loss-2")),
        ("metrics.1 = 1", Field("metric", "1")),
        ("metrics.loss.min = 1", Field("metric", "loss.min", open=True)),
        ("metrics.`loss.min` = 1", Field("metric", "loss.min")),
        ("metrics.`val loss`.mean = 1", Field("metric", "val loss", "mean")),
        ("params.loss.min = 1", Field("param", "loss.min")),
        ('params."say ""hi""" = 1', Field("param", 'say "hi"')),
    ],
)
def test_keys(text: str, field: Field) -> None:
    assert parse_filter(text) == Comparison(field, "=", 1)


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'x'", "x"),
        ('"it\'s"', "it's"),
        ("'it''s'", "it's"),
        ("'C:\\'", "C:\\"),
        ("''", ""),
        ("-3", -3),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-4", 1e-4),
        ("1E+5", 1e5),
        ("1e999", float("inf")),
        ("123456789012345678901234567890", 123456789012345678901234567890.0),
    ],
)
def test_values(literal: str, value: object) -> None:
    tree = parse_filter(f"a = {literal}")
    assert isinstance(tree, Comparison)
    assert tree.value == value
    assert type(tree.value) is type(value)


@pytest.mark.parametrize("text", ["AND a = 1", "a = 1 AND", "a = 1 AND AND b = 2", "a = 1 b = 2", "AND", "", "  \n"])
def test_what_mlflow_reads_over_is_read_over(text: str) -> None:
    assert str(parse_filter(text)) in ("a = 1", "a = 1 AND b = 2", "None")


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("params.a = x", 11, "expected a value in quotes after =, found x"),
        ("metrics.loss <> 1", 13, "found <>: write !="),
        ("metrics.loss < 1;", 16, "join comparisons with AND"),
        ("params.a = 'x", 11, "has no closing '"),
        ("(a = 1", 6, r"expected \) to close the parenthesis of character 1, found the end"),
        ("a = 1)", 5, r"expected AND, OR or the end, found \)"),
        ("a = 1 OR", 8, "expected a comparison"),
        ("a = 1 OR b = 2 c = 3", 15, "found c out of place"),
        ("foo.a = 1", 0, "expected a key that begins with metrics., params."),
        ("params.`a`.min = 1", 10, "expected a comparator"),
        ("params.`` = 1", 7, "expected a key between the quotes"),
        ("a IS 5", 5, "expected NULL or NOT NULL after IS"),
        ("a IN ()", 6, "at least one value"),
        ("a = 'x\0'", 6, r"U\+0000"),
        ("a = 'x\ud800'", 6, r"U\+D800"),
    ],
)
def test_an_error_points_at_the_character(text: str, position: int, problem: str) -> None:
    with pytest.raises(SearchError, match=problem) as caught:
        parse_filter(text)
    line, shown, caret = str(caught.value).split("\n")
    assert line.startswith(f"Invalid filter, character {position + 1}: ")
    assert caught.value.position == position
    assert caret.index("^") == position + 2
    assert shown[2:].rstrip() == "".join(char if char.isprintable() else " " for char in text).rstrip()


def test_a_long_filter_is_shown_around_the_error() -> None:
    text = " AND ".join(["params.a = 'x'"] * 40) + " AND params.b ? 1"
    with pytest.raises(SearchError) as caught:
        parse_filter(text)
    _, shown, caret = str(caught.value).split("\n")
    assert len(shown) < 100
    assert shown[caret.index("^")] == "?"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 20_000,
        "NOT " * 10_000 + "a = 1",
        "(" * (MAX_DEPTH + 1) + "a = 1" + ")" * (MAX_DEPTH + 1),
        " AND ".join(["a = 1"] * (MAX_COMPARISONS + 1)),
        f"a IN ({'1,' * (MAX_LISTED + 1)})",
        "a" * (MAX_TEXT + 1),
        "a = '" + "x" * 60_000,
        "`" * 40_001,
        "9" * 50_000,
    ],
)
def test_bounds(text: str) -> None:
    with pytest.raises(SearchError):
        parse_filter(text)


def test_just_within_the_bounds() -> None:
    assert parse_filter("(" * MAX_DEPTH + "a = 1" + ")" * MAX_DEPTH) == parse_filter("a = 1")
    assert str(parse_filter(" OR ".join(["a = 1"] * MAX_COMPARISONS))).count("OR") == MAX_COMPARISONS - 1


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("metrics.loss", Order(Field("metric", "loss"))),
        ("metrics.loss desc", Order(Field("metric", "loss"), ascending=False)),
        (" `Run name`  ASC ", Order(Field("attribute", "Run name"))),
        ("metrics.loss.max DESC", Order(Field("metric", "loss.max", open=True), ascending=False)),
    ],
)
def test_order_by(text: str, order: Order) -> None:
    assert parse_order_by(text) == order


@pytest.mark.parametrize("text", ["", "metrics.a UP", "metrics.a, metrics.b", "metrics.a NULLS LAST", "1", "'a'"])
def test_what_order_by_refuses(text: str) -> None:
    with pytest.raises(SearchError, match="Invalid order_by, character"):
        parse_order_by(text)


_PIECES = ["metrics.", "params.a", "`", "'", '"', "(", ")", "AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", " ", "=", "!=", "<", "1", ".5", ",", "a", ".min", "\\", "\0", "\ud800", "%"]  # fmt: skip


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(_PIECES)).map("".join), st.lists(st.sampled_from(_PIECES)).map(" ".join)
    )
)
def test_any_text_is_read_or_refused_as_invalid_input(text: str) -> None:
    for parse in (parse_filter, parse_order_by):
        try:
            tree = parse(text)
        except InvalidInput:
            continue  # the one way to refuse
        assert tree is None or parse(str(tree)) == tree


@given(expressions())
def test_a_tree_survives_its_own_text(tree: object) -> None:
    assert parse_filter(str(tree)) == tree


@given(orders())
def test_an_order_survives_its_own_text(order: Order) -> None:
    assert parse_order_by(str(order)) == order
