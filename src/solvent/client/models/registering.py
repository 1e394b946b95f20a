"""``register_model``: a logged model, or the model of a run, becomes a version of a registered model."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from solvent.backend.protocol import Backend
from solvent.client import connections
from solvent.client.models.entities import ModelVersion
from solvent.client.models.resolving import resolve
from solvent.client.process.session import session
from solvent.errors import AlreadyExists, InvalidInput, NotFound
from solvent.wire import registry as wire
from solvent.wire.experiments import Tag


def register_model(
    uri: str, name: str, tags: Mapping[str, Any] | None = None, description: str | None = None
) -> ModelVersion:
    """A new version of the registered model ``name``, which is made if it is not there.

    Args:
        uri: ``models:/m-...`` (a logged model), ``runs:/RUN_ID/path``, or a version to copy, such as ``models:/name/3``.
        tags: of the version.

    Raises:
        NotFound: the address leads nowhere; the message names the broken link.
        ModelFileChanged: the files are not those that were recorded.
        InvalidInput: this is no address of a model on the server, or the name can't be one.
        UnsafeModel: the server takes no models that run code when they are loaded.

    Examples:
        >>> version = register_model(info.model_uri, "fraud")  # doctest: +SKIP
        >>> version.version  # doctest: +SKIP
        '1'
    """
    if not str(uri).startswith(("runs:/", "models:/")):
        raise InvalidInput(
            f"'{uri}' can't be registered: expected models:/m-..., runs:/RUN_ID/path or models:/name/3; log the model first,"
            " with log_model"
        )
    session.flush(session.address)
    backend = connections.backend_of(session.address)
    found = resolve(backend, uri)
    if found.name and found.version:
        source, run_id, model_id = f"models:/{found.name}/{found.version}", None, None
    elif found.model_id:
        source, run_id, model_id = f"models:/{found.model_id}", found.run_id, found.model_id
    else:
        source = "/".join(filter(None, (found.artifact_uri.rstrip("/"), found.path)))
        run_id, model_id = found.run_id, None
    return register_source(backend, name, source, run_id, model_id, tags, description)


def register_source(
    backend: Backend,
    name: str,
    source: str,
    run_id: str | None,
    model_id: str | None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
) -> ModelVersion:
    """A new version of ``name``; the registered model is made only when the server says that it is not there."""
    request = wire.CreateModelVersion(
        name=name,
        source=source,
        run_id=run_id,
        model_id=model_id,
        tags=[Tag(key=key, value=str(value)) for key, value in (tags or {}).items()] or None,
        description=description,
    )
    try:
        return entity(backend.call(request).model_version)
    except NotFound:
        with suppress(AlreadyExists):  # then it is something else that is not there, or somebody was faster
            backend.call(wire.CreateRegisteredModel(name=name))
    return entity(backend.call(request).model_version)


def entity(version: wire.ModelVersion) -> ModelVersion:
    """The version as people read it."""
    return ModelVersion(
        name=version.name,
        version=str(version.version),
        current_stage=version.current_stage or "None",
        source=version.source,
        run_id=version.run_id or None,
        model_id=version.model_id or None,
        status=version.status,
        description=version.description,
        tags={tag.key: tag.value for tag in version.tags},
        aliases=list(version.aliases),
        user_id=version.user_id,
        creation_timestamp=version.creation_timestamp,
        last_updated_timestamp=version.last_updated_timestamp,
    )
