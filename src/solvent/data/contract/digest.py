"""The digest of a document's meaning: the same whatever its layout, order of keys, comments or quotes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(document: Mapping[str, Any]) -> str:
    """sha256 of the canonical JSON: keys sorted, no spaces, 1.0 the same as 1.

    >>> digest_of({"a": 1, "b": [1.0]}) == digest_of({"b": [1], "a": 1.0})
    True
    """
    text = json.dumps(_canonical(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
