"""Settings of the store."""

from __future__ import annotations

import os

from solvent.errors import InvalidInput


def synchronous() -> str:
    """SQLite's ``synchronous`` mode, from ``SOLVENT_STORE_SYNCHRONOUS``.

    FULL (the default): what was answered survives a power cut. NORMAL: it survives the death of the
    process, and a power cut may take the last moments; each commit is several times cheaper.
    """
    value = os.environ.get("SOLVENT_STORE_SYNCHRONOUS") or "FULL"
    if value.upper() not in {"FULL", "NORMAL"}:
        raise InvalidInput(f"SOLVENT_STORE_SYNCHRONOUS is '{value}': it must be FULL or NORMAL")
    return value.upper()
