"""Random trees, in the form that the parser gives them."""

from __future__ import annotations

from hypothesis import strategies as st

from solvent.search.tree import AGGREGATES, And, Comparison, Expression, Field, Kind, Not, Or, Order, ends_in_aggregate

_KINDS: list[Kind] = ["attribute", "metric", "param", "tag", "dataset"]
_CHARACTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
KEYS = st.one_of(
    st.text(_CHARACTERS, min_size=1, max_size=8), st.sampled_from(["loss", "val/loss", "a.b", "m.min", "1"])
)
TEXTS = st.one_of(st.text(_CHARACTERS, max_size=8), st.sampled_from(["it's", '"', "'\"", "a\\", "%x_", ""]))
NUMBERS = st.one_of(
    st.integers(-(10**17), 10**17), st.floats(allow_nan=False), st.sampled_from([float("inf"), float("-inf")])
)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    kind = draw(st.sampled_from(_KINDS))
    key = draw(KEYS)
    if kind == "attribute":
        return Field(kind, key)
    if "`" in key and '"' in key:
        key = key.replace('"', "")
    if kind == "metric":
        if ends_in_aggregate(key) and draw(st.booleans()):
            return Field(kind, "loss." + key.rpartition(".")[2], open=True)
        return Field(kind, key, draw(st.sampled_from([None, *AGGREGATES])))
    return Field(kind, key)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    op = draw(
        st.sampled_from(
            [
                "=",
                "!=",
                "<",
                "<=",
                ">",
                ">=",
                "LIKE",
                "ILIKE",
                "NOT LIKE",
                "NOT ILIKE",
                "IN",
                "NOT IN",
                "IS NULL",
                "IS NOT NULL",
            ]
        )
    )
    value = st.one_of(TEXTS, NUMBERS)
    if op.startswith("IS"):
        return Comparison(draw(fields()), op)
    if op.endswith("IN"):
        return Comparison(draw(fields()), op, tuple(draw(st.lists(value, min_size=1, max_size=3))))
    return Comparison(draw(fields()), op, draw(value))


def expressions() -> st.SearchStrategy[Expression]:
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
            inner.map(Not),
        ),
        max_leaves=8,
    )


def orders() -> st.SearchStrategy[Order]:
    return st.builds(Order, fields(), st.booleans())
