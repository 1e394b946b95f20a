"""Use cases of data sets across experiments: names, versions, and who used them. What runs log feeds them (``inputs``)."""

from __future__ import annotations

import json

from solvent.errors import InvalidInput, NotFound
from solvent.search.token import decode_token, encode_token, fingerprint
from solvent.store import datasets, datasets_uses
from solvent.store.operations import reads
from solvent.store.transaction import Row, Transaction
from solvent.tracking.run_models import run_models
from solvent.tracking.search_request import limit
from solvent.tracking.validation import required
from solvent.wire.contracts import INPUT_TAG
from solvent.wire.datasets import (
    DatasetUse,
    DatasetVersionResponse,
    GetDatasetVersion,
    ListDatasets,
    ListDatasetsResponse,
    ListDatasetUses,
    ListDatasetUsesResponse,
    ListDatasetVersions,
    ListDatasetVersionsResponse,
)

CONTEXT = "mlflow.data.context"
DEFAULT_PAGE = 100
_AMBIGUOUS = 5  # digests that are named if a beginning is not enough


@reads(ListDatasets)
def list_datasets(tx: Transaction, request: ListDatasets) -> ListDatasetsResponse:
    size, query = limit(request.max_results, DEFAULT_PAGE), fingerprint("datasets")
    after = str(decode_token(request.page_token, query, 1)[0]) if request.page_token else ""
    found = datasets.names(tx, after, size + 1)
    token = encode_token(query, [found[size - 1].name]) if len(found) > size else None
    return ListDatasetsResponse(datasets=found[:size], next_page_token=token)


@reads(ListDatasetVersions)
def list_dataset_versions(tx: Transaction, request: ListDatasetVersions) -> ListDatasetVersionsResponse:
    name = required(request.name, "name")
    size, query = limit(request.max_results, DEFAULT_PAGE), fingerprint("dataset versions", name)
    after = None
    if request.page_token:
        first, digest = decode_token(request.page_token, query, 2)
        after = (int(first), str(digest))
    found = datasets.digests(tx, name, after, size + 1)
    token = encode_token(query, found[size - 1]) if len(found) > size else None
    versions = datasets.load(tx, name, [digest for _, digest in found[:size]])
    return ListDatasetVersionsResponse(versions=versions, next_page_token=token)


@reads(GetDatasetVersion)
def get_dataset_version(tx: Transaction, request: GetDatasetVersion) -> DatasetVersionResponse:
    name, digest = _one(tx, request.name, request.digest)
    (version,) = datasets.load(tx, name, [digest], with_details=True)
    return DatasetVersionResponse(version=version)


@reads(ListDatasetUses)
def list_dataset_uses(tx: Transaction, request: ListDatasetUses) -> ListDatasetUsesResponse:
    name, digest = _one(tx, request.name, request.digest)
    size, query = limit(request.max_results, DEFAULT_PAGE), fingerprint("dataset uses", name, digest)
    before = int(decode_token(request.page_token, query, 1)[0]) if request.page_token else datasets_uses.NEWEST
    found = datasets_uses.of_datasets(tx, datasets.row_ids(tx, name, digest), before, size + 1)
    token = encode_token(query, [found[size - 1][0]]) if len(found) > size else None
    return ListDatasetUsesResponse(uses=_uses(tx, found[:size]), next_page_token=token)


def _uses(tx: Transaction, rows: list[Row]) -> list[DatasetUse]:
    described = run_models(tx, [row_id for row_id, _ in rows])
    uses = []
    for row_id, tags_json in rows:
        tags = json.loads(tags_json)
        uses.append(
            DatasetUse(
                **described[row_id],
                contexts=sorted({given[CONTEXT] for given in tags if CONTEXT in given}),
                contracts=sorted({given[INPUT_TAG] for given in tags if INPUT_TAG in given}),
            )
        )
    return uses


def _one(tx: Transaction, name: str | None, digest: str | None) -> tuple[str, str]:
    """Name and whole digest of the version that is meant."""
    name, digest = required(name, "name"), required(digest, "digest")
    found = datasets.beginning(tx, name, digest, _AMBIGUOUS)
    if digest in found:
        return name, digest
    if not found:
        raise NotFound(f"no data set '{name[:100]}' with a digest that begins with '{digest[:100]}' was recorded here")
    if len(found) > 1:
        raise InvalidInput(
            f"'{digest[:100]}' begins several digests of '{name[:100]}' ({', '.join(found)}): give more of it"
        )
    return name, found[0]
