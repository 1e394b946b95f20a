"""Downloading one file over http(s), as it comes, within a bound."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from solvent.http import CHUNK, CONNECT_SECONDS
from solvent.projects.errors import SourceFailed
from solvent.projects.source.shown import shown

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

_READ_SECONDS = 60.0
_REDIRECTS = 5


def download(url: str, target: Path, *, limit: int | None = None) -> str:
    """Keep what ``url`` answers as ``target``; its SHA-256.

    Args:
        limit: the most bytes that are taken.

    Raises:
        SourceFailed: it can't be had, or is larger.
    """
    from urllib3.exceptions import HTTPError

    digest, size = hashlib.sha256(), 0
    try:
        with _open(url) as response, target.open("wb") as file:
            for chunk in response.stream(CHUNK, decode_content=True):
                size += len(chunk)
                if limit is not None and size > limit:
                    raise SourceFailed(f"{shown(url)} is larger than {limit:,} bytes: nothing of it was kept")
                digest.update(chunk)
                file.write(chunk)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, HTTPError):
            raise SourceFailed(f"{shown(url)} can't be downloaded ({_cause(error)}): check the address") from error
        if isinstance(error, OSError):
            raise SourceFailed(f"{target} can't be written ({error.strerror}): free some space") from error
        raise
    return digest.hexdigest()


def file_name(url: str) -> str:
    """The last name of an address' path, fit for a file."""
    name = unquote(urlsplit(url).path.rstrip("/")).rpartition("/")[2]
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in '/\\"').strip(" .")
    return kept[:200] or "download"


def _open(url: str) -> BaseHTTPResponse:
    from urllib3 import Retry, Timeout
    from urllib3.util import make_headers

    parts = urlsplit(url)
    headers = {"User-Agent": "solvent-client"}
    if parts.username:
        headers |= make_headers(basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}")
    address = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
    response = _pool(address).request(
        "GET",
        address,
        headers=headers,
        timeout=Timeout(connect=CONNECT_SECONDS, read=_READ_SECONDS),
        retries=Retry(_REDIRECTS, connect=2, read=0, status=0, redirect=_REDIRECTS, backoff_factor=0.1),
        preload_content=False,
    )
    if response.status != 200:
        response.close()
        raise SourceFailed(f"{shown(url)} answered HTTP {response.status}: check the address and your access to it")
    if parts.scheme == "https" and (response.geturl() or "").startswith("http:"):
        response.close()
        raise SourceFailed(f"{shown(url)} leads to an address without encryption: name that address, if you trust it")
    return response


def _pool(address: str) -> PoolManager:
    """Connections by the proxy that the environment names, if it names one."""
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    parts = urlsplit(address)
    proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    return urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()


def _cause(error: Exception) -> str:
    from urllib3.exceptions import MaxRetryError

    reason = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    return str(reason.__cause__ or reason).rpartition(": ")[2]
