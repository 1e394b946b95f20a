"""What the commands on models share: finding a model and its versions, and saying that they are not there."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from solvent.backend.protocol import Backend
from solvent.errors import NotFound
from solvent.provenance.host import host_name, user_name
from solvent.wire.registry import (
    GetRegisteredModel,
    ModelVersion,
    RegisteredModel,
    SearchModelVersions,
    SearchRegisteredModels,
)

_PAGE = 1_000
_NEAR = 3


def all_models(backend: Backend) -> Iterator[RegisteredModel]:
    """The registered models, by name."""
    token: str | None = None
    while True:
        answer = backend.call(SearchRegisteredModels(max_results=_PAGE, page_token=token))
        yield from answer.registered_models
        token = answer.next_page_token
        if not token:
            return


def model_named(backend: Backend, name: str) -> RegisteredModel:
    """
    Raises:
        NotFound: it is not there; the message names those with similar names.
    """
    try:
        return backend.call(GetRegisteredModel(name=name)).registered_model
    except NotFound:
        near = get_close_matches(name, [model.name for model in all_models(backend)], _NEAR)
        hint = f"; did you mean {' or '.join(repr(other) for other in near)}?" if near else ""
        raise NotFound(f"model '{name}' not found{hint}") from None


def all_versions(backend: Backend, name: str) -> list[ModelVersion]:
    """All versions of a model, by number."""
    found: list[ModelVersion] = []
    token: str | None = None
    while True:
        answer = backend.call(SearchModelVersions(filter=_filter(name), max_results=_PAGE, page_token=token))
        found += [version for version in answer.model_versions if version.name == name]
        token = answer.next_page_token
        if not token:
            return sorted(found, key=lambda version: int(version.version))


def name_and_version(name: str, version: str | None) -> tuple[str, str | None]:
    """The parts of NAME/VERSION, or of NAME and VERSION; no name holds a slash.

    >>> name_and_version("fraud/3", None)
    ('fraud', '3')
    """
    before, slash, after = name.rpartition("/")
    return (before, after) if slash and version is None else (name, version)


def in_stage(versions: list[ModelVersion], stage: str) -> list[str]:
    """The numbers of the versions in a stage, the newest last."""
    return [version.version for version in versions if version.current_stage == stage]


def origin(command: str) -> str:
    """Where a move comes from, for the history."""
    return f"solvent models {command}, {user_name()} on {host_name()}"


def _filter(name: str) -> str | None:
    """A name with both kinds of quotes can't be said in a filter."""
    quote = next((mark for mark in "'\"" if mark not in name), None)
    return f"name = {quote}{name}{quote}" if quote else None
