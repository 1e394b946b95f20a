"""Artifacts behind a server's proxy (``mlflow-artifacts``), streamed in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import msgspec

from solvent.artifacts.paths import file_path, folder_path
from solvent.artifacts.source import open_source
from solvent.errors import NotFound
from solvent.http import HttpSession
from solvent.wire.artifacts import FileInfo, ListProxiedArtifactsResponse

CHUNK = 1 << 20
"""Bytes that are sent or read at once."""
_PROXY = "/api/2.0/mlflow-artifacts/artifacts"


class HttpArtifacts:
    """The files below ``root``, a path of the server's artifact proxy."""

    def __init__(self, session: HttpSession, root: str) -> None:
        self.session = session
        self.root = folder_path(root)

    def list(self, path: str) -> list[FileInfo]:
        folder = folder_path(path)
        whole = "/".join(filter(None, (self.root, folder)))
        answer = self.session.json("GET", _PROXY, query={"path": whole})
        try:
            files = msgspec.json.decode(answer, type=ListProxiedArtifactsResponse, strict=False).files
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.session.foreign("the listing of artifacts with something else") from error
        prefix = f"{folder}/" if folder else ""
        for info in files:
            if "/" in info.path or info.path in ("", ".", ".."):
                raise self.session.foreign(f"with an artifact named '{info.path}'")
            info.path = prefix + info.path
        return sorted(files, key=lambda info: info.path)

    def read(self, path: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        address = self._address(path)
        if end is not None and end <= start:
            self.size(path)
            return iter(())
        headers = {}
        if start or end is not None:
            headers["Range"] = f"bytes={start}-{'' if end is None else end - 1}"
        return self.session.stream(address, headers, start, None if end is None else end - start)

    def size(self, path: str) -> int:
        parent, _, name = file_path(path).rpartition("/")
        for info in self.list(parent):
            if info.path.rpartition("/")[2] == name and not info.is_dir:
                return info.file_size or 0
        raise NotFound(f"No such artifact: '{path}'")

    def write(self, path: str, source: BinaryIO) -> int:
        sent = 0

        def chunks() -> Iterator[bytes]:
            nonlocal sent
            while chunk := source.read(CHUNK):
                sent += len(chunk)
                yield chunk

        headers = {"Content-Type": "application/octet-stream"}
        self.session.send("PUT", self._address(path), body=chunks(), headers=headers)
        return sent

    def write_file(self, path: str, file: Path) -> int:
        with open_source(file) as source:
            return self.write(path, source)

    def delete(self, path: str) -> None:
        self.session.send("DELETE", self._address(path))

    def _address(self, path: str) -> str:
        return f"{_PROXY}/{quote('/'.join(filter(None, (self.root, file_path(path)))))}"
