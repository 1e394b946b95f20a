"""Only the changed lines of a notebook's cells change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.sources.cells import with_sources
from solvent.debt.sources.errors import Unreadable

ODD = rb"""
{"metadata" : {"n": 1e-05, "x": [1.0,2], "cells": [{"source": "no"}]},
 "cells": [ {"source":["a \u003c b\n", "caf\u00e9 \/ x"], "cell_type":"code", "outputs": [{"text": "\"source\": ["}]},
   {"cell_type": "markdown", "source": []},
	{"source": "one\ntwo \u003e\nthree", "cell_type": "code"} ],
 "nbformat": 4.0 }  """


def test_all_other_bytes_stay() -> None:
    assert with_sources(ODD, {0: "a < b\ncaf\xe9 / x", 2: "one\ntwo >\nthree"}) == ODD
    changed = with_sources(ODD, {0: "a < b\nnew\ncaf\xe9 / x", 2: "one\ntwo >\n3 é"})
    assert changed == ODD.replace(rb'"a \u003c b\n", ', rb'"a \u003c b\n", "new\n", ').replace(b"three", rb"3 \u00e9")


def test_one_item_and_the_usual_indent() -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": ["x"]}]}, indent=1) + "\n"

    changed = with_sources(text.encode(), {0: "# a\nx"})
    assert changed.decode() == json.dumps({"cells": [{"cell_type": "code", "source": ["# a\n", "x"]}]}, indent=1) + "\n"


def test_the_form_of_before_and_a_byte_order_mark() -> None:
    old = b'\xef\xbb\xbf{"worksheets": [{"cells": [{"input": "a"}]}, {"cells": [{"input": ["b"]}]}]}'

    assert with_sources(old, {1: "c"}) == old.replace(b'["b"]', b'["c"]')


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"[1]", '{"cells": []}'.encode("utf-16"), b"[" * 100_000])
def test_what_is_no_notebook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        with_sources(content, {0: "a"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_SOURCE = st.text('ab\n"\\\té\U0001f600\u2028') | st.lists(st.text('ab\n"\\\té\U0001f600\u2028'), max_size=4)


@given(
    st.lists(st.tuples(_SOURCE, _JSON), min_size=1, max_size=3),
    st.text('ab\n"\\\té\U0001f600'),
    st.sampled_from([None, 0, 1, "\t"]),
    st.booleans(),
    st.data(),
)
def test_any_source_is_read_back(
    cells: list[tuple[Any, Any]], new: str, indent: Any, ascii_only: bool, data: st.DataObject
) -> None:
    document = {"x": cells[0][1], "cells": [{"metadata": more, "source": source, "z": more} for source, more in cells]}
    content = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()
    number = data.draw(st.integers(0, len(cells) - 1))

    changed = json.loads(with_sources(content, {number: new}))

    source = changed["cells"][number]["source"]
    if document["cells"][number]["source"] != []:
        assert "".join(source) == new
    document["cells"][number]["source"] = source
    assert changed == document
    kept = {n: "".join(source) for n, (source, _) in enumerate(cells)}
    if all(
        not isinstance(s, list) or (s and all(x.endswith("\n") and x.count("\n") == 1 for x in s)) for s, _ in cells
    ):
        assert with_sources(content, kept) == content
