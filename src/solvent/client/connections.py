"""The backends this process talks to, one per destination, made when they are first needed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from solvent.client.destination import with_credentials

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend

_given: dict[str, str] = {}
_open: dict[str, Backend] = {}
_lock = threading.Lock()


def remember(address: str, uri: str) -> None:
    """Reach ``address`` by the URI that was given for it: it may hold the credentials."""
    with _lock:
        if _given.get(address, address) != uri:
            _open.pop(address, None)  # it was opened with other credentials, or none
        _given[address] = uri


def backend_of(address: str) -> Backend:
    """The backend of a destination."""
    with _lock:
        if address not in _open:
            from solvent.backend.resolve import connect

            _open[address] = connect(_given.get(address) or with_credentials(address))
        return _open[address]


def close_all() -> None:
    """Close what is open; it is opened again if it is needed again."""
    with _lock:
        for backend in _open.values():
            backend.close()
        _open.clear()


def forget_all() -> None:
    """In a forked child: connections can't be shared with the parent, and only the parent may close them."""
    global _lock
    _lock = threading.Lock()
    _kept_from_closing.append(dict(_open))
    _open.clear()


_kept_from_closing: list[dict[str, Backend]] = []
