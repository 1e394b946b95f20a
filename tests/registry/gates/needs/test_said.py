"""Needs that look at what others said of a version: tests, card, monitor, approvals; and how long it waited."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.registry.gates.needs.staging_time import long
from solvent.store.operations import operation_of
from solvent.store.transaction import Transaction
from solvent.wire.accounts import CreateUser
from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel
from solvent.wire.runs import SetTag
from tests.registry.gates.helpers import COMPLETE, asked, give, make_known, make_versions
from tests.registry.helpers import move


@pytest.mark.parametrize(
    ("body", "met", "found"),
    [
        ({"total": 3}, True, "3 of 3 passed"),
        ({"total": 3, "skipped": 1}, True, "2 of 3 passed, 1 skipped"),
        ({"total": 3, "failed": 1}, False, "2 of 3 passed, 1 failed"),
        ({"total": 2, "skipped": 2}, False, "0 of 2 passed, 2 skipped, 0 failed"),
        ({"total": 0}, False, "0 of 0 passed, 0 failed"),
        ({"total": 3, "commit": "abcdef"}, True, "3 of 3 passed"),
        ({"total": 3, "commit": "abc"}, True, "3 of 3 passed"),
        ({"total": 3, "commit": "fff"}, False, "they are of commit fff, the model is of abcdef"),
    ],
)
def test_tests(backend: EmbeddedBackend, body: dict[str, Any], met: bool, found: str) -> None:
    (run_id,) = make_versions(backend)
    backend.call(SetTag(run_id=run_id, key="mlflow.source.git.commit", value="abcdef"))
    give(backend, "tests", body)
    check = asked(backend, "tests = true")
    assert (check.met, check.found) == (met, found)


@pytest.mark.parametrize(
    ("body", "met", "found"),
    [
        ({"sections": COMPLETE}, True, "all of intended_use, assumptions, limits written"),
        ({"sections": {**COMPLETE, "limits": " "}}, False, "limits not written"),
        (
            {"sections": COMPLETE, "unconfirmed": ["assumptions", "owner"]},
            False,
            "assumptions taken over from another version, and not confirmed",
        ),
        (
            {"sections": {"limits": "x"}, "unconfirmed": ["limits"]},
            False,
            "intended_use, assumptions not written; limits taken over from another version, and not confirmed",
        ),
    ],
)
def test_card(backend: EmbeddedBackend, body: dict[str, Any], met: bool, found: str) -> None:
    make_versions(backend)
    give(backend, "card", body)
    check = asked(backend, 'card = "complete"')
    assert (check.met, check.found) == (met, found)


def test_monitor(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    give(backend, "monitor", {"name": "drift of m"})
    assert asked(backend, "monitor = true").found == "drift of m"
    give(backend, "monitor", {"name": "drift of m", "active": False})
    assert asked(backend, "monitor = true").found == "drift of m was switched off"


@pytest.mark.parametrize("need", ["tests = true", 'card = "complete"', "monitor = true"])
def test_what_nobody_has_said(backend: EmbeddedBackend, need: str) -> None:
    make_versions(backend)
    check = asked(backend, need)
    kind = need.split(" ")[0]
    assert (check.met, check.found) == (False, f"no {kind} of these files")
    assert check.next is not None
    assert "m/1" in check.next


def test_nothing_can_be_said_of_files_that_nobody_knows(backend: EmbeddedBackend) -> None:
    from tests.registry.helpers import make_model

    make_model(backend, versions=1)
    give(backend, "monitor", {"name": "drift of m"})
    assert asked(backend, "monitor = true").found.startswith("nothing can be said of its files: ")


def people(backend: EmbeddedBackend) -> None:
    """``mia`` makes version 1; ``rob`` and ``ann`` look at it."""
    backend.call(CreateUser(name="root", password="long enough", admin=True))
    for request in (CreateRegisteredModel(name="m"), CreateModelVersion(name="m", source="s3://b/m")):
        operation = operation_of(type(request))
        assert operation is not None
        if operation.outside:
            operation.run(backend.store, request, "mia")
        else:
            backend.store.write(operation.run, request, "mia")
    make_known(backend)


def test_where_nobody_is_asked_who_they_are_nobody_can_approve(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    give(backend, "approval", {"reason": "fine"})
    check = asked(backend, "approvals = 1")
    assert not check.met
    assert check.found == "nobody is asked who they are here, so nobody can approve"
    assert "solvent users create" in (check.next or "")


def test_who_made_a_version_does_not_approve_it(backend: EmbeddedBackend) -> None:
    people(backend)
    give(backend, "approval", {"reason": "mine"}, actor="mia")
    give(backend, "approval", {"reason": "fine"}, actor="Mia")
    check = asked(backend, "approvals = 1", actor="rob")
    assert (check.met, check.found) == (
        False,
        "0 of 1; those of who made the version, and of who moves it, don't count",
    )
    assert check.next == "ask somebody else than mia and rob for 'solvent gates approve m/1 --reason WHY'"


def test_who_moves_a_version_does_not_approve_it(backend: EmbeddedBackend) -> None:
    people(backend)
    give(backend, "approval", {"reason": "fine"}, actor="rob")
    assert not asked(backend, "approvals = 1", actor="rob").met
    assert asked(backend, "approvals = 1", actor="ann").found == "1 of 1 (by rob)"


def test_each_person_counts_once_and_by_the_last_word(backend: EmbeddedBackend) -> None:
    people(backend)
    for actor in ("rob", "Rob", "rob"):
        give(backend, "approval", {"reason": "fine"}, actor=actor)
    assert asked(backend, "approvals = 2", actor="mia").found == "1 of 2 (by rob)"
    give(backend, "approval", {"reason": "fine"}, actor="ann")
    assert asked(backend, "approvals = 2", actor="mia").met
    give(backend, "approval", {"reason": "I have seen its errors", "approved": False}, actor="rob")
    assert asked(backend, "approvals = 2", actor="mia").found == "1 of 2 (by ann)"


def test_staging_time(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    make_versions(backend)
    assert asked(backend, 'staging_time = "2d"').found == "it is not in Staging"
    now = [1_000_000_000_000]
    monkeypatch.setattr(Transaction, "now", staticmethod(lambda: now[0]))
    move(backend, "1", "Staging")
    now[0] += 26 * 3_600_000
    check = asked(backend, 'staging_time = "2d"')
    assert (check.found, check.next) == ("in Staging for 1 d 2 h of 2 d", "wait 22 h more")
    now[0] += 22 * 3_600_000
    assert asked(backend, 'staging_time = "2d"').met
    move(backend, "1", "None")
    move(backend, "1", "Staging")
    assert not asked(backend, 'staging_time = "2d"').met, "time counts from the last entry"


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(0, "0 s"), (1, "1 s"), (60_000, "1 min"), (3_660_000, "1 h 1 min"), (86_400_000, "1 d")]
)
def test_times_for_people(milliseconds: int, text: str) -> None:
    assert long(milliseconds) == text
