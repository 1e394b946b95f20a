"""Addresses of models."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.registry.model_uris import ModelUri, parse

NAMES = st.text(st.characters(exclude_characters="/@", exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@pytest.mark.parametrize(
    ("uri", "parsed"),
    [
        ("models:/m-1", ModelUri(model_id="m-1")),
        ("models:/name/3", ModelUri(name="name", version="3")),
        ("models:/name/Staging", ModelUri(name="name", stage="Staging")),
        ("models:/name/LATEST", ModelUri(name="name")),
        ("models:/name@champion", ModelUri(name="name", alias="champion")),
        ("models:/a@b@c", ModelUri(name="a@b", alias="c")),
    ],
)
def test_the_forms(uri: str, parsed: ModelUri) -> None:
    assert parse(uri) == parsed


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "name/3",
        "models:",
        "models:/",
        "models:/ ",
        "models://name/3",
        "models:/a/",
        "models:/a/b/c",
        "models:/a@",
        "models:/@b",
    ],
)
def test_what_is_none(uri: str) -> None:
    assert parse(uri) is None


@given(NAMES, st.integers(1, 10**12))
def test_every_name_and_number_come_back(name: str, number: int) -> None:
    assert parse(f"models:/{name}/{number}") == ModelUri(name=name, version=str(number))


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    parsed = parse(f"models:/{text}")
    assert parsed is None or bool(parsed.model_id) != bool(parsed.name)
