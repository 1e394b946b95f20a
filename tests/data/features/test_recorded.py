"""What was recorded is read."""

from __future__ import annotations

import pytest

import solvent
from solvent.data.features.errors import InvalidFeatures
from solvent.data.features.record import document_of
from solvent.data.features.recorded import recorded_features
from solvent.data.features.registered import registry
from tests.data.features.conftest import HERE


def test_what_is_written_is_read() -> None:
    @solvent.feature(owner="risk", outputs=["a", "b_*"])
    def young(age: int) -> bool:
        """Below 25."""
        return age < 25

    solvent.feature(name="no source")(print)
    bare, made = recorded_features(document_of(registry.all(), HERE)[0])
    assert (bare.name, bare.version, bare.line) == ("no source", "", 0)
    assert (made.description, made.owner, made.inputs, made.outputs) == ("Below 25.", "risk", None, ("a", "b_*"))
    assert (made.file, len(made.version)) == ("test_recorded.py", 16)
    assert "age < 25" in made.source


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"{" * 100_000, b'{"version": 1, "features": [1]}', b"\xff"])
def test_what_is_damaged_is_said_to_be(content: bytes) -> None:
    with pytest.raises(InvalidFeatures, match="damaged"):
        recorded_features(content)


def test_newer_forms_are_refused() -> None:
    with pytest.raises(InvalidFeatures, match="version 2"):
        recorded_features(b'{"version": 2}')
