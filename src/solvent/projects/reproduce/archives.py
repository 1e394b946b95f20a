"""What a zip holds, as one digest that passes over what differs each time it is written: times, and skops' addresses."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import IO, Any

_SCHEMA = "schema.json"
_LONGEST_SCHEMA = 64 * 1024 * 1024


def contents_digest(file: IO[bytes]) -> str:
    """A digest of names, checksums and sizes of a zip's files, in order of their names; '' if it is no zip.

    skops names a model's arrays by their addresses in memory, which are others each time: there it is of the model's
    schema, with each array's checksum in the place of its name.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = {each.filename: each for each in archive.infolist()}
            contents: Any = _model(archive, members)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, RecursionError):
        return ""
    if contents is None:
        contents = sorted((name, each.CRC, each.file_size) for name, each in members.items())
    return hashlib.sha256(repr(contents).encode()).hexdigest()


def _model(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> Any:
    """A skops model without the names of its files and the numbers of its objects; None if it is none."""
    schema = members.get(_SCHEMA)
    if schema is None or schema.file_size > _LONGEST_SCHEMA:
        return None
    with archive.open(schema) as file:
        tree = json.loads(file.read(_LONGEST_SCHEMA))
    if not isinstance(tree, dict) or "_skops_version" not in tree:
        return None
    others = sorted((each.CRC, each.file_size) for name, each in members.items() if name != _SCHEMA)
    return _Renaming(members).of(tree), others


class _Renaming:
    def __init__(self, members: dict[str, zipfile.ZipInfo]) -> None:
        self._members = members
        self._numbers: dict[int, int] = {}

    def of(self, node: Any) -> Any:
        """The node, its parts in order of their names."""
        if isinstance(node, dict):
            return [(key, self._value(key, value)) for key, value in sorted(node.items())]
        return [self.of(one) for one in node] if isinstance(node, list) else node

    def _value(self, key: str, value: Any) -> Any:
        if key == "file" and isinstance(value, str) and value in self._members:
            return self._members[value].CRC, self._members[value].file_size
        if key == "__id__" and isinstance(value, int):  # which objects are the same one counts, not where they lie
            return self._numbers.setdefault(value, len(self._numbers))
        return self.of(value)
