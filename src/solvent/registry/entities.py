"""What travels of registered models and versions, put together from their rows."""

from __future__ import annotations

from solvent.store import model_versions, models, registered_models
from solvent.store.registered_models import ModelRow
from solvent.store.transaction import Transaction
from solvent.wire.models import LoggedModelData
from solvent.wire.registry import ModelVersion, ModelVersionResponse, RegisteredModel, VersionParam


def registered(tx: Transaction, rows: list[ModelRow]) -> list[RegisteredModel]:
    """The registered models of these rows, in their order: a handful of statements however many there are."""
    ids = [row.id for row in rows]
    tags, aliases = registered_models.tags(tx, ids), registered_models.aliases(tx, ids)
    newest = model_versions.latest(tx, ids)
    return [
        RegisteredModel(
            name=row.name,
            creation_timestamp=row.created,
            last_updated_timestamp=row.updated,
            description=row.description or None,
            latest_versions=newest.get(row.id, []),
            tags=tags.get(row.id, []),
            aliases=aliases.get(row.id, []),
        )
        for row in rows
    ]


def version_response(tx: Transaction, model_id: int, number: int) -> ModelVersionResponse:
    """A version with the params and metrics of the logged model that it was made from."""
    row = model_versions.find(tx, model_id, number)
    assert row is not None, "the caller has found this version in the same transaction"
    (version,) = model_versions.entities(tx, [row])
    if row.logged_model is not None:
        _add_logged(version, _logged(tx, row.logged_model))
    return ModelVersionResponse(model_version=version)


def _logged(tx: Transaction, uuid: str) -> LoggedModelData:
    found = models.find(tx, uuid)
    loaded = models.load_models(tx, [found.id]) if found else []
    return loaded[0].data if loaded else LoggedModelData()


def _add_logged(version: ModelVersion, data: LoggedModelData) -> None:
    version.model_params = [VersionParam(name=param.key, value=param.value) for param in data.params]
    version.model_metrics = data.metrics
