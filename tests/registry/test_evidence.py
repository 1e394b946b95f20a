"""Evidence: what each kind must hold, that it stays, and that it goes with its version."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.gates import ListEvidence, RecordEvidence
from solvent.wire.registry import DeleteModelVersion, DeleteRegisteredModel
from tests.registry.gates.helpers import COMPLETE, DATA, give, make_known, make_versions
from tests.registry.helpers import history, make_model, make_version

METRIC = {"value": 0.9, "against": 0.8, "difference": 0.1}
AGAINST = {"version": "1", "digest": "d"}


def kept(backend: EmbeddedBackend, number: str = "1", **more: Any) -> list[tuple[str, dict[str, Any]]]:
    found = backend.call(ListEvidence(name="m", version=number, **more)).evidence
    return [(one.kind, one.body) for one in found]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("evaluation", {"data": DATA, "metrics": {"f1": {"value": 1, "low": 0.5, "high": 1.0}}, "own": [1, {"a": 2}]}),
        ("comparison", {"against": AGAINST, "data": DATA, "metrics": {"f1": METRIC}}),
        ("tests", {"total": 2, "failed": 1, "skipped": 1, "name": "unit", "url": "https://ci.example/1"}),
        ("card", {"sections": COMPLETE, "unconfirmed": []}),
        ("approval", {"reason": "looked at it"}),
        ("monitor", {"name": "drift"}),
    ],
)
def test_each_kind_is_kept_as_it_came(backend: EmbeddedBackend, kind: str, body: dict[str, Any]) -> None:
    make_versions(backend)
    give(backend, kind, body)
    assert kept(backend) == [(kind, body)]
    event = history(backend)[-1]
    assert event[0] == "evidence.recorded"
    assert event[1]["kind"] == kind


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("vibes", {}, "there is no evidence of the kind 'vibes': expected one of evaluation, comparison"),
        ("tests", {}, "this is no tests evidence: Object missing required field `total`"),
        ("tests", {"total": "2"}, r"Expected `int`, got `str` - at `\$.total`"),
        ("tests", {"total": 1, "failed": 2}, "2 failed and 0 skipped of 1 came"),
        ("tests", {"total": 1, "failed": -1}, "must count"),
        ("approval", {"reason": " "}, "an approval needs a reason"),
        ("card", {"sections": {"limits": 1}}, r"Expected `str`, got `int`"),
        ("evaluation", {"data": DATA, "metrics": {}}, "at least one metric"),
        ("evaluation", {"data": {"digest": ""}, "metrics": {"f1": {"value": 1}}}, "must name the digest of its data"),
        ("evaluation", {"data": DATA, "metrics": {"f1": {"value": float("nan")}}}, "this is no evaluation evidence"),
        (
            "comparison",
            {"against": AGAINST, "data": DATA, "metrics": {"f1": {**METRIC, "difference": -0.1}}},
            "must be value - against",
        ),
        (
            "comparison",
            {"against": AGAINST, "data": DATA, "metrics": {"f1": {**METRIC, "p_value": 2}}},
            "must lie between 0 and 1, and is 2",
        ),
        ("monitor", {"name": "x" * (64 << 10)}, "at most 65,536 bytes of JSON"),
    ],
)
def test_what_a_kind_does_not_hold_is_refused(
    backend: EmbeddedBackend, kind: str, body: dict[str, Any], said: str
) -> None:
    make_versions(backend)
    with pytest.raises(InvalidInput, match=said) as error:
        give(backend, kind, body)
    assert "\n" not in str(error.value)
    assert kept(backend) == []


def test_it_is_about_a_version_that_is_there(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    with pytest.raises(NotFound):
        give(backend, "monitor", {"name": "x"}, "2")
    with pytest.raises(InvalidInput, match="Missing value for required parameter 'kind'"):
        backend.call(RecordEvidence(name="m", version="1", body={}))


def test_it_names_the_files_that_it_is_about(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    give(backend, "monitor", {"name": "before"})
    make_known(backend)
    give(backend, "monitor", {"name": "a"})
    make_known(backend, content="changed")
    give(backend, "monitor", {"name": "b"})
    digests = [one.digest for one in backend.call(ListEvidence(name="m", version="1")).evidence]
    assert digests[2] is None
    assert len({*digests}) == 3


def test_it_is_listed_newest_first_by_kind_and_in_pages(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    for number in range(3):
        give(backend, "monitor", {"name": f"{number}"})
        give(backend, "approval", {"reason": f"{number}"})
    assert [body for kind, body in kept(backend, kind="monitor")] == [{"name": f"{number}"} for number in (2, 1, 0)]
    first = backend.call(ListEvidence(name="m", version="1", max_results=4))
    second = backend.call(ListEvidence(name="m", version="1", max_results=4, page_token=first.next_page_token))
    assert [one.id for one in (*first.evidence, *second.evidence)] == [6, 5, 4, 3, 2, 1]
    assert second.next_page_token is None
    with pytest.raises(InvalidInput, match="no evidence of the kind 'x'"):
        kept(backend, kind="x")
    with pytest.raises(InvalidInput, match="max_results must be between 1 and 1000"):
        kept(backend, max_results=2_000)


def test_a_version_or_model_that_is_made_again_has_none(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    give(backend, "monitor", {"name": "x"})
    backend.call(DeleteModelVersion(name="m", version="1"))
    make_version(backend)
    make_known(backend, "2")
    assert kept(backend, "2") == []
    give(backend, "monitor", {"name": "x"}, "2")
    backend.call(DeleteRegisteredModel(name="m"))
    make_model(backend, versions=2)
    assert kept(backend, "1") == kept(backend, "2") == []


def test_a_copy_has_none(backend: EmbeddedBackend) -> None:
    (run_id,) = make_versions(backend)
    give(backend, "monitor", {"name": "x"})
    make_version(backend, source="models:/m/1", run_id=run_id)
    assert kept(backend, "2") == []
