"""What a fingerprint is."""

from __future__ import annotations

from typing import Literal

import msgspec

SHORT = 32
"""Hex digits of a digest as data sets carry it: 128 bits; MLflow's records hold at most 36 characters."""


class Fingerprint(msgspec.Struct, frozen=True):
    """``digest`` is 64 hex digits of SHA-256; ``size`` in bytes, of a frame as it lies in memory (None: not known)."""

    kind: Literal["file", "folder", "frame", "array"]
    digest: str
    size: int | None = None
    files: int = 0

    @property
    def short(self) -> str:
        return self.digest[:SHORT]
