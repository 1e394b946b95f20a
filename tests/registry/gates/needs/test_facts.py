"""Needs that look at the model's files: signature, input_example, no_pickle; and where it comes from."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from tests.registry.gates.helpers import asked, make_known, make_versions
from tests.registry.helpers import make_model, move


@pytest.mark.parametrize(
    ("signature", "wanted", "met"),
    [
        ("none", "true", False),
        ("inputs", "true", True),
        ("whole", "true", True),
        ("inputs", '"whole"', False),
        ("whole", '"whole"', True),
        ("whole", '"inputs"', True),
    ],
)
def test_signature(backend: EmbeddedBackend, signature: str, wanted: str, met: bool) -> None:
    make_versions(backend)
    make_known(backend, signature=signature)
    check = asked(backend, f"signature = {wanted}")
    assert check.met is met
    assert (check.next is None) is met


def test_input_example(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    assert asked(backend, "input_example = true").met
    make_known(backend, input_example=False)
    assert not asked(backend, "input_example = true").met


def test_no_pickle(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    assert asked(backend, "no_pickle = true").met
    make_known(backend, unsafe=["model.pkl"])
    assert asked(backend, "no_pickle = true").found == "model.pkl runs code when it is loaded"
    make_known(backend, unsafe=["a.pkl", "b.pkl", "c.pkl", "d.pkl", "e.pkl"])
    assert asked(backend, "no_pickle = true").found == "a.pkl, b.pkl, c.pkl and 2 more run code when it is loaded"


@pytest.mark.parametrize("need", ["signature = true", "input_example = true", "no_pickle = true"])
def test_files_that_could_not_be_read_are_no_proof(backend: EmbeddedBackend, need: str) -> None:
    make_versions(backend)
    make_known(backend, signature="none", input_example=False, problem="the bucket can't be reached")
    check = asked(backend, need)
    assert (check.met, check.found) == (False, "the bucket can't be reached")


@pytest.mark.parametrize("need", ["signature = true", "input_example = true", "no_pickle = true"])
def test_files_that_nobody_looked_at_are_no_proof(backend: EmbeddedBackend, need: str) -> None:
    make_model(backend, versions=1)
    assert not asked(backend, need).met


def test_from(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    check = asked(backend, 'from = ["Staging", "Archived"]')
    assert (check.met, check.found) == (False, "it is in stage None; it must come from Staging or Archived")
    assert check.next == "solvent models promote m 1 --to Staging"
    move(backend, "1", "Archived")
    assert asked(backend, 'from = ["Staging", "Archived"]').met
