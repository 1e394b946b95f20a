"""Needs that look at the run: clean_code, reproduced, contract."""

from __future__ import annotations

import json

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.projects.enforce import SKIPPED
from solvent.projects.reproduce.verdict import TAG, Verdict
from solvent.provenance.git import GitState
from solvent.registry.gates.needs import clean_code, contract, reproduced
from solvent.wire.contracts import RUN_TAG
from solvent.wire.runs import DeleteRun, SetTag
from tests.registry.gates.helpers import add_version, asked, make_known, make_versions
from tests.registry.helpers import make_model

COMMIT = "mlflow.source.git.commit"


def tag(backend: EmbeddedBackend, run_id: str, key: str, value: str) -> None:
    backend.call(SetTag(run_id=run_id, key=key, value=value))


def held(version: str, digest: str, outcome: str = "passed", contract: str = "sales") -> str:
    return json.dumps([{"id": contract, "version": version, "digest": digest, "path": "c", "outcome": outcome}])


def test_the_tags_are_those_that_others_write() -> None:
    assert (contract.SKIPPED, reproduced.TAG) == (SKIPPED, TAG)
    assert "dirty" in GitState._fields
    assert (clean_code.COMMIT, clean_code.DIRTY) == (COMMIT, "solvent.git.dirty")


@pytest.mark.parametrize("need", ["clean_code = true", "reproduced = true", 'contract = "current"'])
def test_without_a_run_nothing_is_known(backend: EmbeddedBackend, need: str) -> None:
    make_model(backend, versions=1)
    make_known(backend)
    check = asked(backend, need)
    assert (check.met, check.found) == (False, "it comes from no run")


@pytest.mark.parametrize(
    ("tags", "met", "found"),
    [
        ({}, False, "the run names no commit"),
        ({COMMIT: "abc"}, False, "commit abc, and nothing says whether it held all changes"),
        ({COMMIT: "abc", "solvent.git.dirty": "true"}, False, "commit abc, with changes that it does not hold"),
        ({COMMIT: "abc", "solvent.git.dirty": "false"}, True, "commit abc"),
        ({"solvent.git.dirty": "false"}, False, "the run names no commit"),
    ],
)
def test_clean_code(backend: EmbeddedBackend, tags: dict[str, str], met: bool, found: str) -> None:
    (run_id,) = make_versions(backend)
    for key, value in tags.items():
        tag(backend, run_id, key, value)
    check = asked(backend, "clean_code = true")
    assert (check.met, check.found) == (met, found)


@pytest.mark.parametrize(
    ("outcome", "met"),
    [
        ("reproduced", True),
        ("reproduced within tolerance", True),
        ("diverged", False),
        ("cannot be repeated", False),
    ],
)
def test_reproduced(backend: EmbeddedBackend, outcome: str, met: bool) -> None:
    (run_id,) = make_versions(backend)
    tag(backend, run_id, TAG, Verdict(run_id, outcome).tag())  # type: ignore[arg-type]
    check = asked(backend, "reproduced = true")
    assert (check.met, check.found) == (met, outcome)


@pytest.mark.parametrize("text", ["", "x", "[]", '"reproduced"', '{"run_id": "other", "outcome": "reproduced"}'])
def test_a_verdict_that_is_none(backend: EmbeddedBackend, text: str) -> None:
    (run_id,) = make_versions(backend)
    tag(backend, run_id, TAG, text)
    check = asked(backend, "reproduced = true")
    assert not check.met
    assert check.next == f"solvent reproduce {run_id}"


def test_a_contract_is_current_until_a_newer_run_is_held_against_another(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    run_id = add_version(backend, "2")
    tag(backend, run_id, RUN_TAG, held("1.0.0", "a"))
    assert asked(backend, 'contract = "current"', "2").found == "sales 1.0.0"
    later = add_version(backend, "3")
    tag(backend, later, RUN_TAG, held("9.0.0", "z", contract="other"))
    assert asked(backend, 'contract = "current"', "2").met
    tag(backend, add_version(backend, "4"), RUN_TAG, held("1.1.0", "b"))
    check = asked(backend, 'contract = "current"', "2")
    assert (check.met, check.found) == (False, "trained under sales 1.0.0 (now 1.1.0)")
    assert asked(backend, 'contract = "current"', "4").met


def test_an_older_run_or_a_deleted_one_does_not_outdate_a_contract(backend: EmbeddedBackend) -> None:
    (old,) = make_versions(backend)
    tag(backend, old, RUN_TAG, held("0.9.0", "o"))
    tag(backend, add_version(backend, "2"), RUN_TAG, held("1.0.0", "a"))
    deleted = add_version(backend, "3")
    tag(backend, deleted, RUN_TAG, held("2.0.0", "c"))
    backend.call(DeleteRun(run_id=deleted))
    assert asked(backend, 'contract = "current"', "2").met


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        (RUN_TAG, held("1.0.0", "a", "failed"), "the run's data broke sales"),
        (RUN_TAG, "[]", "the run's data was held against no contract"),
        (RUN_TAG, "nonsense", "the run's data was held against no contract"),
        (SKIPPED, '["c"]', "the run was told not to look at its contracts"),
    ],
)
def test_a_contract_that_was_not_kept(backend: EmbeddedBackend, key: str, value: str, found: str) -> None:
    (run_id,) = make_versions(backend)
    tag(backend, run_id, key, value)
    check = asked(backend, 'contract = "current"')
    assert (check.met, check.found) == (False, found)


def test_a_warning_is_no_breach(backend: EmbeddedBackend) -> None:
    (run_id,) = make_versions(backend)
    tag(backend, run_id, RUN_TAG, held("1.0.0", "a", "warned"))
    assert asked(backend, 'contract = "current"').met
