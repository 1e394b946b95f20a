"""YAML of strangers."""

from __future__ import annotations

import pytest

from solvent.errors import InvalidInput
from solvent.yaml_text import read_yaml


def test_keys_and_dates_are_the_texts_that_stand_there() -> None:
    text = "1: 2024-1-1\ntrue: 2024-01-01 10:00:00\n~: 1.5\n"
    assert read_yaml(text, "a.yaml", InvalidInput).value == {"1": "2024-1-1", "true": "2024-01-01 10:00:00", "~": 1.5}


def test_merge_keys_are_followed_only_where_that_is_asked_for() -> None:
    """Also where one is merged from that is itself merged, and not yet made."""
    text = "b: &b {x: 1, y: 1}\na: {in: &a {<<: *b, x: 2}}\nc: {<<: *a, z: 3}\n"
    value = read_yaml(text, "a.yaml", InvalidInput, merge_keys=True).value
    assert value == {"b": {"x": 1, "y": 1}, "a": {"in": {"x": 2, "y": 1}}, "c": {"x": 2, "y": 1, "z": 3}}
    with pytest.raises(InvalidInput, match=r"a\.yaml, line 2, column 13: not valid YAML: '<<' is not followed"):
        read_yaml(text, "a.yaml", InvalidInput)
    listed = read_yaml("- &a {x: 1}\n- &b {x: 2, y: 2}\n- {<<: [*a, *b]}\n", "a.yaml", InvalidInput, merge_keys=True)
    assert listed.value[2] == {"x": 1, "y": 2}
    with pytest.raises(InvalidInput, match="'<<' needs a mapping"):
        read_yaml("{<<: [1]}", "a.yaml", InvalidInput, merge_keys=True)


def test_an_empty_text_has_no_node() -> None:
    assert read_yaml("# nothing\n", "a.yaml", InvalidInput) == (None, None)
