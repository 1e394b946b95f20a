"""Solvent's own part of a profile is kept apart, and nobody else's text is touched."""

from __future__ import annotations

import json

import pytest

from solvent.store.datasets_details import Kept, join, split

OURS = '{"num_rows":3,"solvent":{"version":1,"columns":[1.0,2e300]}}'


@pytest.mark.parametrize(
    "text", [None, "", "{}", "not json", '{"num_rows": 3}', '"solvent"', '["solvent"]', '{"a": "the \\"solvent\\" of"}']
)
def test_what_others_wrote_stays_as_it_is(text: str | None) -> None:
    assert split(text) == Kept(text, None)
    assert join(split(text)) == text


def test_our_part_is_apart_and_comes_back() -> None:
    kept = split(OURS)
    assert kept == Kept('{"num_rows":3}', '{"version":1,"columns":[1.0,2e300]}')
    assert join(kept) == OURS
    assert join(Kept(None, "{}")) == '{"solvent":{}}'
    assert json.loads(join(split('{ "solvent" : null, "a" : 1 }')) or "") == {"a": 1, "solvent": None}
