"""Bytes of files over HTTP: whole or in part, never whole in memory, never holding the loop."""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote

from solvent.artifacts.local import CHUNK, LocalArtifacts
from solvent.server.asgi import (
    NOSNIFF,
    ClientGone,
    Header,
    Receive,
    Scope,
    Send,
    answer,
    check_length,
    disconnected,
    header,
    too_large,
)
from solvent.server.engine import Engine
from solvent.server.errors import BrokenAnswer

_INERT_TYPES = frozenset(
    {"application/json", "application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp"}
    | {"text/csv", "text/markdown", "text/plain"}
)
"""Types that a browser shows without running anything; all others are only for saving."""
_RANGE = re.compile(rb"bytes=(\d*)-(\d*)")
_LONGEST_POSITION = 19


async def send_file(
    engine: Engine, files: LocalArtifacts, path: str, scope: Scope, receive: Receive, send: Send
) -> None:
    """The file as an attachment, or the part of it that a ``Range`` asks for.

    Several ranges at once, and ranges with conditions, are answered with the whole file, as HTTP allows.
    """
    size = await engine.in_thread(files.size, path)
    headers = _file_headers(path)
    asked = None if header(scope, b"if-range") else _range(header(scope, b"range"), size)
    start, end = asked or (0, size)
    if asked and start >= end:
        await answer(send, 416, b"", (*headers, (b"content-range", b"bytes */%d" % size)))
        return
    if asked:
        headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, size)))
    headers.append((b"content-length", b"%d" % (end - start)))
    await send({"type": "http.response.start", "status": 206 if asked else 200, "headers": headers})
    if scope["method"] != "HEAD":
        await _send_chunks(engine, files.read(path, start, end), receive, send)
    await send({"type": "http.response.body", "body": b""})


async def receive_file(
    engine: Engine, files: LocalArtifacts, path: str, scope: Scope, receive: Receive, limit: int | None = None
) -> int:
    """Keep the request's body as a file; its size. A broken-off upload leaves nothing behind."""
    if limit is not None:
        check_length(scope, limit)
    upload = await engine.in_thread(files.upload, path)
    try:
        size, pending = 0, bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            pending += message.get("body", b"")
            more = message.get("more_body", False)
            if limit is not None and size + len(pending) > limit:
                raise too_large(limit)
            if len(pending) >= CHUNK or not more:
                size += len(pending)
                await engine.in_thread(upload.write, pending)
                pending = bytearray()
        return await engine.in_thread(upload.finish)
    except BaseException:
        upload.abandon()
        raise


async def _send_chunks(engine: Engine, chunks: Iterator[bytes], receive: Receive, send: Send) -> None:
    gone = asyncio.ensure_future(disconnected(receive))
    try:
        while not gone.done() and (chunk := await engine.in_thread(next, chunks, b"")):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except Exception as error:
        raise BrokenAnswer("a file could not be read to its end") from error
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        chunks.close()  # type: ignore[attr-defined]
    if gone.done() and not gone.cancelled():
        raise ClientGone


def _range(value: bytes | None, size: int) -> tuple[int, int] | None:
    """Start and end (without) of a single range, or None if there is no such."""
    matched = _RANGE.fullmatch(value.strip()) if value else None
    if not matched or max(map(len, matched.groups())) > _LONGEST_POSITION:
        return None
    first, last = matched[1], matched[2]
    if first:
        end = min(int(last) + 1, size) if last else size
        return (int(first), end) if not last or int(last) >= int(first) else None
    return (max(size - int(last), 0), size) if last else None


def _file_headers(path: str) -> list[Header]:
    name = path.rpartition("/")[2]
    kind = mimetypes.guess_type(name)[0]
    safe = kind if kind in _INERT_TYPES else "application/octet-stream"
    return [
        (b"content-type", (safe + "; charset=utf-8" if safe.startswith("text/") else safe).encode("ascii")),
        (b"content-disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}".encode("ascii")),
        (b"content-security-policy", b"sandbox; default-src 'none'"),
        (b"accept-ranges", b"bytes"),
        (b"cache-control", b"private, no-cache"),
        NOSNIFF,
    ]
