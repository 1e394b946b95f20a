"""Where records are meant to go: a tracking URI in a form that can be written down.

A destination holds no credentials and does not depend on the working folder, so that another
process can deliver what is addressed to it.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

from solvent.errors import InvalidInput
from solvent.settings import home, tracking_uri

_SCHEMES = ("http", "https", "sqlite", "file")


def check_uri(uri: str) -> str:
    """A tracking URI of a kind that we know."""
    scheme = uri.partition("://")[0] if "://" in uri else ""
    if (scheme and scheme not in _SCHEMES) or uri == "databricks":
        raise InvalidInput(
            f"the tracking URI '{destination(uri)}' can't be used: expected a folder, a .db file, sqlite:///path.db "
            "or http(s)://host:port"
        )
    return uri


def destination(uri: str | None) -> str:
    """The absolute, credential-free form of a tracking URI; None is the embedded default.

    In a child of ``solvent run`` the tracking URI is a server that lives as long as the run:
    ``SOLVENT_TRACKING_STORE`` names the store behind it, which outlives both.
    """
    store = os.environ.get("SOLVENT_TRACKING_STORE")
    if store and uri == os.environ.get("SOLVENT_TRACKING_URI"):
        uri = store
    if not uri:
        return str(home())
    if "://" not in uri:
        return os.path.abspath(os.path.expanduser(uri))  # noqa: PTH100, PTH111 - '..' is folded
    parts = urlsplit(uri)
    if parts.scheme == "sqlite":
        return "sqlite:///" + os.path.abspath(parts.path[1:])  # noqa: PTH100
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host)).rstrip("/")


def is_server(uri: str) -> bool:
    return uri.startswith(("http://", "https://"))


def with_credentials(address: str) -> str:
    """The address as the environment spells it, if it means the same place: it may hold the credentials."""
    given = tracking_uri()
    return given if given and destination(given) == address else address
