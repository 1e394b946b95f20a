"""Where this process's spool lies: in the home folder, or where there is room for it if that can't be written."""

from __future__ import annotations

from pathlib import Path

from solvent.client.destination import is_server
from solvent.client.say import say
from solvent.client.spool.errors import SpoolReadOnly
from solvent.client.spool.spool import Spool, spool_folder
from solvent.settings import cache_folder, home

_DATABASE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
_told: set[Path] = set()


def places(address: str) -> list[Path]:
    """The folders whose ``spool/`` may hold records for a destination, best first.

    That is the home folder, the folder of the store if it is a local one, and the user's cache.
    """
    found = [home()]
    if not is_server(address):
        store = Path(address.removeprefix("sqlite:///").removeprefix("file://"))
        is_file = store.is_file() or (store.suffix in _DATABASE_SUFFIXES and not store.is_dir())
        found.append(store.parent if is_file else store)
    return list(dict.fromkeys([*found, cache_folder()]))


def open_spool(address: str) -> Spool:
    """A new spool for a destination, in the best place that can be written.

    Raises:
        SpoolReadOnly: there is none; or the home can't be written and is the destination itself.
    """
    refused: SpoolReadOnly | None = None
    for place in places(address):
        try:
            spool = Spool(spool_folder(place), address)
        except SpoolReadOnly as error:
            refused = refused or error
            if address == str(place):  # what is delivered there could not be written either
                break
        else:
            if refused is not None and place not in _told:
                _told.add(place)
                say(f"{home()} can't be written: what is logged waits for its delivery in {spool.path.parent}")
            return spool
    assert refused is not None
    if address == str(home()):
        raise SpoolReadOnly(f"runs are kept in {address} by default: {refused}, or SOLVENT_TRACKING_URI to a server")
    raise refused from None
