"""The page: the built files of ``solvent/web``, kept in memory with their compressed form."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from solvent.errors import EndpointNotFound
from solvent.server.asgi import NOSNIFF, Header, Receive, Scope, Send, answer, header

_CONTENT_POLICY = (
    b"default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)
_PAGE_HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", _CONTENT_POLICY),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"vary", b"accept-encoding"),
    NOSNIFF,
)
_NOT_BUILT = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Solvent</title></head>
<body><h1>Solvent</h1>
<p>The API works here; the page has not been built in this installation.
Build it with <code>pip install .</code> in a checkout, or install a released wheel.</p></body></html>
"""
_COMPRESSED = (".html", ".js", ".css", ".svg", ".json", ".map", ".txt")


class _File(NamedTuple):
    content: bytes
    compressed: bytes | None
    kind: bytes
    tag: bytes
    lasting: bool


class Page:
    """Serves the files below ``folder``; paths that are no file are the page's own and lead to its index."""

    def __init__(self, folder: Path) -> None:
        self._files = _read(folder)
        self._index = self._files.get("/index.html") or _file("index.html", _NOT_BUILT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._files.get(scope["path"]) or self._own(scope)
        headers = [*_PAGE_HEADERS, (b"content-type", found.kind), (b"etag", found.tag), _caching(found)]
        if header(scope, b"if-none-match") == found.tag:
            await answer(send, 304, b"", headers)
            return
        content = found.content
        if found.compressed and b"gzip" in (header(scope, b"accept-encoding") or b""):
            content = found.compressed
            headers.append((b"content-encoding", b"gzip"))
        await answer(send, 200, content, headers)

    def _own(self, scope: Scope) -> _File:
        path: str = scope["path"]
        wants_page = b"text/html" in (header(scope, b"accept") or b"text/html")
        is_api = path.startswith(("/api/", "/ajax-api/"))
        if path == "/" or (wants_page and not is_api and "." not in path.rpartition("/")[2]):
            return self._index
        raise EndpointNotFound(f"No endpoint answers GET {path[:200]}: check the path, and the client's version")


def built_page() -> Path:
    """The folder of the built page; it may be absent."""
    return Path(str(resources.files("solvent"))) / "web"


def _read(folder: Path) -> dict[str, _File]:
    if not folder.is_dir():
        return {}
    return {
        f"/{path.relative_to(folder).as_posix()}": _file(path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _file(name: str, content: bytes) -> _File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return _File(
        content=content,
        compressed=gzip.compress(content, mtime=0) if name.endswith(_COMPRESSED) else None,
        kind=kind.encode("ascii"),
        tag=b'"' + hashlib.sha256(content).hexdigest()[:24].encode("ascii") + b'"',
        lasting=name.startswith("assets/"),
    )


def _caching(found: _File) -> Header:
    """Names in ``assets/`` hold a hash of their content, so they never change."""
    return (b"cache-control", b"public, max-age=31536000, immutable" if found.lasting else b"no-cache")
