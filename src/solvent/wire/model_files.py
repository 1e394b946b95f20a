"""What is known of a model's files, and where a model's address leads."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Request, Wire, route


class ModelFile(Wire):
    """A file of a model; ``path`` relative to the model's folder, ``sha256`` in hexadecimal."""

    path: str
    size: int = msgspec.field(default_factory=int)
    sha256: str = msgspec.field(default_factory=str)


class ModelFacts(Wire):
    """What a model's MLmodel file says, as far as gates and pages ask for it.

    ``signature``: none, inputs (it has no outputs) or whole. ``unsafe`` are the files that run code when they are
    loaded. ``problem``: why nothing more is known, such as an MLmodel file that is not there.
    """

    flavors: list[str] = msgspec.field(default_factory=list)
    signature: str = msgspec.field(default_factory=lambda: "none")
    input_example: bool = False
    unsafe: list[str] = msgspec.field(default_factory=list)
    bytes: int = msgspec.field(default_factory=int)
    problem: str | None = None


class ResolvedModel(Wire):
    """Where an address leads. ``files`` are those that were recorded when the version or the logged model was made.

    ``path`` is the model's folder below ``artifact_uri``, empty if that is the folder itself. ``digest`` is of all the
    files (``models.files``), null where none were recorded. ``name`` and ``version`` are of a registered model.
    """

    uri: str
    artifact_uri: str
    path: str = msgspec.field(default_factory=str)
    name: str | None = None
    version: str | None = None
    stage: str | None = None
    run_id: str | None = None
    model_id: str | None = None
    files: list[ModelFile] = msgspec.field(default_factory=list)
    digest: str | None = None
    facts: ModelFacts | None = None


class ResolvedModelResponse(Wire):
    model: ResolvedModel


@route("GET", "solvent/v1/models/resolve")
class ResolveModel(Request[ResolvedModelResponse]):
    """``uri``: models:/name/3, models:/name/Production, models:/name@alias, models:/m-..., runs:/id/path."""

    uri: str | None = None
