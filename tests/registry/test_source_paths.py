"""The text of source addresses."""

from __future__ import annotations

import posixpath
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.errors import InvalidInput
from solvent.registry.source_paths import is_plain, is_served_here, is_within, local_path, scheme_of, unquoted

ROOT = "mlflow-artifacts:/1/run/artifacts"
PIECES = st.lists(
    st.sampled_from(["..", ".", "a", "/", "\\", "%2e", "%2F", "%25", "#", "?", "\0", "artifacts", " "]), max_size=12
)


@given(PIECES, st.integers(0, 3))
def test_what_is_accepted_lies_within(pieces: list[str], times: int) -> None:
    tail = "/".join(pieces)
    for _ in range(times):
        tail = quote(tail)
    source = f"{ROOT}/{tail}"
    try:
        accepted = is_plain(source) and is_within(source, ROOT)
    except InvalidInput:
        return
    if accepted:
        plain = unquoted(source).partition(":")[2].replace("\\", "/")
        assert posixpath.normpath(plain).startswith("/1/run/artifacts")


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for source in (text, f"file:{text}", f"s3://{text}", f"{ROOT}/{text}"):
        try:
            local_path(source)
            is_plain(source)
            is_within(source, ROOT)
            is_served_here(source)
        except InvalidInput:
            continue


@given(st.text(max_size=40))
def test_local_paths_are_absolute_and_lead_straight(text: str) -> None:
    try:
        path = local_path(f"/{text}")
    except InvalidInput:
        return
    assert path is None or (path.is_absolute() and ".." not in path.parts)


def test_too_many_encodings_are_refused() -> None:
    with pytest.raises(InvalidInput, match="encoded more than 8 times"):
        scheme_of("s3://b/%" + "25" * 20 + "2e")


def test_a_served_address_is_known_behind_any_host() -> None:
    assert is_served_here("https://any.example/prefix/api/2.0/mlflow-artifacts/artifacts/1/run")
    assert is_served_here("HTTP://any.example/api/2.0/%6dlflow-artifacts/artifacts/1")
    assert not is_served_here("https://any.example/api/2.0/mlflow-artifacts/other")
