"""The gate in front of moves: what passes, what is refused, and what is recorded of it."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.registry.gates.errors import GateRefused
from solvent.wire.registry import SetRegisteredModelAlias
from tests.registry.gates.helpers import apply, ask, make_known, make_versions
from tests.registry.helpers import history, make_model, make_version, move, version

STRICT = 'level = "strict"\n'
SIGNED = "[stage.Production]\nsignature = true\ninput_example = true\n"


def point(backend: EmbeddedBackend, alias: str, number: str = "1", **more: Any) -> None:
    backend.call(SetRegisteredModelAlias(name="m", alias=alias, version=number, **more))


def gate_events(backend: EmbeddedBackend) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, body) for kind, body in history(backend) if kind.startswith("gate.")]


def test_without_a_policy_versions_move_and_what_is_missing_is_recorded(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    assert move(backend, "1", "Production").current_stage == "Production"
    ((kind, body),) = gate_events(backend)
    assert kind == "gate.missing"
    assert (body["version"], body["target"], body["level"], body["policy"]) == ("1", "Production", "record", "")
    assert body["missing"] == [
        *("from", "signature", "input_example", "contract", "clean_code", "reproduced"),
        *("tests", "card", "monitor", "approvals"),
    ]


def test_aliases_without_a_gate_are_asked_nothing(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    apply(backend, STRICT)
    point(backend, "champion")
    move(backend, "1", "Archived")
    assert gate_events(backend) == []


def test_strict_refuses_with_all_that_is_missing_and_moves_nothing(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    make_known(backend, "1", signature="none", input_example=False)
    apply(backend, STRICT + SIGNED)
    with pytest.raises(GateRefused) as refused:
        move(backend, "1", "Production")
    head, *lines = str(refused.value).splitlines()
    assert head == "Version 1 of 'm' may not go to Production: 3 things are missing of what the gate asks"
    assert [line.split(":")[0].strip() for line in lines] == ["from", "signature", "input_example"]
    assert all(line.startswith("  ") and ". Next: " in line for line in lines)
    assert version(backend).current_stage == "None"
    ((kind, body),) = gate_events(backend)
    assert kind == "gate.refused"
    assert body["missing"] == ["from", "signature", "input_example"]


def test_strict_lets_pass_what_has_all(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    apply(backend, STRICT + SIGNED)
    move(backend, "1", "Staging")
    move(backend, "1", "Production", reason="it is time")
    ((kind, body),) = gate_events(backend)
    assert (kind, body["missing"], body["returns"], body["reason"]) == ("gate.passed", [], False, "it is time")


def test_what_is_there_already_does_not_move(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    move(backend, "1", "Production")
    point(backend, "production")
    apply(backend, STRICT + SIGNED)
    before = history(backend)
    move(backend, "1", "Production")
    point(backend, "production")
    assert history(backend) == before


@pytest.mark.parametrize("alias", ["production", "Production", "PRODUCTION"])
def test_an_alias_called_production_is_no_way_around(backend: EmbeddedBackend, alias: str) -> None:
    make_versions(backend, 1)
    apply(backend, STRICT)
    with pytest.raises(GateRefused, match=f"may not take the alias {alias}: 1 thing is missing"):
        point(backend, alias)
    move(backend, "1", "Staging")
    point(backend, alias)


def test_an_alias_can_have_a_gate_of_its_own(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    make_known(backend, "1", signature="none")
    apply(backend, STRICT + "[alias.champion]\nsignature = true")
    for alias in ("champion", "Champion"):
        with pytest.raises(GateRefused, match="signature: it has none"):
            point(backend, alias)
    point(backend, "challenger")


def test_a_prompt_has_no_files_that_a_gate_could_look_at(backend: EmbeddedBackend) -> None:
    from solvent.wire.experiments import Tag
    from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel, GetRegisteredModel

    tags = [Tag(key="mlflow.prompt.is_prompt", value="true")]
    backend.call(CreateRegisteredModel(name="m", tags=tags))
    backend.call(CreateModelVersion(name="m", source="dummy-source", tags=tags))
    apply(backend, STRICT)
    point(backend, "production")
    model = backend.call(GetRegisteredModel(name="m")).registered_model
    assert [(each.alias, each.version) for each in model.aliases] == [("production", "1")]


def test_a_model_can_not_be_called_a_prompt_to_get_through(backend: EmbeddedBackend) -> None:
    from solvent.wire.registry import SetRegisteredModelTag

    make_versions(backend, 1)
    apply(backend, STRICT)
    backend.call(SetRegisteredModelTag(name="m", key="mlflow.prompt.is_prompt", value="true"))
    with pytest.raises(GateRefused):
        point(backend, "production")


def test_an_override_passes_and_says_why(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    make_known(backend, "1", signature="none")
    apply(backend, STRICT + SIGNED)
    move(backend, "1", "Staging")
    with pytest.raises(InvalidInput, match="an override needs a reason"):
        move(backend, "1", "Production", override=" ")
    move(backend, "1", "Production", override="the shop is down")
    kind, body = gate_events(backend)[-1]
    assert (kind, body["override"], body["missing"]) == ("gate.override", "the shop is down", ["signature"])


def test_an_override_does_not_lead_around_staging(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    apply(backend, STRICT)
    with pytest.raises(GateRefused, match="an override does not lead around Staging"):
        move(backend, "1", "Production", override="now")
    move(backend, "1", "Staging")
    move(backend, "1", "Archived")
    move(backend, "1", "Production", override="it was tried there")
    assert version(backend).current_stage == "Production"


def test_an_override_that_is_not_needed_is_none(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    apply(backend, STRICT)
    move(backend, "1", "Staging")
    move(backend, "1", "Production", override="just in case")
    assert [kind for kind, _ in gate_events(backend)] == ["gate.passed"]


def test_a_version_that_has_passed_may_come_back(backend: EmbeddedBackend) -> None:
    make_versions(backend, 2)
    apply(backend, STRICT + SIGNED)
    for number in "12":
        move(backend, number, "Staging")
        move(backend, number, "Production", archive_existing_versions=True)
    assert version(backend, "1").current_stage == "Archived"
    assert [check.need for check in ask(backend, "1").checks] == ["returns"]
    move(backend, "1", "Production", archive_existing_versions=True)
    assert [version(backend, number).current_stage for number in "12"] == ["Production", "Archived"]
    assert gate_events(backend)[-1][1]["returns"] is True


def test_a_version_with_other_files_may_not_come_back(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    apply(backend, STRICT)
    move(backend, "1", "Staging")
    move(backend, "1", "Production")
    move(backend, "1", "Archived")
    make_known(backend, "1", content="changed")
    with pytest.raises(GateRefused, match="from: it is in stage Archived"):
        move(backend, "1", "Production")


def test_what_passed_under_record_has_not_passed_under_strict(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    apply(backend, '[stage.Production]\nfrom = ["None"]')
    move(backend, "1", "Production")
    move(backend, "1", "Archived")
    assert [kind for kind, _ in gate_events(backend)] == ["gate.passed"]
    apply(backend, STRICT)
    with pytest.raises(GateRefused):
        move(backend, "1", "Production")


def test_an_override_is_no_passing(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    make_known(backend, "1", signature="none")
    apply(backend, STRICT + SIGNED)
    move(backend, "1", "Staging")
    move(backend, "1", "Production", override="the shop is down")
    move(backend, "1", "Archived")
    with pytest.raises(GateRefused):
        move(backend, "1", "Production")


def test_a_copy_has_to_pass_itself(backend: EmbeddedBackend) -> None:
    make_versions(backend, 1)
    apply(backend, STRICT)
    move(backend, "1", "Staging")
    move(backend, "1", "Production")
    make_version(backend, source="models:/m/1", run_id=version(backend).run_id)
    with pytest.raises(GateRefused):
        move(backend, "2", "Production")
