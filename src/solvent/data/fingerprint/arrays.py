"""Fingerprints of NumPy arrays: shape, type and values, whatever their layout in memory."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from solvent.data.fingerprint.frames.values import encode
from solvent.data.fingerprint.model import Fingerprint


def of_array(array: Any) -> Fingerprint:
    """The fingerprint of an array, or of what has its ``shape``, ``dtype`` and ``tobytes``.

    Raises:
        UnreadableData: it holds objects of which nothing is known.
    """
    kind = array.dtype.newbyteorder("<") if hasattr(array.dtype, "newbyteorder") else array.dtype
    whole = hashlib.sha256(msgspec.json.encode(["solvent array 1", list(array.shape), str(kind)]))
    if str(kind) == "object":  # its bytes are addresses
        whole.update(encode(array.ravel().tolist(), "array"))
    else:
        whole.update((array.astype(kind) if kind != array.dtype else array).tobytes())
    return Fingerprint("array", whole.hexdigest(), int(getattr(array, "nbytes", 0)) or None)
