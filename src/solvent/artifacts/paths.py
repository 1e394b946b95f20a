"""The rules of relative artifact paths, the same near and far.

They are checked as they come and in every form that percent-decoding leads to, because a path may
be decoded again on its way.
"""

from __future__ import annotations

import re
from pathlib import PureWindowsPath
from urllib.parse import unquote, urlsplit

from solvent.errors import InvalidInput

MAX_PATH = 2048
"""Bytes of a whole path (UTF-8)."""
MAX_NAME = 255
"""Bytes of one name in it (UTF-8): what file systems take."""
UPLOAD_PREFIX = ".solvent-upload-"
"""Names of files that are still being written; they are neither listed nor given."""

PROXY_SCHEME = "mlflow-artifacts:"
"""Addresses of files that the tracking server, or the embedded store, keeps itself."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MOST_DECODINGS = 8


def file_path(path: str) -> str:
    """The path of a file or folder below the root, without a trailing slash.

    Raises:
        InvalidInput: it is empty, absolute, climbs, or holds what no name may hold.
    """
    checked = folder_path(path)
    if not checked:
        raise _refused(path, "it names the root itself")
    return checked


def folder_path(path: str) -> str:
    """Like ``file_path``, but may be the root: then it is empty."""
    relative = path.removesuffix("/") if path != "/" else path
    if relative in ("", "."):
        return ""
    _check_sizes(relative)
    form = relative
    for _ in range(_MOST_DECODINGS):
        _check_form(relative, form)
        decoded = unquote(form)
        if decoded == form:
            return relative
        form = decoded
    raise _refused(relative, "it is percent-encoded too many times")


def proxy_path(uri: str, server: str = "") -> str:
    """The path of an address like ``mlflow-artifacts:/1/<run>/artifacts`` below the proxy's root.

    Raises:
        InvalidInput: it names another server than ``server`` (host:port), or is no such address.
    """
    parts = urlsplit(uri)
    if f"{parts.scheme}:" != PROXY_SCHEME or parts.netloc.rpartition("@")[2] not in ("", server):
        raise InvalidInput(f"artifacts at '{uri}' are kept by another server: use that one's tracking URI")
    return folder_path(unquote(parts.path).removeprefix("/"))


def _check_sizes(path: str) -> None:
    try:
        encoded = path.encode("utf-8")
    except UnicodeEncodeError:
        raise _refused(path, "it is not valid Unicode") from None
    if len(encoded) > MAX_PATH:
        raise _refused(path, f"it is longer than {MAX_PATH} bytes")
    if any(len(name) > MAX_NAME for name in encoded.split(b"/")):
        raise _refused(path, f"a name in it is longer than {MAX_NAME} bytes")


def _check_form(path: str, form: str) -> None:
    names = form.split("/")
    if form.startswith("/") or PureWindowsPath(form).is_absolute():
        raise _refused(path, "it is absolute")
    if ".." in names:
        raise _refused(path, "it climbs with '..'")
    if "" in names or "." in names:
        raise _refused(path, "it holds an empty name or '.'")
    if "\\" in form or "#" in form or _CONTROL.search(form):
        raise _refused(path, "it holds a backslash, '#' or a control character")
    if any(name.startswith(UPLOAD_PREFIX) for name in names):
        raise _refused(path, f"names starting with '{UPLOAD_PREFIX}' are ours")


def _refused(path: str, reason: str) -> InvalidInput:
    shown = path if len(path) <= 100 else path[:100] + "..."
    return InvalidInput(
        f"Invalid path {shown!r}: {reason}; give a path relative to the artifact root, like 'model/data.csv'"
    )
