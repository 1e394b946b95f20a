"""The text of source addresses: taken apart without being fooled by encodings, tails and ways out."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import SplitResult, unquote, unquote_plus, urlsplit

from solvent.errors import InvalidInput

MAX_ENCODINGS = 8
_LOCAL_HOSTS = {"", "localhost", "127.0.0.1"}
_ARTIFACT_ROUTE = ["api", "2.0", "mlflow-artifacts", "artifacts"]


def split(uri: str) -> SplitResult:
    """The parts of an address.

    Raises:
        InvalidInput: it is none, or percent-encoded more often than anybody needs.
    """
    plain = uri
    for _ in range(MAX_ENCODINGS):
        plain, before = unquote_plus(plain), plain
        if plain == before:
            break
    else:
        raise InvalidInput(f"Invalid model version source: '{uri}' is encoded more than {MAX_ENCODINGS} times")
    try:
        return urlsplit(uri)
    except ValueError as error:
        raise InvalidInput(f"Invalid model version source: '{uri}' is no address: {error}") from None


def scheme_of(uri: str) -> str:
    """The scheme in small letters; empty for a plain path."""
    return split(uri).scheme.lower()


def is_local(uri: str) -> bool:
    return scheme_of(uri) in ("", "file")


def is_plain(uri: str) -> bool:
    """Whether an address is absolute and has no way out in it (``..``, encoded or not).

    >>> is_plain("s3://bucket/models/1"), is_plain("s3://bucket/%252e%252e/x"), is_plain("s3://bucket")
    (True, False, False)
    """
    plain = unquoted(uri)
    if _has_control(plain) or ".." in re.split(r"[/\\?#]", plain):
        return False
    path = re.sub("/+", "/", split(plain).path.rstrip("/"))
    return path.startswith("/") and posixpath.normpath(path) == path


def is_within(source: str, root: str) -> bool:
    """Whether an address lies in or under another, compared part by part.

    >>> is_within("mlflow-artifacts:/1/run/artifacts/m", "mlflow-artifacts:/1/run/artifacts")
    True
    >>> is_within("mlflow-artifacts:/1/run/artifacts-of-another", "mlflow-artifacts:/1/run/artifacts")
    False
    """
    inner, outer = _parts(source), _parts(root)
    return not has_tail(source) and len(outer) > 2 and inner[: len(outer)] == outer


def is_served_here(uri: str) -> bool:
    """Whether an address means artifacts that a tracking server serves."""
    scheme, _, *path = _parts(uri)
    if scheme == "mlflow-artifacts":
        return True
    size = len(_ARTIFACT_ROUTE)
    return scheme in ("http", "https") and any(
        path[start : start + size] == _ARTIFACT_ROUTE for start in range(len(path) - size + 1)
    )


def local_path(uri: str) -> Path | None:
    """The path of a local address; None if it is on another host, not absolute, or has a way out in it."""
    path = uri
    if scheme_of(uri) == "file":
        parts = split(uri)
        if parts.netloc.lower() not in _LOCAL_HOSTS:
            return None
        path = unquote(parts.path)
    plain = unquoted(uri)
    if not path.startswith("/") or has_tail(uri) or _has_control(plain) or ".." in re.split(r"[/\\]", plain):
        return None
    return Path(path)


def has_tail(uri: str) -> bool:
    """Whether what follows the path (``?``, ``#``) could hide a part of it."""
    return any(mark in unquoted(uri) for mark in "?#")


def unquoted(text: str) -> str:
    """With the percent encodings undone, as often as they were applied (``split`` knows the limit)."""
    for _ in range(MAX_ENCODINGS):
        text = unquote_plus(text)
    return text


def _parts(uri: str) -> list[str]:
    parsed = split(uri)
    path = [unquoted(part) for part in parsed.path.split("/") if part]
    return [parsed.scheme.lower(), parsed.netloc.lower(), *path]


def _has_control(text: str) -> bool:
    return any(ord(character) < 32 or ord(character) == 127 for character in text)
