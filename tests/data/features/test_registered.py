"""The decorator."""

from __future__ import annotations

import functools
from typing import Any

import pytest

import solvent
from solvent.data.features.registered import registry
from solvent.errors import InvalidInput


def test_the_function_stays_as_it_is() -> None:
    def ratio(debt: float, income: float) -> float:
        """Debt per income."""
        return debt / income

    assert solvent.feature(ratio) is ratio
    assert solvent.feature(description="other", inputs=["debt", "income"])(ratio) is ratio
    (found,) = registry.all()
    assert (found.name, found.description, found.owner) == ("ratio", "other", "")
    assert (found.inputs, found.outputs) == (("debt", "income"), ("ratio",))
    assert found.qualname.endswith("test_the_function_stays_as_it_is.<locals>.ratio")
    assert found.file == __file__
    assert any("def ratio" in line for line in found.lines)


def test_what_is_not_given_comes_from_the_function() -> None:
    @solvent.feature
    def young(age: int) -> bool:
        """Below the age at which insurers
        ask less.

        More.
        """
        return age < 25

    (found,) = registry.all()
    assert found.description == "Below the age at which insurers ask less."
    assert found.inputs is None
    assert young(3)


def test_no_inputs_are_not_the_same_as_none_declared() -> None:
    solvent.feature(inputs=[], outputs=("a", "b"), name="both")(lambda: 1)
    (found,) = registry.all()
    assert (found.name, found.inputs, found.outputs) == ("both", (), ("a", "b"))


def test_classes_wrapped_functions_and_objects_can_be_features() -> None:
    class Scale:
        """Scales."""

    def plain() -> None: ...

    solvent.feature(Scale)
    solvent.feature(functools.lru_cache(plain))
    solvent.feature(name="part")(functools.partial(plain))
    assert [each.name for each in registry.all()] == ["Scale", "plain", "part"]
    assert [each.file == __file__ for each in registry.all()][:2] == [True, True]


def test_features_of_one_name_in_two_places_are_both_kept() -> None:
    def one() -> None: ...

    def two() -> None: ...

    solvent.feature(name="same")(one)
    solvent.feature(name="same")(two)
    changes = registry.changes
    solvent.feature(name="same", owner="me")(two)
    assert [(each.name, each.owner) for each in registry.all()] == [("same", ""), ("same", "me")]
    assert registry.changes == changes + 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"inputs": "age"}, r"inputs must be a list of names: write inputs=\['age'\]"),
        ({"inputs": [1]}, "inputs must be a list of names"),
        ({"outputs": 3}, "outputs must be a list of names"),
        ({"owner": 3}, "owner must be a text, not int"),
    ],
)
def test_wrong_arguments_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        solvent.feature(**given)


def test_only_what_can_be_called_is_a_feature() -> None:
    with pytest.raises(InvalidInput, match="decorates a function, not str"):
        solvent.feature("a description")  # type: ignore[call-overload]
