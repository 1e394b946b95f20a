"""Contracts that may exist: documents that the standard's own schema has nothing against."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
WORDS = st.text(st.sampled_from("abcdefgh_é数1"), min_size=1, max_size=8)
ODD_TEXTS = st.sampled_from(
    [
        "yes",
        "no",
        "~",
        "1e5",
        "0o17",
        "1.0",
        "2026-11-24",
        "12:30:00",
        "null",
        "a: b",
        "# x",
        "- y",
        " padded ",
        "a\nb\n",
    ]
)
ANY_TEXT = TEXTS | ODD_TEXTS
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)


def _some(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


CUSTOM = st.lists(
    _some({"property": ANY_TEXT.map("x{}".format), "value": PLAIN}, {"description": ANY_TEXT}), max_size=2
)
_COUNTS = st.integers(0, 50)


@st.composite
def quality(draw: st.DrawFn) -> dict[str, Any]:
    """A rule of a column."""
    limit = draw(
        st.fixed_dictionaries({"mustBe": _COUNTS})
        | st.fixed_dictionaries({"mustBeLessOrEqualTo": _COUNTS})
        | st.fixed_dictionaries({"mustBeBetween": st.just([0, 5])})
    )
    head = draw(_some({}, {"name": ANY_TEXT, "description": ANY_TEXT, "severity": st.sampled_from(["error", "low"])}))
    arguments = draw(
        st.sampled_from(
            [
                {"metric": "nullValues"},
                {"metric": "duplicateValues"},
                {"metric": "invalidValues", "arguments": {"validValues": ["a", 1, True]}},
                {"metric": "missingValues", "arguments": {"missingValues": [None, "", "N/A"]}},
                {"type": "sql", "query": "SELECT count(*) FROM {object} WHERE {property} < 0"},
            ]
        )
    )
    return {**head, **arguments, **limit}


@st.composite
def column(draw: st.DrawFn, name: str) -> dict[str, Any]:
    logical = draw(st.sampled_from(["string", "integer", "number", "date", "boolean"]))
    options: dict[str, Any] = {}
    if logical in ("integer", "number"):
        options = draw(_some({}, {"minimum": st.integers(-9, 0), "maximum": st.floats(1, 9)}))
    if logical == "string":
        options = draw(
            _some({}, {"minLength": st.integers(0, 3), "maxLength": st.integers(4, 9), "pattern": st.just("^a")})
        )
    if logical == "date":
        options = draw(_some({}, {"minimum": st.just("2026-01-01")}))
    part = draw(
        _some(
            {"name": st.just(name), "logicalType": st.just(logical)},
            {
                "description": ANY_TEXT,
                "businessName": ANY_TEXT,
                "physicalType": ANY_TEXT,
                "required": st.booleans(),
                "unique": st.booleans(),
                "examples": st.lists(PLAIN, max_size=2),
                "tags": st.lists(ANY_TEXT, max_size=2),
                "customProperties": CUSTOM,
                "quality": st.lists(quality(), max_size=2),
            },
        )
    )
    return part | ({"logicalTypeOptions": options} if options else {})


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """The keys stand in any order."""
    names = draw(st.lists(WORDS, unique=True, max_size=4))
    table = {"name": draw(WORDS), "properties": [draw(column(name)) for name in names]}
    required = {
        "apiVersion": st.sampled_from(["v3.0.2", "v3.1.0"]),
        "kind": st.just("DataContract"),
        "id": ANY_TEXT,
        "version": st.sampled_from(["1.0.0", "2.10.3"]),
    }
    optional = {
        "name": ANY_TEXT,
        "status": st.sampled_from(["draft", "active"]),
        "domain": ANY_TEXT,
        "tags": st.lists(ANY_TEXT, max_size=2),
        "description": _some({}, {"purpose": ANY_TEXT, "other": PLAIN}),
        "customProperties": CUSTOM,
        "contractCreatedTs": st.just("2026-11-24T10:00:00Z"),
        "servers": st.just([{"server": "here", "type": "local", "path": "data/*.parquet", "format": "parquet"}]),
        "team": st.just({"name": "loans", "members": [{"username": "ada", "dateIn": "2026-01-01"}]}),
        "schema": st.just([table]),
    }
    found = draw(_some(required, optional))
    return {key: found[key] for key in draw(st.permutations(list(found)))}
