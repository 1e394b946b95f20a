"""A finished draft as a document of the Open Data Contract Standard."""

from __future__ import annotations

import re
from typing import Any

from solvent.data.contract.importers.draft import Draft
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.importers.spelling import property_of, schema_quality
from solvent.data.contract.model import EXTRA_COLUMNS

API_VERSION = "v3.1.0"
API_VERSION_OF_VECTORS = "v3.2.0"
FIRST_VERSION = "0.1.0"


def finished(draft: Draft) -> Imported:
    """The document, always of the status ``draft``. May find that more can't be carried over."""
    schema = []
    for table in draft.tables.values():
        properties = [property_of(column, table) for column in list(table.columns.values())]
        entry: dict[str, Any] = {"name": table.name, "logicalType": "object", **table.extra, "properties": properties}
        if table.extra_columns:
            entry["customProperties"] = [{"property": EXTRA_COLUMNS, "value": table.extra_columns}]
        if quality := schema_quality(table):
            entry["quality"] = quality
        schema.append(entry)
    newer = any(prop["logicalType"] in ("vector", "map") for entry in schema for prop in entry["properties"])
    document: dict[str, Any] = {
        "kind": "DataContract",
        "apiVersion": API_VERSION_OF_VECTORS if newer else API_VERSION,
        "id": slug(draft.name),
        "name": draft.name,
        "version": FIRST_VERSION,
        "status": "draft",
        "description": {"purpose": draft.description or f"Imported from {draft.source}; to be reviewed."},
        "schema": schema,
    }
    return Imported(document, draft.not_carried, draft.notes)


def slug(name: str) -> str:
    """
    >>> slug("Wine quality (2026)")
    'wine-quality-2026'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "contract"
