"""What is told of a model that was logged or registered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvent.models.signature.signature import Signature


@dataclass(frozen=True, kw_only=True)
class ModelInfo:
    """A logged model, with MLflow's attribute names.

    ``model_uri`` is what ``load_model`` and ``register_model`` take: ``models:/m-...``, or ``runs:/id/name`` on a server
    of MLflow's that has no logged models (``model_id`` is None there). ``signature_problem`` says why a signature, or a
    part of it, could not be inferred. ``registered_model_version`` is the number if it was registered too.
    """

    model_uri: str
    name: str
    run_id: str
    model_id: str | None
    artifact_path: str
    flavors: dict[str, dict[str, Any]]
    model_uuid: str | None = None
    utc_time_created: str | None = None
    signature: Signature | None = None
    signature_problem: str | None = None
    saved_input_example_info: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    registered_model_name: str | None = None
    registered_model_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelVersion:
    """A version of a registered model, with MLflow's attribute names. Times are milliseconds since 1970 (UTC).

    ``current_stage``: None, Staging, Production or Archived (all of them texts); ``status``: READY once it is usable.
    """

    name: str
    version: str
    current_stage: str = "None"
    source: str | None = None
    run_id: str | None = None
    model_id: str | None = None
    status: str = ""
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    user_id: str | None = None
    creation_timestamp: int = 0
    last_updated_timestamp: int = 0

    @property
    def model_uri(self) -> str:
        """The address of this version."""
        return f"models:/{self.name}/{self.version}"
