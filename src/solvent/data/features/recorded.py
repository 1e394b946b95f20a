"""Reading what a run has on record of its features."""

from __future__ import annotations

import msgspec

from solvent.data.features.errors import InvalidFeatures
from solvent.data.features.model import Feature
from solvent.data.features.record import FILE, VERSION

MAX_BYTES = 16_000_000


class _Entry(msgspec.Struct):
    name: str
    description: str
    owner: str
    inputs: tuple[str, ...] | None
    outputs: tuple[str, ...]
    version: str
    symbol: str
    file: str
    line: int | None
    source: str | None


class _Document(msgspec.Struct):
    version: int
    features: list[_Entry]


class _Versioned(msgspec.Struct):
    version: int


def recorded_features(content: bytes) -> list[Feature]:
    """The features of a ``solvent/features.json``.

    Raises:
        InvalidFeatures: it is damaged, or of a newer version.
    """
    try:
        newest = msgspec.json.decode(content, type=_Versioned).version
        if newest > VERSION:
            raise InvalidFeatures(f"{FILE} has version {newest}, and this Solvent reads {VERSION}: upgrade it")
        entries = msgspec.json.decode(content, type=_Document).features
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise InvalidFeatures(f"{FILE} of the run is damaged: {error}") from error
    return [
        Feature(
            name=each.name,
            description=each.description,
            owner=each.owner,
            inputs=each.inputs,
            outputs=each.outputs,
            version=each.version,
            file=each.file,
            line=each.line or 0,
            symbol=each.symbol,
            source=each.source or "",
        )
        for each in entries
    ]
