"""Where a model's address leads: one request to a Solvent server, several to one of MLflow's."""

from __future__ import annotations

from solvent.backend.protocol import Backend
from solvent.errors import EndpointNotFound, NotSupported
from solvent.http import ForeignServer
from solvent.wire.model_files import ResolvedModel, ResolveModel


def resolve(backend: Backend, uri: str) -> ResolvedModel:
    """
    Raises:
        NotFound: a link of the way is broken; the message names it.
        Conflict: a file is not the one that was recorded, or the logged model is not finished.
        InvalidInput: this is no address of a model, or the files lie outside of the run that they should be of.
    """
    try:
        return backend.call(ResolveModel(uri=uri)).model
    except (EndpointNotFound, NotSupported, ForeignServer):
        from solvent.client.models.resolving_mlflow import resolve_by_mlflow

        return resolve_by_mlflow(backend, uri)
