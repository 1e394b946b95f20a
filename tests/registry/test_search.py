"""Searching registered models and versions."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.wire.experiments import Tag
from solvent.wire.registry import (
    CreateRegisteredModel,
    SearchModelVersions,
    SearchRegisteredModels,
    SetModelVersionTag,
    SetRegisteredModelAlias,
    SetRegisteredModelTag,
)
from tests.registry.helpers import make_model, make_run, make_version, move


@pytest.fixture
def filled(backend: EmbeddedBackend) -> EmbeddedBackend:
    """Models a (two versions), B (one), c (none) and a prompt p."""
    make_model(backend, "a", versions=2)
    make_model(backend, "B", versions=1)
    make_model(backend, "c")
    backend.call(SetRegisteredModelTag(name="a", key="team", value="vision"))
    backend.call(SetModelVersionTag(name="a", version="2", key="ok", value="yes"))
    mark = [Tag(key="mlflow.prompt.is_prompt", value="true")]
    backend.call(CreateRegisteredModel(name="p", tags=mark))
    make_version(backend, "p", source="dummy-source", tags=mark)
    return backend


def models(backend: EmbeddedBackend, filter: str = "", **more: Any) -> list[str]:
    found = backend.call(SearchRegisteredModels(filter=filter, **more)).registered_models
    return [model.name for model in found]


def versions(backend: EmbeddedBackend, filter: str = "", **more: Any) -> list[tuple[str, str]]:
    found = backend.call(SearchModelVersions(filter=filter, **more)).model_versions
    return [(version.name, version.version) for version in found]


def test_models_come_by_name_without_prompts(filled: EmbeddedBackend) -> None:
    assert models(filled) == ["B", "a", "c"]
    assert models(filled, order_by=["name DESC"]) == ["c", "a", "B"]


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("name = 'a'", ["a"]),
        ("name ILIKE 'b%'", ["B"]),
        ("name LIKE 'b%'", []),
        ("name IN ('a', 'c')", ["a", "c"]),
        ("tags.team = 'vision'", ["a"]),
        ("NOT tags.team = 'vision'", ["B", "c"]),
        ("name = 'a' OR name = 'c'", ["a", "c"]),
        ("tags.`mlflow.prompt.is_prompt` = 'true'", ["p"]),
        ("tags.`mlflow.prompt.is_prompt` = 'false'", ["B", "a", "c"]),
        ("tags.`mlflow.prompt.is_prompt` != 'true' AND name = 'a'", ["a"]),
        ("name = 'a' OR tags.`mlflow.prompt.is_prompt` = 'true'", ["a", "p"]),
    ],
)
def test_models_are_filtered(filled: EmbeddedBackend, filter: str, found: list[str]) -> None:
    assert models(filled, filter) == found


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("name = 'a'", [("a", "2"), ("a", "1")]),
        ("name = 'a' AND version_number > 1", [("a", "2")]),
        ("version_number = '1'", [("B", "1"), ("a", "1")]),
        ("tags.ok = 'yes'", [("a", "2")]),
        ("source_path = 's3://bucket/2'", [("a", "2")]),
        ("run_id = 'nope'", []),
        ("tags.`mlflow.prompt.is_prompt` = 'true'", [("p", "1")]),
        ("stage = 'production'", []),
    ],
)
def test_versions_are_filtered(filled: EmbeddedBackend, filter: str, found: list[tuple[str, str]]) -> None:
    assert versions(filled, filter, order_by=["name ASC"]) == found


def test_versions_carry_stage_aliases_and_lineage(backend: EmbeddedBackend) -> None:
    make_model(backend)
    run = make_run(backend)
    make_version(backend, source=f"{run.artifact_uri}/m", run_id=run.run_id)
    move(backend, "1", "Production")
    backend.call(SetRegisteredModelAlias(name="m", alias="champion", version="1"))
    (found,) = backend.call(SearchModelVersions(filter=f"run_id = '{run.run_id}'")).model_versions
    assert (found.current_stage, found.aliases, found.run_id) == ("Production", ["champion"], run.run_id)


def test_pages_hold_each_once(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=25)
    seen: list[str] = []
    token = None
    while True:
        page = backend.call(SearchModelVersions(max_results=4, page_token=token))
        seen += [version.version for version in page.model_versions]
        token = page.next_page_token
        if token is None:
            break
    assert sorted(seen, key=int) == [str(number) for number in range(1, 26)]
    with pytest.raises(InvalidInput, match="Invalid page token"):
        backend.call(SearchModelVersions(page_token="abc"))


def test_limits(backend: EmbeddedBackend) -> None:
    for size in (0, -1, 1_001):
        with pytest.raises(InvalidInput, match=f"at most 1000, but got {size}"):
            models(backend, max_results=size)
    with pytest.raises(InvalidInput, match="at most 200000"):
        versions(backend, max_results=200_001)
    with pytest.raises(InvalidInput, match="character 1: registered models have no attribute 'bogus'"):
        models(backend, "bogus = 'x'")
    with pytest.raises(InvalidInput, match="Invalid value for numeric attribute 'version_number': '1e9'"):
        versions(backend, "version_number = '1e9'")
    with pytest.raises(InvalidInput, match="Invalid Model Version stage"):
        versions(backend, "stage = 'Prod'")
