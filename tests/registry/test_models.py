"""Use cases of registered models."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import AlreadyExists, InvalidInput, NotFound
from solvent.wire.experiments import Tag
from solvent.wire.registry import (
    CreateRegisteredModel,
    DeleteRegisteredModel,
    DeleteRegisteredModelTag,
    GetLatestVersions,
    GetRegisteredModel,
    RenameRegisteredModel,
    SetRegisteredModelTag,
    UpdateRegisteredModel,
)
from tests.registry.helpers import history, make_model, make_version, move, version


def test_a_model_is_made_with_tags_and_a_description(backend: EmbeddedBackend) -> None:
    request = CreateRegisteredModel(name="m", description="d", tags=[Tag(key="a", value="1"), Tag(key="a", value="2")])
    made = backend.call(request).registered_model
    assert (made.name, made.description, made.tags) == ("m", "d", [Tag(key="a", value="2")])
    assert backend.call(GetRegisteredModel(name="m")).registered_model == made
    assert history(backend) == [("registered_model.created", {"name": "m"})]


def test_a_name_is_taken_once(backend: EmbeddedBackend) -> None:
    make_model(backend)
    with pytest.raises(AlreadyExists, match=r"^Registered Model \(name=m\) already exists\.$"):
        make_model(backend)


def test_a_model_and_a_prompt_share_no_name(backend: EmbeddedBackend) -> None:
    make_model(backend)
    prompt = CreateRegisteredModel(name="m", tags=[Tag(key="mlflow.prompt.is_prompt", value="true")])
    with pytest.raises(AlreadyExists, match="already taken by a registered model"):
        backend.call(prompt)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (None, "Missing value for required parameter 'name'"),
        ("", "Missing value for required parameter 'name'"),
        ("  ", "Missing value for required parameter 'name'"),
        ("a/b", "Names cannot contain '/' or ':'"),
        ("a:b", "Names cannot contain '/' or ':'"),
        ("..", "must not resolve to other names"),
        ("a\0b", "null character"),
        ("n" * 257, "maximum length of 256"),
    ],
)
def test_bad_names_are_refused(backend: EmbeddedBackend, name: str | None, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        backend.call(CreateRegisteredModel(name=name))


def test_tags_keep_mlflows_limits(backend: EmbeddedBackend) -> None:
    make_model(backend)
    backend.call(SetRegisteredModelTag(name="m", key="k", value="v" * 100_000))
    with pytest.raises(InvalidInput, match="'value' exceeds the maximum length of 100000"):
        backend.call(SetRegisteredModelTag(name="m", key="k", value="v" * 100_001))
    with pytest.raises(InvalidInput, match="would resolve to 'a/b'"):
        backend.call(SetRegisteredModelTag(name="m", key="a//b", value="v"))
    many = [Tag(key=f"k{number}", value="") for number in range(1_001)]
    with pytest.raises(InvalidInput, match="at most 1000"):
        backend.call(CreateRegisteredModel(name="n", tags=many))


def test_tags_are_set_overwritten_and_deleted(backend: EmbeddedBackend) -> None:
    make_model(backend)
    for value in ("1", "2"):
        backend.call(SetRegisteredModelTag(name="m", key="k", value=value))
    assert backend.call(GetRegisteredModel(name="m")).registered_model.tags == [Tag(key="k", value="2")]
    for _ in range(2):  # one that is gone is as good as deleted
        backend.call(DeleteRegisteredModelTag(name="m", key="k"))
    assert backend.call(GetRegisteredModel(name="m")).registered_model.tags == []


def test_a_description_that_is_not_given_is_taken_away(backend: EmbeddedBackend) -> None:
    make_model(backend)
    assert backend.call(UpdateRegisteredModel(name="m", description="d")).registered_model.description == "d"
    assert backend.call(UpdateRegisteredModel(name="m")).registered_model.description is None


def test_renaming_keeps_versions_aliases_and_history(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    renamed = backend.call(RenameRegisteredModel(name="m", new_name="n")).registered_model
    assert [entry.name for entry in renamed.latest_versions] == ["n"]
    assert version(backend, "1", "n").source == "s3://bucket/1"
    kinds = [kind for kind, _ in history(backend, "n")]
    assert kinds == ["registered_model.created", "model_version.created", "registered_model.renamed"]
    with pytest.raises(NotFound, match=r"^Registered Model with name=m not found$"):
        backend.call(GetRegisteredModel(name="m"))


def test_renaming_to_a_taken_name_is_refused_in_one_line(backend: EmbeddedBackend) -> None:
    make_model(backend, "m")
    make_model(backend, "n")
    with pytest.raises(AlreadyExists, match=r"^Registered Model \(name=n\) already exists\.$"):
        backend.call(RenameRegisteredModel(name="m", new_name="n"))
    assert backend.call(RenameRegisteredModel(name="m", new_name="m")).registered_model.name == "m"


def test_a_deleted_model_goes_with_its_versions_and_its_name_is_free(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    backend.call(DeleteRegisteredModel(name="m"))
    with pytest.raises(NotFound):
        version(backend)
    make_model(backend)
    assert make_version(backend).version == "1"
    assert history(backend)[0] == ("registered_model.created", {"name": "m"}), "the old one's history is not its own"


def test_latest_versions_are_those_of_each_stage(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=4)
    for number, stage in [("1", "Production"), ("2", "Production"), ("3", "Staging")]:
        move(backend, number, stage)

    def latest(*stages: str) -> list[tuple[str, str]]:
        found = backend.call(GetLatestVersions(name="m", stages=list(stages))).model_versions
        return [(entry.version, entry.current_stage) for entry in found]

    assert latest() == [("2", "Production"), ("3", "Staging"), ("4", "None")]
    assert latest("PRODUCTION") == [("2", "Production")]
    assert latest("archived") == []
    with pytest.raises(InvalidInput, match=r"^Invalid Model Version stage: Prod\. Value must be one of None, Staging"):
        latest("Prod")
