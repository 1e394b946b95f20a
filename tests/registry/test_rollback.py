"""Going back to the version that was in Production before."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, InvalidInput, NotFound
from solvent.wire.registry import DeleteModelVersion, ModelVersion
from solvent.wire.registry_moves import RollbackModel
from tests.registry.helpers import history, make_model, move, version


def promoted(backend: EmbeddedBackend, *numbers: str) -> None:
    for number in numbers:
        move(backend, number, "Production", archive_existing_versions=True)


def roll_back(backend: EmbeddedBackend, number: str | None = None, expected: str | None = None) -> ModelVersion:
    asked = RollbackModel(name="m", version=number, expected_current=expected, reason="it fails", origin="x")
    return backend.call(asked).model_version


def stages(backend: EmbeddedBackend, count: int) -> list[str]:
    return [version(backend, str(number)).current_stage for number in range(1, count + 1)]


def test_the_version_before_comes_back_and_the_present_one_is_archived(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    promoted(backend, "1", "2")
    assert roll_back(backend, expected="2").version == "1"
    assert stages(backend, 2) == ["Production", "Archived"]
    told = {"reason": "it fails", "origin": "x"}
    assert history(backend)[-2:] == [
        ("model_version.stage", {"version": "1", "from": "Archived", "to": "Production", **told}),
        (
            "model_version.stage",
            {"version": "2", "from": "Production", "to": "Archived", "replaced_by": "1", "because": "rollback", **told},
        ),
    ]


def test_twice_goes_two_versions_back(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    promoted(backend, "1", "2", "3")
    assert [roll_back(backend).version, roll_back(backend).version] == ["2", "1"]
    assert stages(backend, 3) == ["Production", "Archived", "Archived"]
    with pytest.raises(NotFound, match="no version of 'm' was in Production before: promote one, or name one"):
        roll_back(backend)


def test_what_was_rolled_back_from_may_be_promoted_again(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    promoted(backend, "1", "2")
    roll_back(backend)
    promoted(backend, "2", "3")
    assert roll_back(backend).version == "2"


def test_another_version_by_name(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=4)
    promoted(backend, "1", "2", "3")
    assert roll_back(backend, "1").version == "1"
    with pytest.raises(InvalidInput, match="version 1 of 'm' is in Production now: name another one"):
        roll_back(backend, "1")
    with pytest.raises(InvalidInput, match="version 4 of 'm' never was in Production"):
        roll_back(backend, "4")
    assert stages(backend, 4) == ["Production", "Archived", "Archived", "None"]


def test_deleted_versions_are_passed_over(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    promoted(backend, "1", "2", "3")
    backend.call(DeleteModelVersion(name="m", version="2"))
    assert roll_back(backend).version == "1"


def test_all_that_share_production_are_archived(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    promoted(backend, "1", "2")
    move(backend, "3", "Production")
    roll_back(backend)
    assert stages(backend, 3) == ["Production", "Archived", "Archived"]


def test_it_is_told_that_somebody_was_first(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    promoted(backend, "1", "2", "3")
    with pytest.raises(Conflict, match="version 3 of 'm' is in Production now, not version 2: somebody was first"):
        roll_back(backend, expected="2")
    assert stages(backend, 3) == ["Archived", "Archived", "Production"]


def test_a_model_that_is_not_there(backend: EmbeddedBackend) -> None:
    with pytest.raises(NotFound, match="name=m not found"):
        roll_back(backend)
